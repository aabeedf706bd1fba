import { demoTenant } from "../stack.ts";
import { type DeadLetters, deadQueuesOf, givenUpIn, redriveAll } from "./dead-letters.ts";
import { type Finding, type Pair, reconcile } from "./reconcile.ts";
import { minuteMs, type Stage } from "./stage.ts";

/** What a case needs at most after the last fault: an unclear command is given up on after hours. */
const settlesWithinMs = 8 * 60 * minuteMs;
/** And so long by the wall: a run ends by itself, whatever the machine does. */
const settlesWithinWallMs = 10 * minuteMs;
/** Longer than the slowest feed takes its turn, so that what a push lost has been swept. */
const settlesNotBeforeMs = 60 * minuteMs;

export interface Settled {
  pairs: Pair[];
  findings: Finding[];
  /** The case of the first finding from its beginning. */
  story: string[];
  /** What was found dead when the faults were over, and how much of it the command sent back. */
  deadLetters: DeadLetters[];
  redriven: number;
  /** Commands whose fate only a person can tell, each with a task that says so. */
  unclear: number;
  refusals: string[];
}

/** Good weather: everything on its way arrives, dead letters are looked for and sent back, and all is compared. */
export async function settle(stage: Stage): Promise<Settled> {
  const { world, clock } = stage;
  world.disturb({});
  await stage.start({ maxThreads: 2 });
  await letSomeDie(stage);
  stage.tell("good weather from here on");
  // An alarm needs a minute of what it watches.
  for (let minute = 0; minute < 3; minute++) await stage.step(minuteMs);

  const calmFrom = clock.now().getTime();
  const endsAt = Date.now() + settlesWithinWallMs;
  const deadLetters: DeadLetters[] = [];
  let redriven = 0;
  let pairs: Pair[] = [];
  let findings: Finding[] = [];
  while (clock.now().getTime() < calmFrom + settlesWithinMs && Date.now() < endsAt) {
    // What was tried often enough in bad weather may still die now, and is sent back as well.
    const left = await deadLettersOf(stage);
    deadLetters.push(...left);
    const sent = await redriveAll(left, stage.suite.gatewayUrl);
    if (left.length > 0)
      stage.tell(`dead: ${left.map(({ place, number }) => `${number} in ${place}`)}; ${sent} sent back`);
    redriven += sent;
    pairs = await pairsOf(stage);
    findings = judge(stage, { pairs, deadLetters, left });
    if (findings.length === 0 && clock.now().getTime() >= calmFrom + settlesNotBeforeMs) break;
    await stage.step(10 * minuteMs);
    await stage.lookIn();
  }
  const { refusals } = await stage.suite.look();
  const story = await storyOf(stage, findings);
  const unclear = pairs.flatMap(({ held }) => held?.commands.filter(({ status }) => status === "unclear") ?? []);
  return { pairs, findings, story, deadLetters, redriven, refusals, unclear: unclear.length };
}

/** Whatever the machine's speed, each run has dead letters: nobody decides until a message has died of it. */
async function letSomeDie(stage: Stage): Promise<void> {
  const { suite } = stage;
  await suite.cutOff("decide-response");
  stage.tally.add("function cut off from its table");
  for (let minute = 0; minute < 20; minute++) {
    await stage.openCase();
    await stage.step(minuteMs);
    if (deadQueuesOf(await suite.look()).some(({ place }) => place.includes("decide-response"))) break;
  }
  await suite.inject({});
}

function judge(
  { world }: Stage,
  { pairs, deadLetters, left }: { pairs: Pair[]; deadLetters: DeadLetters[]; left: DeadLetters[] },
): Finding[] {
  const ledgers = Object.fromEntries(world.shops.map(({ market }) => [market.channel, market.ledger()]));
  // It has been sent back this very moment; whether it stays away shows the next time.
  const again = left.map(({ place, number }): Finding => ({ kind: "lost", text: `${number} lay in ${place}` }));
  return [...reconcile({ pairs, ledgers, deadLetters }), ...again];
}

async function pairsOf({ world, desk }: Stage): Promise<Pair[]> {
  const pairs: Pair[] = [];
  for (const { market } of world.shops) {
    const { channel } = market;
    for (const truth of market.truth())
      pairs.push({ channel, truth, held: await desk.caseOf(demoTenant, { channel, ...truth }) });
  }
  return pairs;
}

async function deadLettersOf(stage: Stage): Promise<DeadLetters[]> {
  const { suite, raised } = stage;
  let seen = await suite.look();
  if (deadQueuesOf(seen).some(({ isAlarmed }) => !isAlarmed)) {
    // It may have died a moment ago: an alarm sees a minute when it is over.
    await stage.step(2 * minuteMs);
    seen = await suite.look();
  }
  for (const name of seen.raised) raised.add(name);
  return [...deadQueuesOf(seen), ...(await givenUpIn(suite.gatewayUrl, raised))];
}

async function storyOf({ desk }: Stage, findings: readonly Finding[]): Promise<string[]> {
  const held = findings.find(({ pair }) => pair?.held)?.pair?.held;
  if (!held) return [];
  const told = await desk.store.timeline.read(held.tenantId, held.caseId);
  return told.map(({ revision, news }) => `${revision} ${news.at} ${news.name} ${JSON.stringify(news.data)}`);
}
