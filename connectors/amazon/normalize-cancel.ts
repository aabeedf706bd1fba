import { instant } from "#shared/case/instant.ts";
import type { Facts } from "#shared/case/observation.ts";
import type { CaseState } from "#shared/case/states.ts";
import type { Flag } from "#shared/case/vocabulary.ts";
import { SuiteError } from "#shared/errors.ts";
import { dispute, moneyOf, sorted, waitingOn } from "./outcome.ts";
import type { CancelPayload } from "./schema.ts";
import { cancelStatuses, leastAdvanced } from "./status.ts";

/** The type's own word where the buyer asks for all that was ordered: only then may the order be cancelled as a whole. */
export const wholeOrder = "BuyerRequestedChange, whole order";

/** A buyer who asked to cancel before the order leaves: only the items that carry the request, the order's own word else. */
export function cancelFacts({
  orderId,
  orderStatus,
  items,
  askedAt,
  whole,
  latestShipAt,
  market,
  held,
  events,
}: CancelPayload): Partial<Facts> {
  const flags: Flag[] = [];
  const openedAt = held?.openedAt ?? openedAtOf(askedAt);
  const lines = items.map(({ orderItemId: lineId, sku, quantity: requested }) => ({
    lineId,
    ...(sku !== undefined && { sku }),
    requested,
  }));
  const read = moneyOf({ events, held, lines, openedAt });
  const words = [...new Set(items.map(({ status }) => status ?? orderStatus))];
  const states = words.map((word) => known(word));
  const reported = states.some((each) => each === undefined) ? undefined : least(states.flatMap((each) => each ?? []));
  const state = read.isRefunded ? "refunded" : reported;
  const disputed = read.dispute ?? dispute("none", "");
  if (!state) flags.push("unknown_status", "needs_review");
  const rawType = whole ? wholeOrder : "BuyerRequestedChange";
  const raw = words.join(", ").slice(0, 200);
  const shipped = state === "rejected";
  return {
    orders: items.map(({ orderItemId: lineId }) => ({ orderId, lineId })),
    groupKey: orderId,
    type: { known: true, value: "refund_only", raw: rawType },
    ...(state && { shipped }),
    state: state ? { known: true, value: state, raw } : { known: false, raw: raw || "(none)" },
    ...(state === "refunded" && { outcome: read.isWhole ? ("refunded" as const) : ("partially_refunded" as const) }),
    waitingOn: waitingOn(state, disputed),
    goods: { ...(state && { status: shipped ? ("outbound" as const) : ("not_shipped" as const) }), lines },
    // An order that has not left has not been charged either.
    money: read.isRefunded ? read.money : { ...read.money, status: "none" },
    dispute: disputed,
    // No answer is asked for by a time of its own; but once the order ships, nothing can be cancelled.
    deadlines: latestShipAt && state === "requested" ? [mustShipBy(latestShipAt)] : [],
    reason: { code: "no_reason.changed_mind", rawCode: "Buyer Requested Cancel" },
    evidence: [],
    flags: sorted(flags),
    openedAt,
    ...(market !== undefined && { market }),
    raw: { status: raw, type: rawType, apiVersion: "ORDER_CHANGE 1.0" },
  };
}

function mustShipBy(dueAt: string): Facts["deadlines"][number] {
  const source = { from: "channel" as const, field: "LatestShipDate" };
  return { kind: "respond", dueAt, source, onExpiry: "unknown" };
}

function known(word: string): CaseState | undefined {
  const key = word.toLowerCase();
  return Object.hasOwn(cancelStatuses, key) ? cancelStatuses[key] : undefined;
}

/** One item that has left is one the buyer could not cancel. */
function least(states: readonly CaseState[]): CaseState | undefined {
  return states.includes("requested") || !states.includes("rejected") ? leastAdvanced(states) : "rejected";
}

function openedAtOf(text: string): string {
  try {
    return instant(new Date(text));
  } catch {
    throw new SuiteError("payload_invalid", "the time of the request is malformed", { details: { field: "askedAt" } });
  }
}
