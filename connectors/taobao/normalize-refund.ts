import type { UnreadableDeadline } from "#shared/case/deadline.ts";
import { type Money, moneyOfDecimal } from "#shared/case/money.ts";
import type { Facts } from "#shared/case/observation.ts";
import type { CaseState } from "#shared/case/states.ts";
import { type CaseType, type Flag, type Mapped, mapped } from "#shared/case/vocabulary.ts";
import { instantOfChinaTime } from "../kit/time.ts";
import { rawTypeOf, stepOf } from "./case-words.ts";
import { constraintFlags } from "./constraints.ts";
import { deadlinesOf } from "./deadlines.ts";
import { disputeOf, phaseOf, turnIn } from "./dispute.ts";
import { goodsOfRefund, shippedOf } from "./goods.ts";
import { reasonOf } from "./reason.ts";
import type { Refund } from "./schema.ts";
import type { ShopKind } from "./settings.ts";
import {
  advanced,
  movesMoney,
  refundSteps,
  type Step,
  specialTypeTable,
  steps,
  typesByGoods,
  typeTable,
} from "./status.ts";

type TimelessFacts = Omit<Facts, "openedAt" | "changedAt">;

/** Everything but its times of a refund, a return, a repair, a reissue, or an exchange of a Taobao shop. */
export function factsOfRefund({ shop, refund }: { shop: ShopKind; refund: Refund }): TimelessFacts {
  const flags: Flag[] = constraintFlags(refund.operation_contraint);
  const unreadable: UnreadableDeadline[] = [];
  const type = typeOf(refund);
  const step = stepOf(refund.status, refundSteps);
  const knownType = type.known ? type.value : undefined;
  const state = step && stateOf(step, knownType);
  const dispute = disputeOf(refund.cs_status, flags);
  const isOver = state === "closed" || state === "refunded";
  const shipped = shippedOf(refund);
  if (!state) flags.push("unknown_status");
  if (!type.known) flags.push("type_unmapped");
  if (refund.special_refund_type) flags.push("not_actionable");
  const orders = ordersOf(refund);
  if (orders.length === 0) flags.push("unmatched");
  const outcome = step && state && outcomeOf(refund, { step, state, type: knownType });
  const rawStatus = refund.status.slice(0, 200);
  return {
    orders,
    type,
    ...(shipped !== undefined && { shipped }),
    state: state ? { known: true, value: state, raw: rawStatus } : { known: false, raw: rawStatus },
    ...(outcome && { outcome }),
    waitingOn: isOver ? "nobody" : (turnIn(dispute) ?? (step ? steps[step].waitingOn : "merchant")),
    goods: goodsOfRefund(refund, step),
    money: moneyOf(refund, { state, type: knownType }),
    dispute,
    deadlines: isOver
      ? []
      : deadlinesOf(clockOf(refund), { step, type: knownType, dispute: phaseOf(dispute) }, flags, unreadable),
    ...(unreadable.length > 0 && { unreadableDeadlines: unreadable }),
    reason: reasonOf(refund.reason),
    evidence: [],
    flags: [...new Set(flags)].sort(),
    raw: {
      status: rawStatus,
      type: rawTypeOf({
        shop,
        kind: "refund",
        type: refund.special_refund_type || refund.dispute_type || undefined,
        phase: refund.refund_phase ?? undefined,
      }),
      apiVersion: "2.0",
    },
  };
}

/** A special type comes first; OTHERS and a missing type are told by whether goods come back; a new word stays unknown. */
function typeOf(refund: Refund): Mapped<CaseType> {
  if (refund.special_refund_type) return mapped(refund.special_refund_type, specialTypeTable);
  const raw = refund.dispute_type ?? "";
  if (!typesByGoods.includes(raw)) return mapped(raw, typeTable);
  if (refund.has_good_return === undefined || refund.has_good_return === null) return { known: false, raw };
  return { known: true, value: refund.has_good_return ? "return_refund" : "refund_only", raw };
}

/** Undefined when it is done and nobody knows what it was about: money or goods. */
function stateOf(step: Step, type: CaseType | undefined): CaseState | undefined {
  const { state } = steps[step];
  if (state !== "done") return state;
  return type && (movesMoney.includes(type) ? "refunded" : "closed");
}

/** Of a closed case the channel does not say who ended it. */
function outcomeOf(
  refund: Refund,
  { step, state, type }: { step: Step; state: CaseState; type: CaseType | undefined },
): Facts["outcome"] {
  if (state === "refunded") return Number(refund.payment ?? 0) > 0 ? "partially_refunded" : "refunded";
  if (step === "converted") return "converted";
  if (step !== "done") return undefined;
  return type === "repair" ? "repaired" : "replaced";
}

function moneyOf(
  refund: Refund,
  { state, type }: { state: CaseState | undefined; type: CaseType | undefined },
): Facts["money"] {
  const amount = fenOf(refund.refund_fee);
  // An exchange, a repair or a reissue names an amount only where one is asked for.
  const isAsked = amount !== undefined && amount.amountMinor > 0 && (type === undefined || movesMoney.includes(type));
  const isPaid = state === "refunded";
  const settledAt = isPaid && refund.end_time ? instantOfChinaTime(refund.end_time) : undefined;
  const isAdvanced = advanced.includes(refund.advance_status ?? "");
  return {
    status: isPaid ? "paid" : state === "closed" || !isAsked ? "none" : "pending",
    ...(isAsked && { claimed: amount }),
    ...(isPaid && isAsked && { settled: amount }),
    ...(settledAt && { settledAt }),
    ...(isPaid && isAdvanced && { executedBy: "platform_advance" as const }),
  };
}

function fenOf(yuan: string | null | undefined): Money | undefined {
  return yuan ? moneyOfDecimal(yuan, "CNY") : undefined;
}

function ordersOf({ tid, biz_order_id: bizOrderId, oid }: Refund): Facts["orders"] {
  const orderId = tid ?? bizOrderId;
  if (!orderId || orderId === "0") return [];
  return [{ orderId, ...(oid && { lineId: oid }) }];
}

function clockOf({ refund_remind_timeout: reminder, time_out: timeOut }: Refund): {
  timeout: string | undefined;
  field: string;
} {
  if (timeOut) return { timeout: timeOut, field: "time_out" };
  const timeout = reminder?.exist_timeout ? (reminder.timeout ?? undefined) : undefined;
  return { timeout, field: "refund_remind_timeout.timeout" };
}
