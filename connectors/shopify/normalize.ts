import { channelCaseIdSchema, type ShopId } from "#shared/case/ids.ts";
import { instant } from "#shared/case/instant.ts";
import { type CaseObservation, type Facts, wholeCase } from "#shared/case/observation.ts";
import { mapped } from "#shared/case/vocabulary.ts";
import type { RawCase } from "../contract.ts";
import { instantOfText } from "../kit/time.ts";
import { overlayOf } from "./dispute-overlay.ts";
import { factsOfReturn } from "./normalize-return.ts";
import { parse } from "./parse.ts";
import { refundMoney } from "./refund-money.ts";
import { listOf, numberOf, rawSchema, type ShopifyDispute, type ShopifyRefund } from "./schema.ts";
import { disputeReasons, disputeStates, disputeStatuses, disputeTypes, stateOfRefund } from "./status.ts";

/**
 * One reading of a return, a refund or a dispute as an observation of the whole case. A return has no time of its last
 * change, so readings are ordered by when they were made. @throws SuiteError `payload_invalid`.
 */
export function normalize(
  { payload }: RawCase,
  { shopId, observedAt }: { shopId: ShopId; observedAt: Date },
): CaseObservation {
  const raw = parse(rawSchema, payload);
  const [id, facts] =
    "return" in raw
      ? [raw.return.id, factsOfReturn(raw.return, raw.apiVersion)]
      : "refund" in raw
        ? [raw.refund.id, factsOfRefund(raw.refund, raw.apiVersion)]
        : [raw.dispute.id, factsOfDispute(raw.dispute, raw.apiVersion)];
  return {
    channel: "shopify",
    shopId,
    channelCaseId: channelCaseIdSchema.parse(id),
    facet: wholeCase,
    version: observedAt.getTime(),
    observedAt: instant(observedAt),
    facts,
  };
}

/** A refund without a return: money only, agreed by whoever made it. */
function factsOfRefund(given: ShopifyRefund, apiVersion: string): Facts {
  const transactions = listOf(given.transactions);
  const paid = refundMoney(transactions.nodes);
  const isPaid = paid.settledAt !== undefined || paid.settled !== undefined;
  const worth = (given.totalRefundedSet?.amountMinor ?? 1) > 0;
  const state = stateOfRefund({ ...paid, settled: isPaid, worth });
  const dispute = overlayOf(given.order?.disputes ?? []);
  const status = paid.pending ? "moving" : paid.failed ? "failed" : isPaid ? "paid" : worth ? "moving" : "none";
  const isOver = state.known && (state.value === "refunded" || state.value === "closed");
  return {
    orders: given.order ? [{ orderId: numberOf(given.order.id) }] : [],
    groupKey: given.order?.id,
    type: { known: true, value: "refund_only", raw: "Refund" },
    state,
    outcome: state.known && state.value === "refunded" ? "refunded" : undefined,
    waitingOn: isOver ? "nobody" : paid.failed || !state.known ? "merchant" : "channel",
    goods: {},
    // The total counts what was paid, so of a refund that failed the transactions tell what was to be paid.
    money: {
      status,
      claimed: worth ? (given.totalRefundedSet ?? undefined) : paid.asked,
      settled: paid.settled,
      settledAt: paid.settledAt,
    },
    dispute,
    deadlines: [],
    reason: { code: "unknown", rawCode: "" },
    evidence: [],
    flags: [
      ...(state.known && dispute.status.known ? [] : (["unknown_status"] as const)),
      ...(given.order ? [] : (["unmatched"] as const)),
      ...(paid.failed ? (["refund_failed"] as const) : []),
      ...(paid.doubtful || !transactions.whole ? (["needs_review"] as const) : []),
    ],
    openedAt: given.createdAt ?? given.processedAt,
    raw: { status: state.raw, type: "Refund", apiVersion },
  };
}

/** A dispute of Shopify Payments. Its due time is the only one that Shopify sets. */
function factsOfDispute(given: ShopifyDispute, apiVersion: string): Facts {
  const state = mapped(given.status, disputeStates);
  const status = mapped(given.status, disputeStatuses);
  const type = mapped(given.type, disputeTypes);
  const dueAt = given.evidenceDueBy ? instantOfText(given.evidenceDueBy) : undefined;
  const asks = status.known && status.value === "evidence_due";
  const reason = given.reasonDetails?.reason ?? "";
  const isLost = status.known && status.value === "decided_for_buyer";
  return {
    orders: given.order ? [{ orderId: numberOf(given.order.id) }] : [],
    groupKey: given.order?.id,
    type,
    state,
    outcome: isLost ? "refunded" : status.known && status.value === "decided_for_merchant" ? "refused" : undefined,
    waitingOn: !state.known || asks ? "merchant" : state.value === "closed" ? "nobody" : "channel",
    goods: {},
    // The bank moves this money; no transaction of the order proves it.
    money: { status: state.known && state.value === "closed" ? "none" : "pending", claimed: given.amount },
    dispute: { status, disputeId: given.id },
    deadlines:
      dueAt && asks
        ? [{ kind: "evidence", dueAt, source: { from: "channel", field: "evidenceDueBy" }, onExpiry: "unknown" }]
        : [],
    ...(given.evidenceDueBy &&
      !dueAt && {
        unreadableDeadlines: [{ kind: "evidence", field: "evidenceDueBy", raw: given.evidenceDueBy.slice(0, 100) }],
      }),
    reason: {
      code: mapped(reason, disputeReasons).known ? (disputeReasons[reason] ?? "unknown") : "unknown",
      rawCode: reason,
    },
    evidence: [],
    flags: [
      ...(state.known ? [] : (["unknown_status"] as const)),
      ...(type.known ? [] : (["type_unmapped"] as const)),
      ...(given.order ? [] : (["unmatched"] as const)),
      ...(given.evidenceDueBy && !dueAt ? (["deadline_unreadable"] as const) : []),
    ],
    openedAt: given.initiatedAt,
    changedAt: given.finalizedOn ?? undefined,
    raw: { status: given.status, type: given.type, apiVersion },
  };
}
