import { spawnSync } from "node:child_process";
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { ManualClock } from "../kit/manual-clock.ts";
import { createJd } from "./index.ts";
import { endOfClock, withPause } from "./pauses.ts";
import { dayMs, hourMs, startJd } from "./test-client.ts";

const fileOf = (path: string) => new URL(path, import.meta.url).href;

describe("every plan", () => {
  it("ends by itself, pays at most once and pays what the cases show", async () => {
    const { jd, clock, shop } = await startJd();
    const names = Object.keys(jd.plans);
    for (const plan of names) for (const seed of [1, 2, 3]) await jd.openCase({ shopId: shop.shopId, plan, seed });
    for (let hours = 0; hours < 40 * 24; hours += 6) await clock.advance(6 * hourMs);
    expect(jd.truth().filter(({ settled, final }) => !settled || !final)).toEqual([]);
    const paid = jd.ledger().map(({ channelCaseId }) => channelCaseId);
    expect(new Set(paid).size).toBe(paid.length);
    const settled = jd.truth().reduce((sum, { settledMinor }) => sum + settledMinor, 0);
    expect(jd.ledger().reduce((sum, { amountMinor }) => sum + amountMinor, 0)).toBe(settled);
    expect(new Set(jd.truth().map(({ state }) => state))).toEqual(new Set(["refunded", "closed"]));
    await jd.stop();
  });

  it("goes the same way for the same seed", async () => {
    const run = async () => {
      const { jd, clock, shop } = await startJd();
      for (const plan of Object.keys(jd.plans)) await jd.openCase({ shopId: shop.shopId, plan, seed: 11 });
      await clock.advance(20 * dayMs);
      await jd.stop();
      return { truth: jd.truth(), ledger: jd.ledger() };
    };
    expect(await run()).toEqual(await run());
  });
});

describe("a pause", () => {
  const at = (day: number) => Date.UTC(2026, 0, day);
  it.each([
    ["outside the clock changes nothing", { fromMs: at(10), toMs: at(20) }, at(4)],
    ["inside it moves the end by its length", { fromMs: at(2), toMs: at(5) }, at(7)],
    ["that had begun counts from the start", { fromMs: at(-3), toMs: at(3) }, at(6)],
    ["over the end is waited out", { fromMs: at(3), toMs: at(9) }, at(10)],
  ])("%s", (_, pause, end) => {
    expect(endOfClock(at(1), 3 * dayMs, withPause([], pause))).toBe(end);
    expect(endOfClock(at(1), 3 * dayMs, withPause(withPause([], pause), pause))).toBe(end);
  });

  it("makes one of two that touch", () => {
    const one = withPause(withPause([], { fromMs: 10, toMs: 20 }), { fromMs: 15, toMs: 30 });
    expect(one).toEqual([{ fromMs: 10, toMs: 30 }]);
  });
});

describe("a simulator that was killed", () => {
  it("has everything it ever answered, and goes on from there", async () => {
    const dataDir = mkdtempSync(join(tmpdir(), "jd-"));
    const program = `
      const { ManualClock } = await import(${JSON.stringify(fileOf("../kit/manual-clock.ts"))});
      const { createJd } = await import(${JSON.stringify(fileOf("./index.ts"))});
      const jd = createJd({ clock: new ManualClock(), dataDir: ${JSON.stringify(dataDir)} });
      const { shopId } = await jd.openShop("海棠小店");
      for (const plan of Object.keys(jd.plans)) await jd.openCase({ shopId, plan, seed: 1 });
      jd.pause(new Date("2026-01-02T00:00:00Z"), new Date("2026-01-04T00:00:00Z"));
      process.stdout.write(JSON.stringify(jd.truth()), () => process.kill(process.pid, "SIGKILL"));
    `;
    const killed = spawnSync(process.execPath, ["--input-type=module", "-e", program], { encoding: "utf8" });
    expect(killed.signal).toBe("SIGKILL");
    const clock = new ManualClock();
    const again = createJd({ clock, dataDir });
    expect(again.truth()).toEqual(JSON.parse(killed.stdout));
    await clock.advance(60 * dayMs);
    expect(again.truth().every(({ settled }) => settled)).toBe(true);
    const paid = again.ledger().map(({ channelCaseId }) => channelCaseId);
    expect(new Set(paid).size).toBe(paid.length);
    await again.stop();
  });
});
