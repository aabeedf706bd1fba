import type { HttpRequest } from "#connectors/contract.ts";
import { type Amazon, createAmazon } from "../../local/marketplaces/amazon/index.ts";
import type { Marketplace } from "../../local/marketplaces/contract.ts";
import { createDouyin, type Douyin } from "../../local/marketplaces/douyin/index.ts";
import { createJd, type Jd } from "../../local/marketplaces/jd/index.ts";
import type { ManualClock } from "../../local/marketplaces/kit/manual-clock.ts";
import { createRandom } from "../../local/marketplaces/kit/random.ts";
import { createRefund } from "../../local/marketplaces/shopify/acts/refund.ts";
import { approveReturn } from "../../local/marketplaces/shopify/acts/returns.ts";
import { createShopify, type ShopifyMarketplace } from "../../local/marketplaces/shopify/index.ts";
import { askForReturn, firstReturn, inspect, processAndPay } from "../../local/marketplaces/shopify/plans/moves.ts";
import { createTaobao, type Taobao } from "../../local/marketplaces/taobao/index.ts";

interface Place {
  shopId: string;
  seed: number;
  /** One of the shop's return addresses. */
  addressId: string;
}

/** A way in which a connector can be asked to pay, with what a buyer and the platform's staff do around it. */
export interface MoneyAction<Market extends Marketplace = Marketplace> {
  name: string;
  create(clock: ManualClock): Market;
  credentials?: Record<string, unknown>;
  /** The one request that pays. */
  isWrite(request: HttpRequest): boolean;
  /** Brings a new case to where a person may agree to the refund. Returns the channel's id of it. */
  open(market: Market, place: Place): string | Promise<string>;
  /** The buyer changes the case, so that what was decided is stale. Left out where no change is possible any more. */
  change?(market: Market, id: string): void;
  /** The platform's robot, or the merchant's staff in its console, pays first; and until the channel shows that. */
  payFirst(market: Market, id: string): void;
  showsAfterMs?: number;
  /** The feed that brings cases, where the channel cannot be asked for one that is not held. */
  byFeed?: string;
  /** How long the case takes to come to where it may be paid. */
  opensForMs?: number;
  /** The case under which the channel books the payment, where that is another one. */
  successor?(market: Market, id: string): string | undefined;
}

const form = ({ body }: HttpRequest) => new URLSearchParams(typeof body === "string" ? body : "");
const isOperate = ({ url }: HttpRequest) => new URL(url).pathname === "/afterSale/operate";

function ofDouyin(
  name: string,
  type: number,
  code: number,
  toRefund?: (market: Douyin, id: string, place: Place) => void,
): MoneyAction<Douyin> {
  return {
    name: `douyin, ${name}`,
    create: (clock) => createDouyin({ clock }),
    isWrite: isOperate,
    open(market, place) {
      const { shopId, seed } = place;
      const { id } = market.apply({ shopId, type, seed, reasonCode: 1, quantity: 1 });
      toRefund?.(market, id, place);
      return id;
    },
    ...(toRefund
      ? { change: (market: Douyin, id: string) => market.act(id, "appeal") }
      : { change: (market: Douyin, id: string) => market.act(id, "edit", { refundAmount: 100 }) }),
    payFirst: (market, id) => market.act(id, "staff", { type: code }),
  };
}

function ofTaobao(
  name: string,
  kind: "refund" | "return",
  toRefund?: (market: Taobao, id: string) => void,
): MoneyAction<Taobao> {
  return {
    name: `taobao, ${name}`,
    create: (clock) => createTaobao({ clock }),
    isWrite: (request) => (form(request).get("method") ?? "").endsWith("rp.refunds.agree"),
    open(market, { shopId, seed }) {
      const { id } = market.apply({ shopId, kind, seed, num: 1 });
      toRefund?.(market, id);
      return id;
    },
    change: (market, id) => (toRefund ? market.act(id, "complain") : market.act(id, "edit", { refundFee: 100 })),
    payFirst: (market, id) => market.act(id, "staff-refunds"),
  };
}

const ofJd = (method: string) => (request: HttpRequest) =>
  form(request).get("method") === method || new URL(request.url).searchParams.get("method") === method;

const shopifyOrder = (market: ShopifyMarketplace, id: string) => {
  const order = market
    .orders()
    .find((each) => [...each.returns, ...each.refunds].some((one) => id.endsWith(`/${one.id}`)));
  if (!order) throw new Error(`no order of ${id}`);
  return order;
};
const isMutation = ({ body }: HttpRequest) => typeof body === "string" && /"query":"\s*mutation/.test(body);

const shopifyReturn: MoneyAction<ShopifyMarketplace> = {
  name: "shopify, a return that came back",
  create: (clock) => createShopify({ clock }),
  isWrite: isMutation,
  open(market, { shopId, seed }) {
    const order = market.openOrder({ shopId, seed, wish: { quantities: [1], refundBehaviour: "instant" } });
    const id = market.play("buyer", (turn) => askForReturn(turn, order, createRandom(seed)));
    market.play("staff", (turn) => approveReturn(turn, order, firstReturn(order)));
    market.play("staff", (turn) => inspect(turn, order));
    return id;
  },
  payFirst: (market, id) => market.play("staff", (turn) => processAndPay(turn, shopifyOrder(market, id))),
};

const shopifyAgain: MoneyAction<ShopifyMarketplace> = {
  name: "shopify, a refund that failed",
  create: (clock) => createShopify({ clock }),
  isWrite: isMutation,
  open(market, { shopId, seed }) {
    const order = market.openOrder({
      shopId,
      seed,
      wish: { quantities: [1], refundBehaviour: "fails_once", isShipped: false },
    });
    payOrder(market, order);
    return `Refund/${order.refunds[0]?.id}`;
  },
  payFirst: (market, id) => payOrder(market, shopifyOrder(market, id)),
  opensForMs: 3 * 3_600_000,
  successor(market, id) {
    const [, later] = shopifyOrder(market, id).refunds;
    return later && `Refund/${later.id}`;
  },
};

function payOrder(market: ShopifyMarketplace, order: ReturnType<typeof shopifyOrder>): void {
  const sale = order.transactions.find(({ kind }) => kind === "SALE");
  if (!sale) throw new Error("the order has not been paid");
  market.play("staff", (turn) => {
    const amount = (sale.amountMinor / 100).toFixed(2);
    const transactions = [{ kind: "REFUND", amount, parentId: sale.id, gateway: sale.gateway }];
    const made = createRefund(turn, order, {
      lines: [],
      shippingMinor: 0,
      transactions,
      currency: order.presentmentCurrency,
    });
    if ("errors" in made) throw new Error(JSON.stringify(made.errors));
  });
}

const jdCancel: MoneyAction<Jd> = {
  name: "jd, a cancellation before shipment",
  create: (clock) => createJd({ clock }),
  isWrite: ofJd("jingdong.pop.afs.soa.refundapply.replyRefund"),
  open: (market, { shopId, seed }) => market.applyForRefund({ shopId, plan: "matrix", seed, isShipped: false }).key,
  change: (market, id) => market.act(id, "withdraw"),
  payFirst: (market, id) => market.act(id, "staff-reply", { status: 1 }),
};

const jdReturn: MoneyAction<Jd> = {
  name: "jd, a return that came back",
  create: (clock) => createJd({ clock }),
  credentials: { switches: { readOrders: true, refundByApi: true } },
  isWrite: ofJd("jingdong.pop.afs.soa.afsRefundApply"),
  open(market, { shopId, seed }) {
    const [ticket] = market.applyForService({ shopId, plan: "matrix", seed, expect: 10 });
    market.act(ticket.key, "force", { status: 10005 });
    market.act(ticket.key, "staff-register");
    return ticket.key;
  },
  change: (market, id) => market.act(id, "force", {}),
  payFirst: (market, id) => market.act(id, "staff-refund"),
  // Until then no reading can tell, and the call has neither a version nor an idempotency key: see the connector's README.
  showsAfterMs: 120_000,
};

const amazonReturn: MoneyAction<Amazon> = {
  name: "amazon, a return that came back",
  // Finances lag by hours, and the rows watch three: here they show what was posted at once.
  create: (clock) => createAmazon({ clock }, { financesLagMs: 0, feedTakesMs: 60_000, reportShowsRefunds: false }),
  isWrite: ({ method, url }) => method === "POST" && new URL(url).pathname === "/feeds/2021-06-30/feeds",
  byFeed: "returns",
  open(market, { shopId, seed }) {
    const { key } = market.ask({ shopId, plan: "matrix", seed });
    market.act(key, "scan");
    market.act(key, "deliver");
    return key;
  },
  payFirst: (market, id) => market.act(id, "staff-refund"),
};

/** Every way of paying of every connector that can pay. */
export const moneyActions: readonly MoneyAction[] = [
  ofDouyin("a refund before shipment", 2, 401),
  ofDouyin("a refund after shipment", 1, 201),
  ofDouyin("a return that came back", 0, 111, (market, id, { addressId }) => {
    market.act(id, "staff", { type: 101, logistics: { receiver_address_id: addressId } });
    market.act(id, "ship");
    market.act(id, "arrive");
  }),
  ofTaobao("a refund before shipment", "refund"),
  ofTaobao("a return that came back", "return", (market, id) => {
    market.act(id, "staff-agrees");
    market.act(id, "send-back");
  }),
  shopifyReturn,
  shopifyAgain,
  jdCancel,
  jdReturn,
  amazonReturn,
] as readonly MoneyAction[];
