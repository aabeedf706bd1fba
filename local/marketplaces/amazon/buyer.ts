import { createRandom } from "../kit/random.ts";
import { trackingOf } from "./lifecycle.ts";
import type { AmazonReturn } from "./model.ts";
import type { Platform } from "./platform.ts";

type Goods = readonly [sku: string, title: string];
const goods: readonly [Goods, ...Goods[]] = [
  ["KETTLE-BLK", "Electric kettle 1.7 l, black"],
  ["LAMP-01", 'Desk lamp, 12" arm'],
  ["MUG-SET", "Mug set of 4"],
  ["TRAY-GRÜN", "Holztablett, grün"],
];

export interface Application {
  shopId: string;
  plan: string;
  seed: number;
  isInPolicy?: boolean;
  reason?: string;
  resolution?: string;
  /** A return of External Fulfillment, which the report shows as well or does not. */
  external?: "in_report" | "alone";
}

/** A buyer asks to return one line of an order that came a while ago. Everything about it follows from the seed. */
export function ask(platform: Platform, application: Application): AmazonReturn {
  const {
    shopId,
    plan,
    seed,
    isInPolicy = true,
    reason = "CR-UNWANTED_ITEM",
    resolution = "StandardRefund",
    external,
  } = application;
  if (!platform.shops.has(shopId)) throw new Error(`no shop ${shopId}`);
  const random = createRandom(seed, shopId, plan, "amazon return");
  const orderId = `111-${random.digits(7)}-${random.digits(7)}`;
  const rmaId = `D${random.digits(8)}RRMA`;
  const [sku, title] = random.pick(goods);
  const quantity = random.int(1, 2);
  const unitMinor = random.int(1200, 9900);
  const now = platform.nowMs();
  const return_: AmazonReturn = {
    key: `${orderId}/${rmaId}`,
    ...{ shopId, plan, seed, orderId, rmaId, sku, title, quantity, isInPolicy, reason, resolution },
    itemId: random.digits(14),
    asin: `B${random.digits(9)}`,
    principalMinor: unitMinor * quantity,
    taxMinor: platform.currencyOf(shopId) === "USD" ? Math.round(unitMinor * quantity * 0.08) : 0,
    freightMinor: random.pick([0, 499]),
    orderedMs: now - random.int(8, 20) * 86_400_000,
    requestedMs: now,
    // What the policy covers is agreed to by Amazon at once.
    status: isInPolicy ? "Approved" : "PendingApproval",
    claim: "none",
    refunds: [],
    missedDeadlines: 0,
    stepsTaken: [],
    ...(external && { external: externalOf(random.digits(12), external, now) }),
  };
  if (isInPolicy) return_.trackingId = trackingOf(return_);
  platform.saveReturn(return_);
  return return_;
}

function externalOf(returnId: string, external: "in_report" | "alone", now: number): AmazonReturn["external"] {
  return { returnId, inReport: external === "in_report", status: "CREATED", updatedMs: now };
}
