import { setTimeout as wait } from "node:timers/promises";
import { type LoadFigure, percentile } from "./figures.ts";
import { play, warmUp } from "./play.ts";
import type { LoadOptions } from "./run.ts";
import { acknowledged, busyShops } from "./steady.ts";
import { openWorld, type World } from "./world.ts";

const basePerSecond = 5;
const times = 20;
const baseSeconds = 10;

/** Singles' day: the base, twenty times the base, the base again. */
export async function burst({ assemblyDir, seconds = 120 }: LoadOptions): Promise<LoadFigure[]> {
  const world = await openWorld({ assemblyDir });
  const shops = await busyShops(world);
  await warmUp(world, shops);
  const fromMs = baseSeconds * 1000;
  const overMs = fromMs + seconds * 1000;
  const seen = await play(world, [
    { shops, perSecond: basePerSecond, seconds: baseSeconds },
    { shops, perSecond: basePerSecond * times, seconds, fromMs },
    { shops, perSecond: basePerSecond, seconds: baseSeconds, fromMs: overMs },
  ]);
  await world.stop();
  const within = seen.pushes.filter(({ atMs }) => atMs >= fromMs && atMs < overMs).map(({ ackMs }) => ackMs);
  const most = Math.max(...seen.backlog.map(({ messages }) => messages));
  const emptied = seen.backlog.find(({ atMs, messages }) => atMs >= overMs && messages <= basePerSecond);
  return [
    ...acknowledged("burst", seen),
    { name: "burst.peak.ack.p99", value: percentile(within, 0.99), unit: "ms" },
    { name: "burst.backlog.most", value: most, unit: "messages" },
    { name: "burst.backlog.gone", value: ((emptied?.atMs ?? Number.NaN) - overMs) / 1000, unit: "s after" },
  ];
}

const floodPerSecond = 1_000;

/** A thousand pushes a second for ten seconds: all taken, worked off in a minute, and no alarm comes and goes. */
export async function flood({ assemblyDir, seconds = 10 }: LoadOptions): Promise<LoadFigure[]> {
  const world = await openWorld({ assemblyDir, watch: true });
  const shops = await busyShops(world, { douyin: 64, shopify: 16 });
  await warmUp(world, shops);
  const before = world.stack.runtime.alarms.changes.length;
  const seen = await play(world, [{ shops, perSecond: floodPerSecond, seconds }]);
  const alarms = await alarmsAfter(world, before);
  await world.stop();
  return [
    ...acknowledged("flood", seen, { drainedS: 60 }),
    { name: "flood.alarms.on", value: alarms.on, unit: "alarms" },
    { name: "flood.alarms.flapped", value: alarms.flapped, unit: "alarms", most: 0 },
  ];
}

/**
 * Lets a quarter of an hour pass, the longest that an alarm on the intake looks back, and counts what came on. NaN when
 * the stack has so much left to do that it does not come to rest.
 */
async function alarmsAfter({ stack, clock }: World, before: number): Promise<{ on: number; flapped: number }> {
  const passed = clock.advance(15 * 60_000).then(() => true);
  if (!(await Promise.race([passed, wait(120_000, false, { ref: false })])))
    return { on: Number.NaN, flapped: Number.NaN };
  const on = Map.groupBy(
    stack.runtime.alarms.changes.slice(before).filter(({ to }) => to === "ALARM"),
    ({ name }) => name,
  );
  for (const name of on.keys()) console.error(`came on: ${name}`);
  return { on: on.size, flapped: [...on.values()].filter((changes) => changes.length > 1).length };
}
