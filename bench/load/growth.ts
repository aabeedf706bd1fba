import { setTimeout as wait } from "node:timers/promises";
import type { LoadFigure } from "./figures.ts";
import { playCases } from "./play.ts";
import type { LoadOptions } from "./run.ts";
import { copyCase } from "./table.ts";
import { type LoadShop, openWorld, type World } from "./world.ts";

const counted = 200;
/** Few enough of one shop at a time that its marketplace lets each be read at once, whatever the clock says. */
const atOnce = 30;

/**
 * Requests and capacity units that the functions use for the same number of cases, while the table has a thousand, ten
 * thousand, a hundred thousand others, and with one shop to a thousand. The clock stands, so that nothing else goes on,
 * and a function has one worker, so that what it remembers is known. Nothing is timed.
 */
export async function growth(options: LoadOptions): Promise<LoadFigure[]> {
  return [...(await growCases(options)), ...(await growShops(options))];
}

async function growCases({ assemblyDir, largest = 100_000 }: LoadOptions): Promise<LoadFigure[]> {
  const world = await openWorld({ assemblyDir, channels: ["douyin"], mode: "moved", maxThreads: 1 });
  const shops = await world.shops("douyin", 40);
  await use(world, shops, counted); // the worker then knows every shop
  const figures: LoadFigure[] = [];
  const [pattern] = await world.cases(shops, 1);
  if (!pattern) throw new Error("no case was opened");
  await playCases(world, [{ case: pattern, atMs: 0 }]);
  let first: Use | undefined;
  let seeded = 0;
  for (const size of [1_000, 10_000, 100_000].filter((each) => each <= largest)) {
    await copyCase(world.stack, pattern, { count: size - seeded, from: seeded });
    await world.stack.runtime.idle(); // the stream's reader has seen them all
    seeded = size;
    const used = await use(world, shops, counted);
    first ??= used;
    figures.push(...told(`growth.cases${size}`, used, first));
    console.error(`beside ${size} cases: ${JSON.stringify(used)}`); // the next step may take minutes
  }
  await world.stop();
  return figures;
}

async function growShops({ assemblyDir, largest = 100_000 }: LoadOptions): Promise<LoadFigure[]> {
  const world = await openWorld({ assemblyDir, channels: ["douyin"], mode: "moved", maxThreads: 1 });
  const figures: LoadFigure[] = [];
  let first: Use | undefined;
  const shops: LoadShop[] = [];
  for (const size of [1, 10, 100, 1_000].filter((each) => each <= largest / 100)) {
    shops.push(...(await world.shops("douyin", size - shops.length, { named: `load ${size}` })));
    // The cases are dealt out over so many shops, the newest first.
    const busy = shops.slice(-counted);
    const strange = await use(world, busy, busy.length);
    const used = await use(world, busy, counted);
    first ??= used;
    figures.push(...told(`growth.shops${size}`, used, first));
    figures.push({ name: `growth.shops${size}.first`, value: strange.requests, unit: "requests/case" });
    console.error(`with ${size} shops: ${JSON.stringify(used)}, a shop's first case: ${JSON.stringify(strange)}`);
  }
  await world.stop();
  return figures;
}

interface Use {
  requests: number;
  readUnits: number;
  writeUnits: number;
}

function told(name: string, used: Use, first: Use): LoadFigure[] {
  const grown = (which: keyof Use) => 100 * (used[which] / first[which] - 1);
  return [
    { name: `${name}.requests`, value: used.requests, unit: "requests/case" },
    { name: `${name}.requests.grown`, value: grown("requests"), unit: "%", most: 5, least: -5 },
    { name: `${name}.writeUnits`, value: used.writeUnits, unit: "units/case" },
    { name: `${name}.writeUnits.grown`, value: grown("writeUnits"), unit: "%", most: 5, least: -5 },
    { name: `${name}.readUnits`, value: used.readUnits, unit: "units/case" },
  ];
}

/** What `count` cases of these shops use, each, from the push until it is told. */
async function use(world: World, shops: readonly LoadShop[], count: number): Promise<Use> {
  await world.stack.runtime.idle(); // shops that were just connected are seen to
  const before = total(world);
  for (let left = count; left > 0; ) {
    const some = Math.min(left, atOnce * shops.length);
    const cases = await world.cases(shops, some);
    const planned = cases.map((one) => ({ case: one, atMs: 0 }));
    const { lost, untold } = await playCases(world, planned, { sockets: 4 });
    if (lost + untold > 0) throw new Error(`${lost} cases were lost, ${untold} not told of`);
    await wait(50); // what is told is done with, but for the poller that has to hear of it
    await world.clock.advance(2_000); // the marketplace lets the shops be read again
    left -= some;
  }
  const after = total(world);
  return {
    requests: (after.requests - before.requests) / count,
    readUnits: (after.readUnits - before.readUnits) / count,
    writeUnits: (after.writeUnits - before.writeUnits) / count,
  };
}

/** Of the functions that a new case passes. How many messages or records a poller finds at once is the moment's. */
function total({ stack }: World): Use {
  const own = stack.runtime
    .counts()
    .filter(({ caller }) => caller.startsWith("casebridge-") && !/-(sweep|poll|reconcile|refresh)-/.test(caller));
  const sum = (of: (line: (typeof own)[number]) => number) => own.reduce((all, line) => all + of(line), 0);
  return {
    requests: sum(({ calls }) => calls),
    readUnits: sum(({ readUnits }) => readUnits),
    writeUnits: sum(({ writeUnits }) => writeUnits),
  };
}
