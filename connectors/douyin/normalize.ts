import type { UnreadableDeadline } from "#shared/case/deadline.ts";
import { type Instant, instantOfSeconds } from "#shared/case/instant.ts";
import type { Money } from "#shared/case/money.ts";
import { type CaseObservation, type Facts, wholeCase } from "#shared/case/observation.ts";
import type { ReasonCode } from "#shared/case/reason.ts";
import type { CaseState } from "#shared/case/states.ts";
import { type Flag, mapped, type Outcome, type RefundStatus, type WaitingOn } from "#shared/case/vocabulary.ts";
import { SuiteError } from "#shared/errors.ts";
import type { RawCase } from "../contract.ts";
import { deadlinesOf } from "./deadlines.ts";
import { disputeOf } from "./dispute.ts";
import { goodsOf, hasParcel } from "./goods.ts";
import { type AfterSaleInfo, type Detail, detailSchema } from "./schema.ts";
import {
  cancelTypes,
  platformAdvance,
  reasonTable,
  reasonWords,
  refundTable,
  shippedTable,
  statusTable,
  typeTable,
} from "./status.ts";

type Context = { shopId: CaseObservation["shopId"]; observedAt: Date };

/**
 * One case as `/afterSale/Detail` gives it (its `data`), in our words. The version is `update_time`, epoch seconds.
 * Names, phones and addresses, also as cipher text, and the buyer's own words are not carried over.
 * @throws SuiteError `payload_invalid` when a field without which the case means nothing is missing or malformed.
 */
export function normalize(raw: RawCase, { shopId, observedAt }: Context): CaseObservation {
  const parsed = detailSchema.safeParse(raw.payload);
  if (!parsed.success) throw invalid(parsed.error.issues[0]?.path.join(".") ?? "payload");
  const detail = parsed.data;
  const info = detail.process_info.after_sale_info;
  return {
    channel: "douyin",
    shopId,
    channelCaseId: info.after_sale_id as CaseObservation["channelCaseId"],
    facet: wholeCase,
    version: info.update_time,
    observedAt: observedAt.toISOString(),
    facts: factsOf(detail),
  };
}

function factsOf(detail: Detail): Facts {
  const { after_sale_info: info, arbitrate_info: arbitration } = detail.process_info;
  const flags: Flag[] = [];
  const unreadable: UnreadableDeadline[] = [];
  const state = stateOf(detail);
  const dispute = disputeOf(arbitration, flags);
  const money = moneyOf(detail, state, flags);
  flags.push(...flagsOf(detail, state));
  const type = mapped(info.after_sale_type, typeTable);
  const shipped = shippedTable[info.after_sale_type];
  const outcome = outcomeOf(info, state);
  const isOver = state === "closed" || state === "refunded";
  return {
    orders: ordersOf(detail),
    type,
    ...(shipped !== undefined && { shipped }),
    state: state ? { known: true, value: state, raw: String(info.after_sale_status) } : unknownStatus(info),
    ...(outcome && { outcome }),
    waitingOn: isOver ? "nobody" : waitingOn(info, dispute, flags),
    goods: goodsOf(detail),
    money,
    dispute,
    deadlines: isOver ? [] : deadlinesOf(info, arbitration, flags, unreadable),
    ...(unreadable.length > 0 && { unreadableDeadlines: unreadable }),
    reason: reasonOf(info),
    evidence: evidenceOf(detail),
    flags: [...new Set(flags)].sort(),
    openedAt: timeOf(info.apply_time, "apply_time"),
    changedAt: timeOf(info.update_time, "update_time"),
    raw: { status: String(info.after_sale_status), type: String(info.after_sale_type), apiVersion: "2" },
  };
}

/** Undefined for a status that the table does not have. */
function stateOf(detail: Detail): CaseState | undefined {
  const { after_sale_status: status, refund_status: refund } = detail.process_info.after_sale_info;
  const facts = Object.hasOwn(statusTable, status) ? statusTable[status] : undefined;
  switch (facts?.state) {
    case "by_parcel":
      return hasParcel(detail) ? "received" : "approved";
    case "by_refund":
      // Consent is not money: only the refund's own status proves that it moved.
      return refund === 3 || refund === 5 ? "refunded" : "refunding";
    case "refunded_or_closed":
      return refund === 3 ? "refunded" : "closed";
    default:
      return facts?.state;
  }
}

function unknownStatus(info: AfterSaleInfo): { known: false; raw: string } {
  return { known: false, raw: String(info.after_sale_status) };
}

/** An open dispute moves the turn. Whatever we do not know waits for the merchant, because a person must look. */
function waitingOn(info: AfterSaleInfo, { status: dispute }: Facts["dispute"], flags: readonly Flag[]): WaitingOn {
  if (flags.includes("not_actionable")) return "channel";
  if (!dispute.known || dispute.value === "evidence_due" || dispute.value === "negotiating") return "merchant";
  if (dispute.value === "under_review") return "channel";
  const known = Object.hasOwn(statusTable, info.after_sale_status) ? statusTable[info.after_sale_status] : undefined;
  return known?.waitingOn ?? "merchant";
}

function outcomeOf(info: AfterSaleInfo, state: CaseState | undefined): Outcome | undefined {
  if (state === "refunded") return info.part_type === 1 ? "partially_refunded" : "refunded";
  if (info.after_sale_status !== 14) return undefined;
  // Sub type 8001: a replacement instead of the repair.
  return info.after_sale_type === 8 && info.after_sale_sub_type !== 8001 ? "repaired" : "replaced";
}

function moneyOf(detail: Detail, state: CaseState | undefined, flags: Flag[]): Facts["money"] {
  const info = detail.process_info.after_sale_info;
  const status = refundStatusOf(info, state);
  if (status === "failed") flags.push("refund_failed");
  const claimed = info.refund_total_amount;
  const settled = status === "paid" ? info.real_refund_amount : undefined;
  const ceiling = ceilingOf(detail);
  const executedBy = status === "none" || status === "pending" ? undefined : executedByOf(info);
  return {
    status,
    // Exchanges, reissues and repairs carry 0.
    ...(claimed && { claimed: fen(claimed) }),
    ...(ceiling && { ceiling: fen(ceiling) }),
    ...(settled && { settled: fen(settled) }),
    ...(status === "paid" && info.refund_time && { settledAt: timeOf(info.refund_time, "refund_time") }),
    ...(executedBy && { executedBy }),
    ...(info.agree_refuse_sign === 1 && { agreedIfDeliveryRefused: true as const }),
  };
}

/** `refund_status` stays 1 after a buyer cancels and on cases that never pay, so 1 counts only while a refund is asked for. */
function refundStatusOf(info: AfterSaleInfo, state: CaseState | undefined): RefundStatus {
  const stated = mapped(info.refund_status ?? "", refundTable);
  if (stated.known && stated.value !== "pending" && stated.value !== "none") return stated.value;
  if (state === "refunding") return "moving";
  if (state === "closed" || !info.refund_total_amount) return "none";
  return stated.known ? stated.value : "pending";
}

/** Who set the refund going. Any audit bit means that the platform decided. Nothing tells a person from a timeout. */
function executedByOf(info: AfterSaleInfo): "platform_advance" | "platform_robot" | undefined {
  if (info.refund_type === platformAdvance) return "platform_advance";
  return info.auto_audit_bits?.length ? "platform_robot" : undefined;
}

/** What was paid for the units concerned, freight included; undefined when a line does not say. */
function ceilingOf(detail: Detail): number | undefined {
  const lines = detail.order_info?.sku_order_infos ?? [];
  let sum = 0;
  for (const { pay_amount: paid, post_amount: post, item_quantity: bought, after_sale_item_count: asked } of lines) {
    if (paid === undefined || paid === null || !bought) return undefined;
    sum += Math.floor((paid * Math.min(asked || bought, bought)) / bought) + (post ?? 0);
  }
  return lines.length > 0 ? sum : undefined;
}

function reasonOf(info: AfterSaleInfo): Facts["reason"] {
  const text = info.reason?.trim().slice(0, 200);
  const rawCode = String(info.reason_code ?? "");
  const byCode = Object.hasOwn(reasonTable, rawCode) ? reasonTable[rawCode] : undefined;
  const byWords = text ? reasonWords.find(([words]) => words.test(text))?.[1] : undefined;
  const code: ReasonCode = byCode ?? byWords ?? "unknown";
  return { code, rawCode, ...(text && { rawText: text }) };
}

function evidenceOf({
  process_info: { after_sale_info: info, arbitrate_info: arbitration },
}: Detail): Facts["evidence"] {
  const fromBuyer = info.evidence?.length ?? 0;
  const forDispute = arbitration?.arbitrate_evidence?.images?.length ?? 0;
  return [
    ...(fromBuyer > 0 ? [{ kind: "photo" as const, source: "buyer", count: fromBuyer }] : []),
    ...(forDispute > 0 ? [{ kind: "photo" as const, source: "merchant_in_dispute", count: forDispute }] : []),
  ];
}

/** The model's limit; a case covers one line, or the lines of one order. */
const mostOrders = 100;

function ordersOf({ order_info: order }: Detail): Facts["orders"] {
  const orderId = order?.shop_order_id;
  if (!orderId || orderId === "0") return [];
  const lines = (order.sku_order_infos ?? []).slice(0, mostOrders);
  return lines.length > 0 ? lines.map(({ sku_order_id: lineId }) => ({ orderId, lineId })) : [{ orderId }];
}

function flagsOf(detail: Detail, state: CaseState | undefined): Flag[] {
  const info = detail.process_info.after_sale_info;
  const { after_sale_type: type, after_sale_status: status } = info;
  const flags: Flag[] = [];
  if (!state) flags.push("unknown_status");
  if (!Object.hasOwn(typeTable, type)) flags.push("type_unmapped");
  else if (state && statusTable[status]?.types?.includes(type) === false) flags.push("needs_review");
  if (!Object.hasOwn(refundTable, info.refund_status ?? 0)) flags.push("needs_review");
  if (cancelTypes.includes(type)) flags.push("not_actionable");
  // The channel takes no call on a case with a final time, whatever its status says.
  if (info.aftersale_status_to_final_time && state !== "closed" && state !== "refunded") flags.push("not_actionable");
  if (ordersOf(detail).length === 0) flags.push("unmatched");
  return flags;
}

function fen(amountMinor: number): Money {
  return { amountMinor, currency: "CNY" };
}

function timeOf(seconds: number, field: string): Instant {
  try {
    return instantOfSeconds(seconds);
  } catch {
    throw invalid(field);
  }
}

function invalid(field: string): SuiteError {
  return new SuiteError("payload_invalid", `the case's ${field} is missing or malformed`, { details: { field } });
}
