import type { Case } from "./case.ts";
import { type Action, factsOf } from "./command.ts";
import { type Around, type Gate, type GateName, gates, type Intent, type Stop } from "./gates.ts";
import type { Refused } from "./refused.ts";

const before = [
  "shop_may_write",
  "read_freshly",
  "same_version",
  "state_known",
  "state_allows",
  "clock_still_stands",
  "asked_once",
] as const satisfies GateName[];
const channel = ["channel_offers", "arguments_given", "address_known"] as const satisfies GateName[];

const anything = [...before, ...channel] as const satisfies GateName[];

/** In this order, so that the first answer is the most telling one; the daily cap comes last, because it is spent. */
const money = [
  ...before,
  "one_payment_at_a_time",
  "not_disputed",
  "not_paid_already",
  "failed_before_again",
  ...channel,
  "amount_in_order",
  "amount_within_ceiling",
  "whole_or_partial",
  "not_shipped_meanwhile",
  "approved_by_two",
  "outside_quiet_hours",
  "within_daily_cap",
] as const satisfies GateName[];

/** The gates a command passes when it is planned, and again on freshly read facts right before it is sent. */
export const interlock = {
  agree_refund: money,
  agree_refund_if_delivery_refused: money,
  cancel_and_refund: money,
  agree_return: anything,
  provide_address: anything,
  agree_exchange: anything,
  agree_reissue: anything,
  agree_repair: anything,
  refuse: anything,
  confirm_receipt: anything,
  ship_replacement: anything,
  fill_return_waybill: anything,
  intercept_parcel: anything,
  cancel_order: anything,
  close_return: anything,
  reopen_return: anything,
  cancel_return: anything,
  extend_time: anything,
  submit_evidence: anything,
  message_buyer: anything,
  remark: anything,
} as const satisfies Record<Action, readonly GateName[]>;

/** The first gate that stops the command, or undefined when all are open. */
export function stopOf(subject: Case, intent: Intent, around: Around = {}): Stop | undefined {
  for (const name of interlock[intent.action]) {
    const gate: Gate = gates[name];
    const stop = gate(subject, intent, around);
    if (stop) return stop;
  }
  return undefined;
}

/** Why this may not be asked of the channel now, or undefined; having to wait is no objection. */
export function objection(subject: Case, intent: Intent, around: Around = {}): Refused | undefined {
  const stop = stopOf(subject, intent, around);
  return stop && "refused" in stop ? stop.refused : undefined;
}

/** Whether every payment of the table passes the gates for money. A new action that pays must not slip through. */
export function unguarded(): Action[] {
  return (Object.keys(interlock) as Action[]).filter(
    (action) =>
      factsOf(action).movesMoney && !money.every((name) => (interlock[action] as readonly string[]).includes(name)),
  );
}
