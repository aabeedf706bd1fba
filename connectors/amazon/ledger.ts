import type { Instant } from "#shared/case/instant.ts";
import { type Money, moneyOfDecimal } from "#shared/case/money.ts";
import type { Facts, Line } from "#shared/case/observation.ts";
import { SuiteError } from "#shared/errors.ts";
import { instantOfText } from "../kit/time.ts";
import type { EventItem, Events, FinancialEvent } from "./schema.ts";

type Part = NonNullable<Facts["money"]["parts"]>[number];
type Kind = Extract<Part["kind"], "goods" | "tax" | "outbound_freight" | "fee" | "compensation" | "return_freight">;

/** Charges that the buyer pays or gets back, by what they are for. All others are between Amazon and the seller. */
const kinds: Readonly<Record<string, Kind>> = {
  Principal: "goods",
  GiftWrap: "goods",
  Tax: "tax",
  GiftWrapTax: "tax",
  ShippingCharge: "outbound_freight",
  ShippingTax: "outbound_freight",
  Goodwill: "compensation",
  RestockingFee: "fee",
  ReturnShipping: "return_freight",
};

export interface Ledger {
  /** Given back for the lines of the case since it was opened; undefined for nothing. */
  settled?: Money;
  settledAt?: Instant;
  /** Something of the price of every line has been given back. */
  isCovered: boolean;
  /** No less than what was paid for the goods. */
  isWhole: boolean;
  /** Amazon granted an A-to-z claim on a line. */
  claimGranted: boolean;
  chargedBack: boolean;
  /** What was paid for the units concerned, what of it is goods and tax, and what of it is left to give back. */
  paid?: { parts: Part[]; claimed: Money; left: Money; unitPaid: Map<string, Money>; itemIds: Map<string, string> };
}

/**
 * What Finances says about some lines of an order. Lines are found by the order item, else by the SKU. Refunds before the
 * case was opened are somebody else's: they lower what is left, and settle nothing here.
 */
export function ledgerOf(events: Events, lines: readonly Line[], openedAt: Instant): Ledger {
  const purse = new Purse();
  const refunds = postedOf(events.RefundEventList, openedAt);
  const claims = postedOf(events.GuaranteeClaimEventList, openedAt);
  const given = [...refunds, ...claims];
  const ours = given.filter(({ isLater }) => isLater);
  const back = (posted: readonly Posted[], line: Line) =>
    posted.flatMap(({ items }) => items.filter((item) => isOf(item, line)).map((item) => purse.adjusted(item)));
  const covering = lines.map((line) => back(ours, line));
  const settled = sum(covering.flat(), everything);
  const paid = paidOf(events, lines, purse);
  const before = sum(
    lines.flatMap((line) => back(given, line)),
    everything,
  );
  const touched = ours.filter(({ items }) => items.some((item) => lines.some((line) => isOf(item, line))));
  const settledAt = touched
    .map(({ at }) => at)
    .sort()
    .at(-1);
  const { currency } = purse;
  const worth = paid?.parts
    .filter(({ kind }) => kind === "goods")
    .reduce((total, { amount }) => total + amount.amountMinor, 0);
  return {
    ...(settled < 0 && currency && { settled: { amountMinor: -settled, currency }, ...(settledAt && { settledAt }) }),
    isCovered: lines.length > 0 && covering.every((each) => sum(each, ["goods"]) < 0),
    isWhole: worth === undefined || -sum(covering.flat(), everything) >= worth,
    claimGranted: claims.some(({ items }) => items.some((item) => lines.some((line) => isOf(item, line)))),
    chargedBack: postedOf(events.ChargebackEventList, openedAt).some(({ items }) =>
      items.some((item) => lines.some((line) => isOf(item, line))),
    ),
    ...(paid && currency && { paid: { ...paid, left: { amountMinor: Math.max(0, paid.total + before), currency } } }),
  };
}

type Sums = Readonly<Partial<Record<Kind, number>>>;
const everything: readonly Kind[] = ["goods", "tax", "outbound_freight", "fee", "compensation", "return_freight"];

function sum(amounts: readonly Sums[], of: readonly Kind[]): number {
  return amounts.reduce((total, each) => total + of.reduce((part, kind) => part + (each[kind] ?? 0), 0), 0);
}

interface Posted {
  at: Instant;
  isLater: boolean;
  items: EventItem[];
}

function postedOf(events: readonly FinancialEvent[] | undefined, openedAt: Instant): Posted[] {
  return (events ?? []).flatMap(({ PostedDate, ShipmentItemAdjustmentList }) => {
    const at = instantOfText(PostedDate ?? "");
    return at ? [{ at, isLater: at >= openedAt, items: ShipmentItemAdjustmentList ?? [] }] : [];
  });
}

function paidOf({ ShipmentEventList }: Events, lines: readonly Line[], purse: Purse) {
  const items = (ShipmentEventList ?? []).flatMap(({ ShipmentItemList }) => ShipmentItemList ?? []);
  const total: Partial<Record<Kind, number>> = {};
  const unitPaid = new Map<string, Money>();
  const itemIds = new Map<string, string>();
  for (const line of lines) {
    const bought = items.filter((item) => isOf(item, line));
    const units = bought.reduce((count, { QuantityShipped = 0 }) => count + QuantityShipped, 0);
    if (units <= 0) return undefined;
    const charged = bought.map((item) => purse.charged(item));
    const share = (of: readonly Kind[], count: number) => Math.floor((sum(charged, of) * count) / units);
    // Two items of one SKU cannot be told apart without their ids.
    const [itemId, ...others] = new Set(bought.flatMap(({ OrderItemId }) => OrderItemId ?? []));
    if (itemId !== undefined && others.length === 0) itemIds.set(line.lineId, itemId);
    for (const kind of paidKinds) total[kind] = (total[kind] ?? 0) + share([kind], Math.min(line.requested, units));
    if (purse.currency) {
      unitPaid.set(line.lineId, { amountMinor: Math.max(0, share(["goods", "tax"], 1)), currency: purse.currency });
    }
  }
  const { currency } = purse;
  if (!currency) return undefined;
  const parts = paidKinds.flatMap((kind): Part[] => {
    const amountMinor = total[kind] ?? 0;
    return amountMinor > 0 ? [{ kind, ledger: "merchant", amount: { amountMinor, currency }, status: "expected" }] : [];
  });
  const claimed = { amountMinor: (total.goods ?? 0) + (total.tax ?? 0), currency };
  return claimed.amountMinor > 0 ? { parts, claimed, total: sum([total], paidKinds), unitPaid, itemIds } : undefined;
}

const paidKinds = ["goods", "tax", "outbound_freight"] as const satisfies Kind[];

function isOf({ OrderItemId, SellerSKU }: EventItem, { lineId, sku }: Line): boolean {
  return OrderItemId === lineId || (SellerSKU !== undefined && SellerSKU === sku);
}

/** Adds up amounts of one currency. */
class Purse {
  currency: string | undefined;

  charged({ ItemChargeList, PromotionList }: EventItem): Sums {
    return this.#sums(ItemChargeList, PromotionList);
  }

  adjusted({ ItemChargeAdjustmentList, PromotionAdjustmentList }: EventItem): Sums {
    return this.#sums(ItemChargeAdjustmentList, PromotionAdjustmentList);
  }

  #sums(charges: EventItem["ItemChargeList"], promotions: EventItem["PromotionList"]): Sums {
    const sums: Partial<Record<Kind, number>> = {};
    const add = (kind: Kind, amount: number) => {
      sums[kind] = (sums[kind] ?? 0) + amount;
    };
    for (const { ChargeType = "", ChargeAmount } of charges ?? []) {
      const kind = Object.hasOwn(kinds, ChargeType) ? kinds[ChargeType] : undefined;
      if (kind) add(kind, this.#minor(ChargeAmount));
    }
    // The buyer paid less by these, and gets less back.
    for (const { PromotionAmount } of promotions ?? []) add("goods", this.#minor(PromotionAmount));
    return sums;
  }

  #minor(amount: { CurrencyCode?: string; CurrencyAmount?: string } | undefined): number {
    const { CurrencyCode, CurrencyAmount } = amount ?? {};
    if (CurrencyCode === undefined || CurrencyAmount === undefined) return 0;
    this.currency ??= CurrencyCode;
    try {
      if (this.currency !== CurrencyCode) throw new RangeError("two currencies");
      return moneyOfDecimal(CurrencyAmount, CurrencyCode).amountMinor;
    } catch {
      throw new SuiteError("payload_invalid", "the order's amounts are in several currencies or no decimals");
    }
  }
}
