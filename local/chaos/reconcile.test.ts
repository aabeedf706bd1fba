import { describe, expect, it } from "vitest";
import type { Case } from "#shared/case/case.ts";
import type { Command } from "#shared/case/command.ts";
import { inState, someCase } from "../../test/builders/case-builder.ts";
import type { CaseTruth, Payment } from "../marketplaces/contract.ts";
import { deadQueuesOf } from "./dead-letters.ts";
import { countOf, type Finding, type Pair, reconcile } from "./reconcile.ts";

// A checker that cannot fail proves nothing: each thing it looks for is planted here, alone.

const shopId = "10437917";
const channelCaseId = "7301234567890123403";
const amountMinor = 15_900;

/** A case that was paid once because we asked for it, and is held exactly as the marketplace has it. */
function paidCase(): { pair: Pair & { held: Case }; ledger: Payment[] } {
  const settled = { amountMinor, currency: "CNY" };
  const held = someCase({
    ...inState("refunded"),
    waitingOn: "nobody",
    deadlines: [],
    money: { status: "paid", claimed: settled, settled },
  });
  const truth: CaseTruth = {
    ...{ shopId, channelCaseId, plan: "return_no_reason", state: "refunded", final: true, settled: true },
    ...{ settledMinor: amountMinor, currency: "CNY", missedDeadlines: 0, rawStatus: "12" },
  };
  return {
    pair: { channel: "douyin", truth, held: { ...held, commands: [refund("confirmed")] } },
    ledger: [payment()],
  };
}

const refund = (status: Command["status"], number = 1): Command => ({
  ...{ commandId: `agree_refund-${number}`, action: "agree_refund", args: {}, status, askedBy: "person:demo" },
  ...{ plannedAt: "2026-11-25T12:00:00.000Z", decidedOnVersion: 1 },
});

const payment = (parts: Partial<Payment> = {}): Payment => ({
  ...{ at: "2026-11-25T12:00:05.000Z", shopId, channelCaseId, amountMinor, currency: "CNY" },
  executedBy: "merchant_api",
  ...parts,
});

const judge = (pairs: Pair[], ledger: Payment[], deadLetters: Parameters<typeof reconcile>[0]["deadLetters"] = []) =>
  reconcile({ pairs, ledgers: { douyin: ledger }, deadLetters });
const kinds = (findings: readonly Finding[]) => findings.map(({ kind }) => kind);

describe("the reconciliation", () => {
  it("finds nothing where all is well", () => {
    const { pair, ledger } = paidCase();
    expect(judge([pair], ledger)).toEqual([]);
  });

  it("finds a case that we do not have", () => {
    const { pair, ledger } = paidCase();
    const found = judge(
      [pair, { ...pair, truth: { ...pair.truth, channelCaseId: "1", settledMinor: 0 }, held: undefined }],
      ledger,
    );
    expect(found).toMatchObject([{ kind: "lost", pair: { truth: { channelCaseId: "1" } } }]);
  });

  it.each([
    ["state", { state: "closed" }],
    ["money", { settledMinor: 1 }],
    ["deadline", { dueAt: "2026-11-28T00:00:00.000Z" }],
  ])("finds a case that we hold with another %s", (_, told) => {
    const { pair, ledger } = paidCase();
    expect(kinds(judge([{ ...pair, truth: { ...pair.truth, ...told } }], ledger))).toContain("lost");
  });

  it("finds a refund that was paid twice, even where both sides have seen both", () => {
    const { pair } = paidCase();
    const truth = { ...pair.truth, settledMinor: 2 * amountMinor };
    const { facts } = pair.held;
    const money = { ...facts.money, settled: { amountMinor: 2 * amountMinor, currency: "CNY" } };
    const found = judge(
      [{ ...pair, truth, held: { ...pair.held, facts: { ...facts, money } } }],
      [payment(), payment()],
    );
    expect(kinds(found)).toEqual(["doubled refund", "doubled refund"]);
    expect(found.map(({ text }) => text)).toEqual([
      "paid 31800 where 15900 was claimed",
      "paid 2 times by us for 1 commands",
    ]);
  });

  it("finds a second payment within what was claimed", () => {
    const { pair } = paidCase();
    const halves = [payment({ amountMinor: 7_950 }), payment({ amountMinor: 7_950 })];
    expect(kinds(judge([pair], halves))).toEqual(["doubled refund"]);
  });

  it("finds a payment on another case that no command of ours explains", () => {
    const { pair, ledger } = paidCase();
    const elsewhere = payment({ channelCaseId: "2" });
    expect(kinds(judge([pair], [...ledger, elsewhere]))).toEqual(["doubled refund"]);
    // Where the channel books it as another case, the command explains one payment, and not a second.
    const moved = { ...pair, truth: { ...pair.truth, state: "requested", settledMinor: 0 } };
    const held = { ...pair.held, facts: { ...someCase().facts, deadlines: [] }, deadlines: [] };
    expect(judge([{ ...moved, held }], [elsewhere])).toEqual([]);
    expect(kinds(judge([{ ...moved, held }], [elsewhere, elsewhere]))).toEqual(["doubled refund"]);
  });

  it("finds a refund that we hold as done and nobody has paid", () => {
    const { pair } = paidCase();
    expect(kinds(judge([pair], []))).toEqual(["unpaid refund", "unpaid refund"]);
  });

  it("finds a return address that was given twice", () => {
    const { pair, ledger } = paidCase();
    const given = { ...refund("confirmed"), action: "agree_return" } as const;
    const commands = [...pair.held.commands, given, given];
    expect(kinds(judge([{ ...pair, held: { ...pair.held, commands } }], ledger))).toEqual(["doubled address"]);
  });

  it.each(["planned", "sent", "unclear"] as const)("finds a command that is %s and waits for nobody", (status) => {
    const { pair, ledger } = paidCase();
    const commands = [...pair.held.commands, { ...refund(status, 2), action: "agree_return" } as const];
    expect(kinds(judge([{ ...pair, held: { ...pair.held, commands } }], ledger))).toEqual(["command left open"]);
  });

  it("finds dead letters without an alarm, and lets those be that have one", () => {
    const queues = [
      { name: "casebridge-dev-commands-dead.fifo", visible: 2 },
      { name: "casebridge-dev-quarantine", visible: 1 },
      { name: "casebridge-dev-intake.fifo", visible: 4 },
      { name: "casebridge-dev-polls-dead", visible: 0 },
    ].map((each) => ({ ...each, waiting: 0 }));
    const deadLetters = deadQueuesOf({ queues, alarms: ["casebridge-dev-quarantine-not-empty"] });
    expect(deadLetters.map(({ isAlarmed }) => isAlarmed)).toEqual([false, true]);
    const found = judge([], [], deadLetters);
    expect(found).toMatchObject([{ kind: "unalarmed dead letter", text: "2 in casebridge-dev-commands-dead.fifo" }]);
    expect(countOf(found, "unalarmed dead letter")).toBe(1);
  });
});
