import type { Case } from "#shared/case/case.ts";
import { type Command, factsOf } from "#shared/case/command.ts";
import type { CaseTruth, Payment } from "../marketplaces/contract.ts";
import { compare } from "../referee.ts";
import type { DeadLetters } from "./dead-letters.ts";

/** One case as its marketplace has it, and as we hold it. */
export interface Pair {
  channel: string;
  truth: CaseTruth;
  held: Case | undefined;
}

export type FindingKind =
  | "lost"
  | "doubled refund"
  | "unpaid refund"
  | "doubled address"
  | "command left open"
  | "unalarmed dead letter";

export interface Finding {
  kind: FindingKind;
  /** The case, where it is about one. */
  pair?: Pair;
  text: string;
}

export interface Accounts {
  pairs: readonly Pair[];
  ledgers: Readonly<Record<string, readonly Payment[]>>;
  deadLetters: readonly DeadLetters[];
}

/** Everything that is not as it must be, when all faults are over and all has come to rest. Empty when all is well. */
export function reconcile({ pairs, ledgers, deadLetters }: Accounts): Finding[] {
  return [
    ...pairs.flatMap((pair) => ofCase(pair, paymentsOf(pair, ledgers))),
    ...Object.entries(ledgers).flatMap(([channel, ledger]) => ofChannel(channel, ledger, pairs)),
    ...deadLetters
      .filter(({ isAlarmed }) => !isAlarmed)
      .map(({ place, number }): Finding => ({ kind: "unalarmed dead letter", text: `${number} in ${place}` })),
  ];
}

/** How many of a kind; dead letters count each by itself. */
export function countOf(findings: readonly Finding[], kind: FindingKind): number {
  return findings.filter((each) => each.kind === kind).length;
}

function paymentsOf({ channel, truth }: Pair, ledgers: Accounts["ledgers"]): Payment[] {
  const { shopId, channelCaseId } = truth;
  return (ledgers[channel] ?? []).filter((each) => each.shopId === shopId && each.channelCaseId === channelCaseId);
}

function ofCase(pair: Pair, payments: readonly Payment[]): Finding[] {
  const { truth, held } = pair;
  const findings: Finding[] = [];
  const find = (kind: FindingKind, text: string) => findings.push({ kind, pair, text });
  const differences = compare(truth, held);
  if (differences.length > 0) find("lost", differences.map(({ text }) => text).join("; "));
  const paid = sumOf(payments);
  if (paid !== truth.settledMinor) {
    find(paid > truth.settledMinor ? "doubled refund" : "unpaid refund", `paid ${paid} of ${truth.settledMinor}`);
  }
  if (!held) return findings;

  const claimed = held.facts.money.claimed?.amountMinor;
  if (claimed !== undefined && claimed > 0 && paid > claimed) {
    find("doubled refund", `paid ${paid} where ${claimed} was claimed`);
  }
  const asked = moneyCommands(held).length;
  const byUs = payments.filter(isOurs).length;
  if (asked > 0 && byUs > asked) find("doubled refund", `paid ${byUs} times by us for ${asked} commands`);
  for (const action of ["agree_return", "provide_address"] as const) {
    const done = held.commands.filter((each) => each.action === action && each.status === "confirmed").length;
    if (done > 1) find("doubled address", `${action} was carried out ${done} times`);
  }
  // An unclear one waits for a person, with a task that says so; these wait for nobody.
  const open = held.commands.filter(
    ({ status, commandId }) =>
      status === "planned" ||
      status === "sent" ||
      (status === "unclear" && !held.tasks.some(({ settles }) => settles === commandId)),
  );
  for (const { commandId, status } of open) find("command left open", `${commandId} is ${status}`);
  return findings;
}

/**
 * Some channels book what we paid under another case, which has no command of its own. Each such payment needs a command
 * of the channel that none of its own case's payments answers; and a confirmed one needs a payment somewhere.
 */
function ofChannel(channel: string, ledger: readonly Payment[], pairs: readonly Pair[]): Finding[] {
  const own = pairs.filter((pair) => pair.channel === channel);
  const commanded = own.filter(({ held }) => held && moneyCommands(held).length > 0);
  const isOf = (payment: Payment, { truth }: Pair) =>
    payment.shopId === truth.shopId && payment.channelCaseId === truth.channelCaseId;
  const elsewhere = ledger.filter((each) => isOurs(each) && !commanded.some((pair) => isOf(each, pair))).length;
  const unanswered = commanded
    .filter((pair) => !ledger.some((each) => isOf(each, pair)))
    .flatMap(({ held }) => (held ? moneyCommands(held) : []));
  const confirmed = unanswered.filter(({ status }) => status === "confirmed").length;
  const findings: Finding[] = [];
  if (elsewhere > unanswered.length) {
    findings.push({
      kind: "doubled refund",
      text: `${channel}: ${elsewhere} payments by us for ${unanswered.length} commands`,
    });
  }
  if (confirmed > elsewhere) {
    findings.push({
      kind: "unpaid refund",
      text: `${channel}: ${confirmed} confirmed commands without a payment, ${elsewhere} payments elsewhere`,
    });
  }
  return findings;
}

/** Commands that may have made the channel pay. */
function moneyCommands({ commands }: Case): Command[] {
  return commands.filter(
    ({ action, status }) => factsOf(action).movesMoney && !["proposed", "planned", "expired"].includes(status),
  );
}

const isOurs = ({ executedBy }: Payment) => executedBy === "merchant_api";
const sumOf = (payments: readonly Payment[]) => payments.reduce((sum, { amountMinor }) => sum + amountMinor, 0);
