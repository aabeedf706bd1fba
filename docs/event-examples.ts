import type { NewsName, NewsOf } from "#shared/case/news.ts";

/** When each event is put, and an invented example of its data. */
export const eventExamples: { readonly [N in NewsName]: { when: string; data: NewsOf<N>["data"] } } = {
  "case.opened": {
    when: "A case was read from its channel for the first time.",
    data: {
      type: "return_refund",
      state: "requested",
      waitingOn: "merchant",
      claimed: { amountMinor: 15900, currency: "CNY" },
    },
  },
  "case.moved": {
    when: "The state of a case is another one than before. `expected` is false when our state table has no such move; it is stored all the same.",
    data: { from: "requested", to: "approved", waitingOn: "buyer", expected: true },
  },
  "case.amended": {
    when: "The channel changed facts that have no event of their own; `fields` names them. `money.claimed` means that the buyer asks for another amount, `waitingOn` that it is another's turn.",
    data: { fields: ["evidence", "money.claimed"], waitingOn: "merchant" },
  },
  "refund.observed": {
    when: "The money stands elsewhere, or the proven amount is another one. `settled` is what the channel proves to have paid.",
    data: { from: "moving", to: "paid", settled: { amountMinor: 15900, currency: "CNY" }, executedBy: "merchant" },
  },
  "goods.observed": {
    when: "The goods are somewhere else, or a parcel on its way back has become known.",
    data: { from: "with_buyer", to: "returning", trackingNo: "SF0000000000001" },
  },
  "dispute.observed": {
    when: "A dispute began, moved on or ended. The state of the case is not touched by it.",
    data: { from: "none", to: "evidence_due" },
  },
  "deadline.set": {
    when: "A clock began to run.",
    data: {
      kind: "respond",
      dueAt: "2026-11-27T02:30:00.000Z",
      onExpiry: "auto_approve",
      source: { from: "channel", field: "status_deadline" },
    },
  },
  "deadline.moved": {
    when: "A clock that runs has another time: the channel set it, a pause was announced, or the merchant changed its rules.",
    data: { kind: "confirm_receipt", from: "2026-12-02T02:30:00.000Z", to: "2026-12-09T02:30:00.000Z" },
  },
  "deadline.met": {
    when: "The state that a clock belongs to was left in time. `marginMs` is the time that was left.",
    data: { kind: "respond", dueAt: "2026-11-27T02:30:00.000Z", source: "channel", marginMs: 86_400_000 },
  },
  "deadline.cancelled": {
    when: "The channel took a clock away while its state lasts.",
    data: { kind: "evidence", dueAt: "2026-11-28T04:00:00.000Z" },
  },
  "deadline.approaching": {
    when: "A step of the ladder was reached on a merchant's clock. When several fell due at once, only the latest is told.",
    data: {
      kind: "respond",
      dueAt: "2026-11-27T02:30:00.000Z",
      source: "channel",
      rung: "last_hour",
      onExpiry: "auto_approve",
    },
  },
  "deadline.escalated": {
    when: "A rule of the merchant's would have answered before a clock runs out, and did not. `why` says what stood in the way; a person is needed before `dueAt`.",
    data: {
      kind: "respond",
      dueAt: "2026-11-27T02:30:00.000Z",
      rule: "returns_before_expiry",
      why: "the shop is in mode assist",
    },
  },
  "deadline.missed": {
    when: "A merchant's clock ran out. Told once. `source` tells a platform's clock or a published rule from the merchant's own promise.",
    data: { kind: "respond", dueAt: "2026-11-27T02:30:00.000Z", source: "channel", onExpiry: "auto_approve" },
  },
  "decision.made": {
    when: "The policy was asked about a case that waits for the merchant. One decision per version of the case.",
    data: {
      action: "agree_return",
      rule: "no_reason_return_in_window",
      policyVersion: "default-2026-11-25",
      shadow: false,
      why: "rule no_reason_return_in_window of policy default-2026-11-25",
    },
  },
  "command.proposed": {
    when: "A rule wants something of the channel, and the shop is in mode `assist`: a person has to approve it.",
    data: {
      commandId: "agree_return-3",
      action: "agree_return",
      askedBy: "policy:no_reason_return_in_window",
      args: { addressId: "1001" },
    },
  },
  "command.planned": {
    when: "A command may be sent: planned by a rule or a person, or approved by a person.",
    data: { commandId: "agree_return-3", action: "agree_return", askedBy: "person:lin", args: { addressId: "1001" } },
  },
  "command.approved": {
    when: "One of the two people whose agreement an amount needs has agreed. It is planned when the other has, too.",
    data: { commandId: "agree_refund-6", action: "agree_refund", askedBy: "person:lin", approvedBy: "person:wu" },
  },
  "command.retried": {
    when: "A command is called for again: its message was lost, its wait is over, a harmless one was not shown, or a person sends an unclear one once more.",
    data: {
      commandId: "agree_return-3",
      action: "agree_return",
      askedBy: "person:lin",
      attempt: 1,
      why: "rate_limited",
    },
  },
  "command.sent": {
    when: "The command is about to leave for the channel. Told before the call, so that nobody else sends it.",
    data: { commandId: "agree_return-3", action: "agree_return", askedBy: "person:lin" },
  },
  "command.confirmed": {
    when: "The channel shows the effect; for actions that no state can show, it has accepted the call.",
    data: { commandId: "agree_return-3", action: "agree_return", askedBy: "person:lin" },
  },
  "command.refused": {
    when: "The channel said no, or its API does not offer the action, or the case ended another way.",
    data: {
      commandId: "refuse-4",
      action: "refuse",
      askedBy: "person:lin",
      problem: "channel_refused: reasonCode is missing",
    },
  },
  "command.unclear": {
    when: "The call may have been carried out and nobody knows. It is not sent again; the case is read until it shows.",
    data: {
      commandId: "agree_refund-6",
      action: "agree_refund",
      askedBy: "person:lin",
      problem: "answer_unclear: the request left but no whole answer came",
    },
  },
  "command.expired": {
    when: "The command was not carried out, because the case or the shop's mode is no longer what it was decided on.",
    data: {
      commandId: "agree_return-3",
      action: "agree_return",
      askedBy: "policy:no_reason_return_in_window",
      problem: "version_moved",
    },
  },
  "refund.mismatched": {
    when: "The nightly reading found the channel's money other than ours, and no notice had told us.",
    data: {
      ours: { status: "moving" },
      theirs: { status: "paid", settled: { amountMinor: 15900, currency: "CNY" } },
    },
  },
  "refund.clawed_back": {
    when: "The channel shows less money as paid than it had shown before.",
    data: { before: { amountMinor: 15900, currency: "CNY" }, after: { amountMinor: 0, currency: "CNY" } },
  },
  "goods.inspected": {
    when: "The merchant's warehouse has reported what came back and in which condition.",
    data: { result: "accepted_partial", received: 2, accepted: 1, damaged: 1, missing: 1 },
  },
  "refund.paid_outside": {
    when: "The merchant's finance has reported that it paid the buyer outside of the channel.",
    data: { amount: { amountMinor: 15900, currency: "CNY" }, reference: "FIN-20261126-7" },
  },
  "task.opened": {
    when: "A person must do something that no API call or rule does.",
    data: {
      taskId: "refund_failed",
      what: "The channel could not pay this refund. See why in its console and pay it another way.",
      dueAt: "2026-12-02T02:30:00.000Z",
    },
  },
  "task.done": {
    when: "The case reached a state that shows the task as done, or ended.",
    data: { taskId: "refund_failed" },
  },
  "case.redacted": {
    when: "What leads to a person has been erased: the buyer asked for it by way of the channel, the channel's term has ended, or the shop has left. Erase it from what you keep, too.",
    data: { why: "customer_asked" },
  },
};
