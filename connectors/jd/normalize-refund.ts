import { type CaseObservation, type Facts, wholeCase } from "#shared/case/observation.ts";
import type { Flag, Outcome } from "#shared/case/vocabulary.ts";
import { caseIdOfJd } from "./case-id.ts";
import { refundGoods } from "./goods.ts";
import { refundMoney } from "./money.ts";
import { needed } from "./normalize-ticket.ts";
import { refundReason } from "./reason.ts";
import type { RawRefund } from "./schema.ts";
import { disputeStatus, negotiatedReturn, refundTable, shippedByOrder } from "./status.ts";
import { instantOf } from "./time.ts";

type Context = { shopId: CaseObservation["shopId"]; observedAt: Date };

/** A cancellation around shipping. The channel gives it no version, so readings are ordered by their time. */
export function refundObservation(raw: RawRefund, { shopId, observedAt }: Context): CaseObservation {
  return {
    channel: "jd",
    shopId,
    channelCaseId: caseIdOfJd("refund", raw.refundApply.id),
    facet: wholeCase,
    version: observedAt.getTime(),
    observedAt: observedAt.toISOString(),
    facts: factsOf(raw),
  };
}

/** Closed by agreement (18) does not say on what the two agreed. */
const outcomes: Readonly<Record<number, Outcome>> = { 3: "refunded", 11: "withdrawn" };

function factsOf(raw: RawRefund): Facts {
  const { refundApply: apply } = raw;
  const { status } = apply;
  const entry = refundTable[status];
  const flags: Flag[] = [...(entry?.flags ?? [])];
  if (!entry) flags.push("unknown_status");
  if (!apply.orderId) flags.push("unmatched");
  const shipped = shippedOf(raw);
  const outcome = outcomes[status];
  const rawStatus = String(status);
  return {
    orders: apply.orderId ? [{ orderId: apply.orderId }] : [],
    ...(apply.orderId && { groupKey: `order-${apply.orderId}` }),
    type: { known: true, value: status === negotiatedReturn ? "return_refund" : "refund_only", raw: "refundapply" },
    ...(shipped !== undefined && { shipped }),
    state: entry ? { known: true, value: entry.state, raw: rawStatus } : { known: false, raw: rawStatus },
    ...(outcome && { outcome }),
    waitingOn: entry?.waitingOn ?? "merchant",
    goods: refundGoods(apply, shipped),
    money: refundMoney(apply, entry?.state, flags.includes("refund_failed")),
    dispute: {
      status:
        status === disputeStatus
          ? { known: true, value: "under_review", raw: rawStatus }
          : { known: true, value: "none", raw: "" },
    },
    deadlines: [],
    reason: refundReason(apply),
    evidence: [],
    flags: [...new Set(flags)].sort(),
    openedAt: needed(instantOf(apply.applyTime), "applyTime"),
    changedAt: needed(instantOf(apply.checkTime ?? apply.applyTime), "checkTime"),
    raw: { status: rawStatus, type: `refund/${apply.systemId ?? ""}`, apiVersion: "2.0" },
  };
}

/** `systemId` of an application that began with a refusal at delivery. */
const refusedAtDelivery = 12;

/** Stated only where something says so: the status, the origin, or the order where the shop may read it. */
function shippedOf({ refundApply: { status, systemId }, orderState }: RawRefund): boolean | undefined {
  if (refundTable[status]?.shipped || systemId === refusedAtDelivery) return true;
  return orderState !== undefined && Object.hasOwn(shippedByOrder, orderState) ? shippedByOrder[orderState] : undefined;
}
