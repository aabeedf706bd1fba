import { Worker } from "node:worker_threads";
import { expect, it } from "vitest";
import { createClock } from "./clock.ts";
import { dateOn } from "./clock-date.ts";

const start = new Date("2026-03-01T00:00:00Z");
const after = (ms: number) => new Date(start.getTime() + ms);

it("stands still until it is moved, then stops at each due task in order", async () => {
  const clock = createClock({ mode: "moved", start });
  const seen: [string, number][] = [];
  const note = (name: string) => () => void seen.push([name, clock.now().getTime() - start.getTime()]);
  clock.schedule(after(300), note("third"));
  clock.schedule(after(100), () => {
    note("first")();
    clock.schedule(after(200), note("second"));
  });
  clock.schedule(after(250), note("never"))();
  clock.schedule(after(900), note("later"));
  await clock.advance(500);
  expect(seen).toEqual([
    ["first", 100],
    ["second", 200],
    ["third", 300],
  ]);
  expect(clock.now()).toEqual(after(500));
});

it("waits at each step until everything is at rest", async () => {
  const clock = createClock({ mode: "moved", start });
  const seen: string[] = [];
  let work: Promise<void> = Promise.resolve();
  clock.onStep(() => work);
  clock.schedule(after(1), () => {
    work = new Promise((resolve) => setImmediate(resolve)).then(() => void seen.push("work of the first"));
  });
  clock.schedule(after(2), () => void seen.push("second"));
  await clock.advance(2);
  expect(seen).toEqual(["work of the first", "second"]);
});

it("runs what is already due without being moved, and reports what a task throws to who moves it", async () => {
  const clock = createClock({ mode: "moved", start });
  await new Promise<void>((resolve) => clock.schedule(after(-1), resolve));
  clock.schedule(after(5), () => {
    throw new Error("broken task");
  });
  await expect(clock.advance(10)).rejects.toThrow("broken task");
});

it("moves a wall clock ahead of the wall", async () => {
  const clock = createClock({ mode: "wall" });
  const before = Date.now();
  let ran = false;
  clock.schedule(new Date(before + 3_600_000), () => {
    ran = true;
  });
  await clock.advance(7_200_000);
  expect(ran).toBe(true);
  expect(clock.now().getTime()).toBeGreaterThanOrEqual(before + 7_200_000);
  clock.stop();
});

it("gives other threads a Date that tells its time", async () => {
  const clock = createClock({ mode: "moved", start });
  const source = `
    const { parentPort, workerData } = require("node:worker_threads");
    import(workerData.module).then(({ dateOn }) => {
      globalThis.Date = dateOn(workerData.shared);
      parentPort.once("message", () => parentPort.postMessage([Date.now(), new Date().toISOString(), new Date(0) instanceof Date, Date.UTC(1970, 0), Date().slice(11, 15)]));
      parentPort.postMessage("ready");
    });`;
  const worker = new Worker(source, {
    eval: true,
    execArgv: [],
    workerData: { shared: clock.shared, module: new URL("./clock-date.ts", import.meta.url).href },
  });
  const message = () => new Promise((resolve) => worker.once("message", resolve));
  await message();
  await clock.advance(1000);
  worker.postMessage("tell");
  expect(await message()).toEqual([after(1000).getTime(), "2026-03-01T00:00:01.000Z", true, 0, "2026"]);
  await worker.terminate();
  expect(new (dateOn(clock.shared))(5).getTime()).toBe(5);
});
