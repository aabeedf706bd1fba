import type { Facts } from "#shared/case/observation.ts";
import { SuiteError } from "#shared/errors.ts";
import { instantOfReport } from "./day.ts";
import { dispute, moneyOf } from "./outcome.ts";
import { reasonOf } from "./reason.ts";
import type { FbaPayload } from "./schema.ts";

/** A unit that came back to a fulfilment centre. Amazon has decided on it, so nothing can be done about it here. */
export function fbaFacts({
  orderId,
  unitId,
  returnedOn,
  sku,
  quantity,
  reason,
  status,
  disposition,
  market,
  held,
  events,
}: FbaPayload): Partial<Facts> {
  const returnedAt = instantOfReport(returnedOn, market);
  if (!returnedAt)
    throw new SuiteError("payload_invalid", "the return date is malformed", { details: { field: "returnedOn" } });
  const lineId = sku?.slice(0, 64) ?? unitId;
  const requested = Number(quantity ?? 1);
  const line = { lineId, ...(sku !== undefined && { sku }), requested, received: requested };
  const read = moneyOf({ events, held, lines: [line], openedAt: held?.openedAt ?? returnedAt });
  const state = read.isRefunded ? "refunded" : "received";
  return {
    orders: [{ orderId, lineId }],
    groupKey: orderId,
    type: { known: true, value: "return_refund", raw: "FBA" },
    shipped: true,
    state: { known: true, value: state, raw: status ?? "" },
    ...(read.isRefunded && { outcome: read.isWhole ? ("refunded" as const) : ("partially_refunded" as const) }),
    waitingOn: read.isRefunded ? "nobody" : "channel",
    goods: { status: disposition ? "inspected" : "returned", lines: [line] },
    money: { ...read.money, executedBy: "platform_robot" },
    dispute: read.dispute ?? dispute("none", ""),
    deadlines: [],
    reason: reasonOf(reason),
    evidence: [],
    flags: ["not_actionable"],
    openedAt: held?.openedAt ?? returnedAt,
    returnedAt,
    ...(market !== undefined && { market }),
    raw: { status: `${status ?? ""} ${disposition ?? ""}`.trim(), type: "FBA", apiVersion: "2021-06-30" },
  };
}
