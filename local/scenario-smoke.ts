import type { Case } from "#shared/case/case.ts";
import { createClock } from "./clock.ts";
import { staffRound } from "./demo-staff.ts";
import type { Disturbance } from "./faults.ts";
import type { CaseTruth } from "./marketplaces/contract.ts";
import { compare, type Difference, drain } from "./referee.ts";
import { demoTenant, type LocalStack, type StackOptions, startStack } from "./stack.ts";
import { wayTable } from "./way-table.ts";

/** The day that is always played: the same seeds give the same buyers, the same delays and the same ids. */
const start = new Date("2026-11-25T00:00:00.000Z");
const hours = 8;
/** Buyers, carriers and staff act thirty times faster than in life, so that a return comes full circle in a working day. */
const pace = 1 / 30;
const staffEveryMinutes = 20;
/** Fewer idle sweeps make a day quicker to play; timers still fire to the second. */
const context = { sweepMinutes: "5" };
const calm: Disturbance = { markets: {}, aws: {} };

export interface SmokeResult {
  cases: number;
  final: number;
  deadlines: { met: number; missed: number };
  refunds: { expected: number; paid: number };
  lost: number;
}

interface Pair {
  truth: CaseTruth;
  held: Case | undefined;
  differences: Difference[];
}

/** Plays the day on a stack of its own and judges it. Returns the result and whether every case agrees with its marketplace. */
export async function playSmoke({
  faults,
  ...options
}: Pick<StackOptions, "dataDir" | "channels"> & {
  /** What is disturbed while the day lasts; at its end everything must have come right. */
  faults?: Disturbance | undefined;
  tell: (line: string) => void;
}): Promise<{ result: SmokeResult; agreed: boolean }> {
  const { tell } = options;
  const clock = createClock({ start, mode: "moved" });
  const stack = await startStack({ clock, pace, context, ...options });
  try {
    disturb(stack, faults ?? calm);
    await openCases(stack);
    for (let minute = 0; minute < hours * 60; minute += staffEveryMinutes) {
      await stack.runtime.advance(staffEveryMinutes * 60_000);
      const answered = await staffRound(stack);
      if (minute % 240 === 0)
        tell(`  ${clock.now().toISOString().slice(11, 16)}  ${answered.length} answered by staff`);
    }
    disturb(stack, calm);
    await drain(stack);
    return await judge(stack, tell);
  } finally {
    await stack.stop();
  }
}

function disturb({ markets, runtime }: LocalStack, { markets: ofMarkets, aws }: Disturbance): void {
  for (const market of markets) market.inject(ofMarkets);
  runtime.inject(aws);
}

/** How these end is told by a feed's daily round alone, and this scenario is shorter than a day. */
const toldNextDay = ["external_alone"];

/** One case of every other plan of every marketplace, spread over the first hours. */
async function openCases({ shops, runtime }: LocalStack): Promise<void> {
  let seed = 1;
  for (const { market, shopId } of shops) {
    for (const plan of Object.keys(market.plans).filter((each) => !toldNextDay.includes(each))) {
      await market.openCase({ shopId, plan, seed: seed++ });
      await runtime.advance(60_000);
    }
  }
}

async function judge(
  stack: LocalStack,
  tell: (line: string) => void,
): Promise<{ result: SmokeResult; agreed: boolean }> {
  const pairs: Pair[] = [];
  for (const { market } of stack.shops) {
    for (const truth of market.truth()) {
      const held = await stack.desk.caseOf(demoTenant, { channel: market.channel, ...truth });
      pairs.push({ truth, held, differences: compare(truth, held) });
    }
  }
  const stories = new Map<string, string[]>();
  let met = 0;
  let missed = 0;
  for (const { held } of pairs) {
    if (!held) continue;
    const story = await stack.desk.store.timeline.read(held.tenantId, held.caseId);
    met += story.filter(({ news }) => news.name === "deadline.met").length;
    missed += story.filter(({ news }) => news.name === "deadline.missed").length;
    stories.set(
      held.caseId,
      story.map(({ news }) => (news.name === "case.moved" ? news.data.to : news.name)),
    );
  }
  tell(wayTable(pairs, stories));
  const disagreeing = pairs.filter(({ differences }) => differences.length > 0);
  for (const { truth, differences } of disagreeing) {
    tell(`  differs: ${truth.channelCaseId} (${truth.plan}): ${differences.map((each) => each.text).join("; ")}`);
  }
  const deadLetters = stack.runtime
    .queues()
    .filter(({ name, visible }) => /-dead(\.fifo)?$|quarantine/.test(name) && visible > 0);
  for (const { name, visible } of deadLetters) tell(`  ${visible} left in ${name}`);
  const refused = stack.runtime.rights.refusals();
  for (const { who, action, resource } of refused) tell(`  AWS would refuse ${who} ${action} on ${resource}`);
  const result: SmokeResult = {
    cases: pairs.length,
    final: pairs.filter(({ truth }) => truth.final).length,
    deadlines: { met, missed },
    refunds: countRefunds(stack, pairs),
    lost: pairs.filter(({ held }) => held === undefined).length,
  };
  return { result, agreed: disagreeing.length === 0 && deadLetters.length === 0 && refused.length === 0 };
}

/** Cases the marketplaces have paid for, and those of them on which we hold exactly the amount that was paid. */
function countRefunds({ markets }: LocalStack, pairs: readonly Pair[]): SmokeResult["refunds"] {
  const paidMinor = new Map<string, number>();
  for (const { channelCaseId, amountMinor } of markets.flatMap((market) => market.ledger())) {
    paidMinor.set(channelCaseId, (paidMinor.get(channelCaseId) ?? 0) + amountMinor);
  }
  const agreeing = pairs.filter(({ truth, held }) => {
    const amount = paidMinor.get(truth.channelCaseId);
    return amount !== undefined && held?.facts.money.settled?.amountMinor === amount;
  });
  return { expected: paidMinor.size, paid: agreeing.length };
}
