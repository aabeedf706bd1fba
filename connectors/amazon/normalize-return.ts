import { type Money, moneyOfDecimal, sumOf } from "#shared/case/money.ts";
import type { Facts, Line } from "#shared/case/observation.ts";
import type { CaseState } from "#shared/case/states.ts";
import type { Flag } from "#shared/case/vocabulary.ts";
import { SuiteError } from "#shared/errors.ts";
import { instantOfReport } from "./day.ts";
import { dispute, moneyOf, sorted, waitingOn } from "./outcome.ts";
import { reasonOf } from "./reason.ts";
import type { ReturnPayload, Row } from "./schema.ts";
import { isExternalWord, isFurther, leastAdvanced, paidByAmazon, returnStatuses, typeOfResolution } from "./status.ts";

/**
 * A return of a seller-fulfilled order: the rows of one RMA, with what we hold and what Finances says where they were
 * looked up. The report's amounts of the order are never read: whether they are per order or per row is not documented.
 */
export function returnFacts({ orderId, rows, market, held, events, source }: ReturnPayload): Partial<Facts> {
  const flags: Flag[] = [];
  const { lines, isCapped } = linesOf(rows);
  const openedAt = held?.openedAt ?? openedAtOf(rows, market);
  const returnedAt = returnedAtOf(rows, market) ?? held?.returnedAt;
  const reported = reportedRefund(rows);
  const isPaidByAmazon = rows.some(({ resolution = "", safetReason = "" }) =>
    paidByAmazon.test(`${resolution} ${safetReason}`),
  );
  const read = moneyOf({ events, held, lines, openedAt, reported, paidByAmazon: isPaidByAmazon });
  const told = stateOf(rows, returnedAt !== undefined);
  const further = read.isRefunded ? undefined : furtherThan(told, held);
  const state = read.isRefunded ? "refunded" : (further?.value ?? told);
  const claim = rows.some(({ aToZ = "" }) => /^(y|yes|true)$/i.test(aToZ))
    ? dispute("evidence_due", "A-to-Z Claim")
    : undefined;
  const ended =
    held?.dispute.status.known && held.dispute.status.value === "decided_for_buyer" ? held.dispute : undefined;
  const disputed = read.dispute ?? ended ?? claim ?? dispute("none", "");
  if (!state) flags.push("unknown_status", "needs_review");
  if (isCapped || lines.length === 0) flags.push("needs_review");
  // Only the report says so yet; it is also known to show amounts that never moved.
  if (reported && !provenBy(held, events) && read.isRefunded) flags.push("needs_review");
  if (rows.some(({ status, refundedAmount }) => isPending(status) && amountOf(refundedAmount) > 0))
    flags.push("needs_review");
  const resolutions = [...new Set(rows.map(({ resolution = "" }) => resolution))];
  if (resolutions.length > 1) flags.push("needs_review");
  const money = read.isRefunded || state !== "closed" ? read.money : { ...read.money, status: "none" as const };
  if (money.status === "failed") flags.push("refund_failed");
  const type = typeOfResolution(resolutions[0]);
  const goods = goodsOf(rows, {
    lines,
    unitPaid: read.unitPaid,
    isReturned: returnedAt !== undefined,
    held: held?.goods,
  });
  const words = [...new Set(rows.map(({ status }) => status))].join(", ").slice(0, 200);
  return {
    orders: ordersOf(orderId, rows, { lines, itemIds: read.itemIds, held: held?.orders }),
    groupKey: orderId,
    type: { known: true, value: type, raw: resolutions.join(", ").slice(0, 100) },
    shipped: true,
    state: further ?? (state ? { known: true, value: state, raw: words } : { known: false, raw: words || "(none)" }),
    ...(state === "closed" && type === "exchange" && returnedAt !== undefined && { outcome: "replaced" as const }),
    ...(state === "refunded" && { outcome: read.isWhole ? ("refunded" as const) : ("partially_refunded" as const) }),
    // Amazon pays, or has paid: the proof is still on its way.
    waitingOn: state === "received" && isPaidByAmazon ? "channel" : waitingOn(state, disputed),
    goods,
    money,
    dispute: disputed,
    ...reclaimOf(rows, market),
    deadlines: [],
    reason: reasonOf(rows.find(({ reason }) => reason !== undefined)?.reason),
    evidence: [],
    flags: sorted(flags),
    openedAt,
    ...(returnedAt && { returnedAt }),
    ...(market !== undefined && { market }),
    raw: { status: words, type: resolutions.join(", ").slice(0, 100), apiVersion: `${source} 2021-06-30` },
  };
}

/** With the order items, where the file names them, or Finances does. */
function ordersOf(
  orderId: string,
  rows: readonly Row[],
  known: {
    lines: readonly Line[];
    itemIds: ReadonlyMap<string, string> | undefined;
    held: Facts["orders"] | undefined;
  },
): Facts["orders"] {
  const named = new Set(rows.flatMap(({ orderItemId }) => orderItemId ?? []));
  const ids = known.lines.map(({ lineId }) => (named.has(lineId) ? lineId : known.itemIds?.get(lineId)));
  if (ids.length > 0 && ids.every((each) => each !== undefined)) return ids.map((lineId) => ({ orderId, lineId }));
  return known.held?.length ? known.held : [{ orderId }];
}

/** What the External Fulfillment API has shown beyond this: the report does not know that a parcel moves. */
function furtherThan(told: CaseState | undefined, held: ReturnPayload["held"]) {
  if (told === undefined || !held?.state.known || !isExternalWord(held.state.raw)) return undefined;
  return isFurther(told, held.state.value) ? undefined : held.state;
}

/** Undefined where a row's word is not known. */
function stateOf(rows: readonly Row[], isReturned: boolean): CaseState | undefined {
  const states = rows.map(({ status }) => {
    const word = status.toLowerCase().replace(/[^a-z]/g, "");
    return Object.hasOwn(returnStatuses, word) ? returnStatuses[word] : undefined;
  });
  if (states.some((each) => each === undefined)) return undefined;
  const told = leastAdvanced(states.flatMap((each) => each ?? []));
  // Goods that are back and not paid for stay in sight, whatever the request's own word; a replacement was the answer.
  const isAnswered = told === "closed" && rows.every(({ resolution }) => typeOfResolution(resolution) === "exchange");
  return isReturned && !isAnswered ? "received" : told;
}

function isPending(status: string): boolean {
  return returnStatuses[status.toLowerCase().replace(/[^a-z]/g, "")] === "requested";
}

/** The SAFE-T claim of these items; a file without one says nothing about it. */
function reclaimOf(rows: readonly Row[], market: string | undefined): Pick<Facts, "reclaim"> {
  const row = rows.find(({ safetId }) => safetId !== undefined);
  if (row?.safetId === undefined) return {};
  const filedAt = instantOfReport(row.safetFiledAt ?? "", market);
  const granted = amountOf(row.safetAmount) > 0 ? money(row.safetAmount ?? "", row.currency ?? "") : undefined;
  const { safetId: claimId, safetState: status } = row;
  return { reclaim: { claimId, ...(status && { status }), ...(filedAt && { filedAt }), ...(granted && { granted }) } };
}

/** What the report shows as refunded, once a row is past its first answer. */
function reportedRefund(rows: readonly Row[]): Money | undefined {
  if (rows.some(({ status, refundedAmount }) => isPending(status) || amountOf(refundedAmount) <= 0)) return undefined;
  const amounts = rows.map(({ refundedAmount = "", currency = "" }) => money(refundedAmount, currency));
  return amounts.every((each) => each !== undefined) ? sumOf(amounts) : undefined;
}

function provenBy(held: ReturnPayload["held"], events: ReturnPayload["events"]): boolean {
  return held?.money.settledAt !== undefined || (events?.RefundEventList?.length ?? 0) > 0;
}

function amountOf(text: string | undefined): number {
  return Number(text ?? "0") || 0;
}

/** Undefined where the file gives no amount, or no currency to read it in. */
function money(text: string, currency: string): Money | undefined {
  try {
    return /^[A-Z]{3}$/.test(currency) ? moneyOfDecimal(text, currency) : undefined;
  } catch {
    return undefined;
  }
}

/** A line may stand in the file twice; no more can come back than was ordered. */
function linesOf(rows: readonly Row[]): { lines: Line[]; isCapped: boolean } {
  const lines = new Map<string, Line>();
  let isCapped = false;
  for (const { orderItemId, sku, asin, quantity, orderQuantity } of rows) {
    const lineId = orderItemId ?? sku?.slice(0, 64) ?? asin;
    if (lineId === undefined) continue;
    const most = orderQuantity === undefined ? Number.POSITIVE_INFINITY : Number(orderQuantity);
    const sum = (lines.get(lineId)?.requested ?? 0) + Number(quantity ?? 1);
    if (sum > most && most > 0) isCapped = true;
    const requested = most > 0 ? Math.min(sum, most) : sum;
    lines.set(lineId, { lineId, ...(sku !== undefined && { sku }), requested, toReturn: requested });
  }
  return { lines: [...lines.values()].slice(0, 100), isCapped };
}

function goodsOf(
  rows: readonly Row[],
  {
    lines,
    unitPaid,
    isReturned,
    held,
  }: {
    lines: readonly Line[];
    unitPaid: ReadonlyMap<string, Money> | undefined;
    isReturned: boolean;
    held: Facts["goods"] | undefined;
  },
): Facts["goods"] {
  const priced = lines.map((line) => {
    const paid = unitPaid?.get(line.lineId) ?? held?.lines?.find(({ lineId }) => lineId === line.lineId)?.unitPaid;
    return paid ? { ...line, unitPaid: paid } : line;
  });
  const parcel = rows.find(({ trackingId }) => trackingId !== undefined);
  // The number stands on the label: it does not say that the parcel moves.
  const wayBack =
    parcel?.trackingId !== undefined
      ? { trackingNo: parcel.trackingId, ...(parcel.carrier !== undefined && { carrier: parcel.carrier }) }
      : held?.wayBack;
  const status = isReturned ? ("returned" as const) : held?.status;
  // The label that Amazon gives out names the address.
  return { ...(status && { status }), lines: priced, ...(wayBack && { wayBack }) };
}

function openedAtOf(rows: readonly Row[], market: string | undefined): string {
  const [first] = rows.flatMap(({ requestDate }) => instantOfReport(requestDate, market) ?? []).sort();
  if (first !== undefined) return first;
  throw new SuiteError("payload_invalid", "the case's request date is malformed", {
    details: { field: "requestDate" },
  });
}

/** The day on which the last of the items came back; undefined while one has not. */
function returnedAtOf(rows: readonly Row[], market: string | undefined): string | undefined {
  const days = rows.map(({ deliveryDate }) => instantOfReport(deliveryDate ?? "", market));
  return days.every((each) => each !== undefined) ? days.sort().at(-1) : undefined;
}
