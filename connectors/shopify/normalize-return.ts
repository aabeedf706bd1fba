import type { Money } from "#shared/case/money.ts";
import type { Facts, Line } from "#shared/case/observation.ts";
import type { CaseState } from "#shared/case/states.ts";
import type { Flag, Mapped, RefundStatus, WaitingOn } from "#shared/case/vocabulary.ts";
import { ceilingOf, claimsOf, totalOf } from "./claims.ts";
import { overlayOf } from "./dispute-overlay.ts";
import { reasonOfLines } from "./reason-of-lines.ts";
import { type RefundMoney, refundMoney } from "./refund-money.ts";
import { listOf, numberOf, type ReturnLine, type ShopifyReturn } from "./schema.ts";
import { stateOfReturn } from "./status.ts";
import { unitsOf } from "./units.ts";

/** The facts of a return, from a whole reading of it. */
export function factsOfReturn(given: ShopifyReturn, apiVersion: string): Facts {
  const lines = listOf(given.returnLineItems);
  const exchanges = listOf(given.exchangeLineItems);
  const reverseOrders = listOf(given.reverseFulfillmentOrders);
  const refunds = listOf(given.refunds);
  const transactions = refunds.nodes.map(({ transactions: each }) => listOf(each));
  const paid = refundMoney(transactions.flatMap(({ nodes }) => nodes));
  const units = unitsOf(reverseOrders.nodes);
  const outstanding = [...lines.nodes, ...exchanges.nodes].some((line) => line.quantity > line.processedQuantity);
  const isExchange = exchanges.nodes.length > 0;
  const state = stateOfReturn({
    status: given.status,
    orderCancelled: Boolean(given.order?.cancelledAt),
    pending: paid.pending,
    settled: paid.settled !== undefined || paid.settledAt !== undefined,
    outstanding,
    received: units.received > 0,
    tracked: units.parcel !== undefined,
    unknownTransaction: paid.unknownTransaction,
    unknownDisposition: units.unknownDisposition,
  });
  const claims = claimsOf(lines.nodes, given);
  const { reason, mixed } = reasonOfLines(lines.nodes);
  const dispute = overlayOf(given.order?.disputes ?? []);
  const isWhole =
    [lines, exchanges, reverseOrders, refunds, ...transactions].every(({ whole }) => whole) && units.whole;
  const goodsLines = lines.nodes.map((line) => lineOf(line, units.ofLine(line.fulfillmentLineItem?.id)));
  const flags: Flag[] = [];
  if (!state.known || !dispute.status.known) flags.push("unknown_status");
  if (!given.order) flags.push("unmatched");
  if (paid.failed) flags.push("refund_failed");
  if (!isWhole || mixed || paid.doubtful || claims.unreadable || units.refusedByCarrier) flags.push("needs_review");

  return {
    orders: ordersOf(given, lines.nodes),
    groupKey: given.order?.id,
    type: {
      known: true,
      value: isExchange ? "exchange" : "return_refund",
      raw: isExchange ? "exchange lines" : "Return",
    },
    shipped: true,
    state,
    outcome: outcomeOf({ given, state, paid, claimed: claims.net, replaced: isExchange && !outstanding }),
    waitingOn:
      dispute.status.known && dispute.status.value === "evidence_due" ? "merchant" : waitingOn(state, paid, units),
    goods: {
      status: units.received > 0 ? "returned" : units.parcel ? "returning" : "with_buyer",
      lines: goodsLines.slice(0, 250),
      wayBack: units.parcel,
      addressProvided: units.deliveries > 0,
    },
    money: {
      status: moneyStatus(state, paid),
      claimed: isExchange ? undefined : claims.net,
      ceiling: isExchange || units.disposed === 0 ? undefined : ceilingOf(goodsLines, lines.nodes, claims.fees),
      settled: paid.settled,
      settledAt: paid.settledAt,
      parts: claims.parts.length > 0 ? claims.parts.slice(0, 50) : undefined,
    },
    dispute,
    deadlines: [],
    reason,
    evidence: [],
    flags,
    openedAt: given.createdAt,
    deliveredAt: (given.order?.fulfillments ?? [])
      .flatMap(({ deliveredAt }) => deliveredAt ?? [])
      .sort()
      .at(-1),
    raw: { status: state.raw, type: "Return", apiVersion },
  };
}

function ordersOf({ order }: ShopifyReturn, lines: readonly ReturnLine[]): Facts["orders"] {
  if (!order) return [];
  const orderId = numberOf(order.id);
  const lineIds = new Set(
    lines.flatMap(({ fulfillmentLineItem: item }) => (item?.lineItem ? numberOf(item.lineItem.id) : [])),
  );
  return lineIds.size === 0 ? [{ orderId }] : [...lineIds].slice(0, 100).map((lineId) => ({ orderId, lineId }));
}

function lineOf(line: ReturnLine, units: { received: number; missing: number } | undefined): Line {
  const total = totalOf(line);
  return {
    lineId: line.id,
    sku: line.fulfillmentLineItem?.lineItem?.sku ?? undefined,
    requested: line.quantity,
    toReturn: line.quantity,
    received: units?.received,
    missing: units?.missing,
    // Rounded down: the last unit carries the cent that does not divide.
    unitPaid:
      total && line.quantity > 0 ? { ...total, amountMinor: Math.floor(total.amountMinor / line.quantity) } : undefined,
  };
}

function moneyStatus(state: Mapped<CaseState>, { settled, settledAt, pending, failed }: RefundMoney): RefundStatus {
  const isPaid = settled !== undefined || settledAt !== undefined;
  if (pending) return "moving";
  if (isPaid) return state.known && state.value === "refunding" ? "moving" : "paid";
  if (failed) return "failed";
  return state.known && (state.value === "closed" || state.value === "rejected") ? "none" : "pending";
}

function waitingOn(
  state: Mapped<CaseState>,
  paid: RefundMoney,
  units: { deliveries: number; open: number },
): WaitingOn {
  if (!state.known) return "merchant";
  switch (state.value) {
    case "approved":
      return units.deliveries > 0 ? "buyer" : "merchant";
    case "return_in_transit":
      return "carrier";
    case "refunding":
      // Paid for some units: the others have to come back, or to be processed.
      return paid.pending ? "channel" : units.open > 0 && !paid.failed ? "buyer" : "merchant";
    case "rejected":
      return "buyer";
    case "refunded":
    case "closed":
      return "nobody";
    default:
      return "merchant";
  }
}

function outcomeOf({
  given,
  state,
  paid,
  claimed,
  replaced,
}: {
  given: ShopifyReturn;
  state: Mapped<CaseState>;
  paid: RefundMoney;
  claimed: Money | undefined;
  replaced: boolean;
}): Facts["outcome"] {
  if (!state.known) return undefined;
  if (given.status === "CANCELED") return "withdrawn";
  if (state.value === "refunded") {
    const isLess =
      paid.settled && claimed?.currency === paid.settled.currency && paid.settled.amountMinor < claimed.amountMinor;
    return isLess ? "partially_refunded" : "refunded";
  }
  return state.value === "closed" && replaced ? "replaced" : undefined;
}
