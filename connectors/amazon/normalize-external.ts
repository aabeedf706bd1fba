import type { Facts, Line } from "#shared/case/observation.ts";
import type { CaseState } from "#shared/case/states.ts";
import type { Flag, GoodsStatus } from "#shared/case/vocabulary.ts";
import { SuiteError } from "#shared/errors.ts";
import { instantOfText } from "../kit/time.ts";
import { dispute, type MoneyRead, moneyOf, sorted, waitingOn } from "./outcome.ts";
import { reasonOf } from "./reason.ts";
import type { ExternalLine, ExternalPayload, Held } from "./schema.ts";
import { externalStatuses, isExternalWord, isFurther, leastAdvanced } from "./status.ts";

const apiVersion = "external 2024-09-11";

/**
 * The lines of one RMA as the External Fulfillment Returns API shows them. A case that the returns report tells of as well
 * keeps what the report says; added is what only this API knows: that the parcel moves, that it has come, and with whom.
 */
export function externalFacts(payload: ExternalPayload): Partial<Facts> {
  const { lines, held, events } = payload;
  const isReports = held?.raw !== undefined && held.raw.apiVersion !== apiVersion;
  const own = linesOf(lines);
  const known = isReports ? (held.goods.lines ?? own) : own;
  const openedAt = held?.openedAt ?? openedAtOf(lines);
  const read = moneyOf({ events, held, lines: known, openedAt });
  const returnedAt = (isReports ? held.returnedAt : undefined) ?? deliveredAt(lines) ?? held?.returnedAt;
  const state = stateOf(payload, read, isReports);
  const goods = goodsOf(payload, { known, read, isReports, isReturned: returnedAt !== undefined });
  const value = state.known ? state.value : undefined;
  const disputed = read.dispute ?? held?.dispute ?? dispute("none", "");
  const isAmazons = lines.some(isOfAmazon);
  const isAmazonsTurn = isAmazons ? !read.isRefunded : value === "received" && paysItself(read);
  const { orderId, market } = payload;
  const words = isReports && held ? reportsWords(held) : ownWords(payload, { read, own, isUnknown: !state.known });
  return {
    groupKey: orderId,
    shipped: true,
    state,
    ...outcomeOf(payload, value, read),
    waitingOn: isAmazonsTurn ? "channel" : waitingOn(value, disputed),
    goods,
    money: moneyIn(value, read),
    dispute: disputed,
    deadlines: [],
    evidence: [],
    openedAt,
    ...(returnedAt && { returnedAt }),
    ...(market !== undefined && { market }),
    ...words,
  };
}

type Words = Pick<Facts, "orders" | "type" | "flags"> & Partial<Pick<Facts, "reason" | "raw">>;

/** As they are held: the report states them, and an observation must be whole to open a case wherever it arrives first. */
function reportsWords({ orders, type, flags, reason, raw }: Held): Words {
  return { orders, type, flags, ...(reason && { reason }), ...(raw && { raw }) };
}

function ownWords(
  payload: ExternalPayload,
  { read, own, isUnknown }: { read: MoneyRead; own: readonly Line[]; isUnknown: boolean },
): Words {
  const { lines } = payload;
  return {
    orders: ordersOf(payload, read, own),
    type: typeOf(lines),
    flags: flagsOf(lines, { isUnknown, read }),
    reason: reasonOf(lines.find(({ reason }) => reason !== undefined)?.reason),
    raw: { status: wordsOf(lines), type: kindsOf(lines), apiVersion },
  };
}

/** Amazon pays, or has paid: the proof is still on its way. */
function paysItself({ money }: MoneyRead): boolean {
  return money.executedBy === "platform_robot";
}

/** Money proves the end; else whichever of the two sources has come further. An unknown word hides no known state. */
function stateOf({ lines, held }: ExternalPayload, read: MoneyRead, isReports: boolean): Facts["state"] {
  const raw = wordsOf(lines);
  const before = held?.state.known ? held.state : undefined;
  if (read.isRefunded) return before?.value === "refunded" ? before : { known: true, value: "refunded", raw };
  const told = toldState(lines);
  if (!told) return isReports && held ? held.state : { known: false, raw };
  if (isReports && held && !held.state.known) return held.state;
  const isOthers = before && !isExternalWord(before.raw);
  return isOthers && !isFurther(told, before.value) ? before : { known: true, value: told, raw };
}

/** Of several lines the one behind; what was rejected waits for nothing. Undefined where a word is not known. */
function toldState(lines: readonly ExternalLine[]): CaseState | undefined {
  const states = lines.map(({ status }) => externalStatuses[isExternalWord(status) ? status : ""]);
  if (states.some((each) => each === undefined)) return undefined;
  const alive = states.flatMap((each) => (each === undefined || each === "rejected" ? [] : [each]));
  return alive.length === 0 ? "rejected" : leastAdvanced(alive);
}

function outcomeOf({ lines }: ExternalPayload, state: CaseState | undefined, read: MoneyRead): Pick<Facts, "outcome"> {
  if (state === "refunded") return { outcome: read.isWhole ? "refunded" : "partially_refunded" };
  const type = typeOf(lines);
  const isReplaced = type.known && type.value === "exchange" && deliveredAt(lines) !== undefined;
  return state === "closed" && isReplaced ? { outcome: "replaced" } : {};
}

function moneyIn(state: CaseState | undefined, { money, isRefunded }: MoneyRead): Facts["money"] {
  return isRefunded || state !== "closed" ? money : { ...money, status: "none" };
}

const places: readonly (GoodsStatus | undefined)[] = [
  ...[undefined, "outbound" as const, "with_buyer" as const],
  ...["returning" as const, "returned" as const, "inspected" as const],
];

function goodsOf(
  { lines, held }: ExternalPayload,
  about: { known: readonly Line[]; read: MoneyRead; isReports: boolean; isReturned: boolean },
): Facts["goods"] {
  const { known, read, isReports, isReturned } = about;
  const isMoving = lines.some(({ status }) => externalStatuses[status] === "return_in_transit");
  // A parcel that was refused at the door never was with the buyer.
  const isRefused = lines.every(({ returnType }) => returnType === "REJECT");
  const told = isReturned ? "returned" : isMoving ? "returning" : isRefused ? "outbound" : "with_buyer";
  const before = held?.goods.status;
  const status = places.indexOf(before) > places.indexOf(told) ? before : told;
  const parcel = lines.find(({ trackingId }) => trackingId !== undefined);
  const shown = parcel?.trackingId !== undefined && {
    trackingNo: parcel.trackingId,
    ...(parcel.carrier !== undefined && { carrier: parcel.carrier }),
  };
  const wayBack = (isReports && held?.goods.wayBack) || shown || held?.goods.wayBack;
  const priced = known.map((line) => {
    const heldLine = held?.goods.lines?.find(({ lineId }) => lineId === line.lineId);
    const unitPaid = read.unitPaid?.get(line.lineId) ?? line.unitPaid ?? heldLine?.unitPaid;
    return unitPaid ? { ...line, unitPaid } : line;
  });
  return { ...held?.goods, ...(status && { status }), lines: priced, ...(wayBack && { wayBack }) };
}

function linesOf(lines: readonly ExternalLine[]): Line[] {
  const sums = new Map<string, Line>();
  for (const { sku, returnId, quantity = 1 } of lines) {
    const lineId = (sku ?? returnId).slice(0, 64);
    const requested = (sums.get(lineId)?.requested ?? 0) + quantity;
    sums.set(lineId, { lineId, ...(sku !== undefined && { sku }), requested, toReturn: requested });
  }
  return [...sums.values()].sort((a, b) => (a.lineId < b.lineId ? -1 : 1)).slice(0, 100);
}

/** With the order items, once Finances has named them. */
function ordersOf({ orderId, held }: ExternalPayload, { itemIds }: MoneyRead, lines: readonly Line[]): Facts["orders"] {
  const ids = lines.map(({ lineId }) => itemIds?.get(lineId));
  if (ids.length > 0 && ids.every((each) => each !== undefined)) return ids.map((lineId) => ({ orderId, lineId }));
  return held?.orders.length ? held.orders : [{ orderId }];
}

const types = { NORMAL: "return_refund", REPLACEMENT: "exchange", EXCHANGE: "exchange" } as const;

function typeOf(lines: readonly ExternalLine[]): Facts["type"] {
  const raw = kindsOf(lines);
  const words = new Set(lines.map(({ subType = "NORMAL" }) => subType));
  const [word = "", ...others] = words;
  if (others.length > 0 || !Object.hasOwn(types, word)) return { known: false, raw };
  return { known: true, value: types[word as keyof typeof types], raw };
}

function flagsOf(lines: readonly ExternalLine[], { isUnknown, read }: { isUnknown: boolean; read: MoneyRead }): Flag[] {
  const isCalledOff = lines.some(({ status }) => status === "CUSTOMER_CANCELLED_PICK_UP");
  return sorted([
    ...(isUnknown ? (["unknown_status", "needs_review"] as const) : []),
    ...(typeOf(lines).known ? [] : (["type_unmapped", "needs_review"] as const)),
    ...(isCalledOff ? (["needs_review"] as const) : []),
    ...(lines.some(isOfAmazon) ? (["not_actionable"] as const) : []),
    ...(read.money.status === "failed" ? (["refund_failed"] as const) : []),
  ]);
}

/** Stock of Amazon's at the merchant's site: Amazon decides on it. */
function isOfAmazon({ channelName }: ExternalLine): boolean {
  return channelName === "FBA";
}

/** In an order of their own: the API promises none. */
function wordsOf(lines: readonly ExternalLine[]): string {
  return [...new Set(lines.map(({ status }) => status))].sort().join(", ").slice(0, 200);
}

function kindsOf(lines: readonly ExternalLine[]): string {
  const kinds = lines.map(({ returnType = "", subType = "" }) => `${returnType} ${subType}`.trim());
  return [...new Set(kinds)].sort().join(", ").slice(0, 100);
}

function openedAtOf(lines: readonly ExternalLine[]): string {
  const [first] = lines.flatMap(({ createdAt, updatedAt }) => instantOfText(createdAt ?? updatedAt) ?? []).sort();
  if (first !== undefined) return first;
  throw new SuiteError("payload_invalid", "the return's time is malformed", { details: { field: "createdAt" } });
}

/** When the last of the lines came; undefined while one has not. A line that was rejected or cancelled never comes. */
function deliveredAt(lines: readonly ExternalLine[]): Held["returnedAt"] {
  const coming = lines.filter(({ status, deliveredAt: at }) => at !== undefined || !neverComes.includes(status));
  const times = coming.map(({ deliveredAt: at }) => instantOfText(at ?? ""));
  return times.every((each) => each !== undefined) ? times.sort().at(-1) : undefined;
}

const neverComes = ["REJECTED", "CANCELLED"];
