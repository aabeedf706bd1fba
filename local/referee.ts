import { type Case, stateOf } from "#shared/case/case.ts";
import type { CaseTruth } from "./marketplaces/contract.ts";
import type { LocalStack } from "./stack.ts";

export interface Difference {
  text: string;
}

/** Where our case and the marketplace's own view of it part. Empty when they agree. */
export function compare(truth: CaseTruth, held: Case | undefined): Difference[] {
  if (!held) return [{ text: "we do not have this case" }];
  const differences: Difference[] = [];
  const expect = (what: string, theirs: unknown, ours: unknown) => {
    if (theirs !== ours) differences.push({ text: `${what}: marketplace ${theirs}, ours ${ours}` });
  };
  const { settled } = held.facts.money;
  expect("state", truth.state, stateOf(held));
  expect("settled", truth.settledMinor, settled?.amountMinor ?? 0);
  if (settled) expect("currency", truth.currency, settled.currency);
  if (truth.dueAt !== undefined) {
    const ours = held.deadlines.map(({ dueAt }) => dueAt);
    expect("deadline", true, ours.includes(new Date(truth.dueAt).toISOString()));
  }
  return differences;
}

/** Lets everything on its way arrive: pushes and their retries, polls, commands, events. Simulated time goes on for it. */
export async function drain({ runtime }: LocalStack): Promise<void> {
  await runtime.idle();
  // Longer than a feed's pace, so that what a push lost has been swept.
  for (let minute = 0; minute < 40; minute++) await runtime.advance(60_000);
  await runtime.idle();
}
