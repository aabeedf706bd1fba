import { setTimeout as wait } from "node:timers/promises";
import type { Life } from "./plan.ts";
import { minuteMs, type Stage } from "./stage.ts";
import type { Injected } from "./talk.ts";
import type { FaultName } from "./tally.ts";

/** Within a life, in simulated time: long enough for a message to fail as often as it may. */
const cutOffAfterMs = minuteMs;
const cutOffForMs = 8 * minuteMs;

const ofAws: Record<keyof Injected, FaultName> = {
  failing: "AWS call failed",
  throttled: "AWS call throttled",
  "answer-lost": "AWS answer lost",
  delayed: "AWS call slow",
  killed: "worker killed mid-way",
};

/** One life of the process: starts on what the last one left, works through bad weather, is killed in the middle of a step. */
export async function live(life: Life, stage: Stage): Promise<void> {
  const { world, clock, tally, random } = stage;
  await stage.start(life);
  const { suite } = stage;
  world.disturb(life.toxics);
  await suite.inject(life.aws);
  if (life.timesOut) world.timeOutNext();
  const shop = random.pick(shopsThatRenew(stage));
  shop.market.endAccess?.(shop.shopId);
  tally.add("channel token ended");

  const until = Date.now() + life.worksForMs;
  const cutOffFrom = clock.now().getTime() + cutOffAfterMs;
  let outage: "ahead" | "on" | "over" = life.outage === undefined ? "over" : "ahead";
  let injected: Injected = {};
  for (let first = true; first || Date.now() < until; first = false) {
    const now = clock.now().getTime();
    if (outage === "ahead" && now >= cutOffFrom) {
      await suite.cutOff(life.outage ?? "");
      tally.add("function cut off from its table");
      outage = "on";
    } else if (outage === "on" && now >= cutOffFrom + cutOffForMs) {
      await suite.inject(life.aws);
      outage = "over";
    }
    for (let buyers = random.int(0, 8); buyers > 0; buyers--) await stage.openCase();
    injected = await stage.step(random.int(15, 90) * 1000);
    await stage.lookIn();
  }
  for (const name of (await suite.look()).raised) stage.raised.add(name);

  const last = stage.step(random.int(30, 120) * 1000).catch(() => undefined);
  await wait(life.killAfterMs);
  await stage.kill();
  await last;
  tally.add("process killed");
  for (const [kind, number] of Object.entries(injected)) tally.add(ofAws[kind as keyof Injected], number);
  // Buyers, timers and robots do not wait for us, and pushes find nobody.
  await clock.advance(life.deadForMs);
}

function shopsThatRenew({ world }: Stage) {
  const [first, ...rest] = world.shops.filter(({ market }) => market.endAccess);
  if (!first) throw new Error("None of these marketplaces ends a token.");
  return [first, ...rest] as const;
}
