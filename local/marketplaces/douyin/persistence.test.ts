import { spawnSync } from "node:child_process";
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { ManualClock } from "../kit/manual-clock.ts";
import { createDouyin } from "./index.ts";
import { dayMs, hourMs, startDouyin, startReceiver } from "./test-client.ts";

const fileOf = (path: string) => new URL(path, import.meta.url).href;
const newDir = () => mkdtempSync(join(tmpdir(), "douyin-"));

describe("a simulator that was killed", () => {
  it("goes on where it was: cases, tokens, timers, port and pushes that nobody has taken", async () => {
    const dataDir = newDir();
    const killed = await startDouyin({ dataDir });
    await killed.douyin.openCase({ shopId: killed.shop.shopId, plan: "return_no_reason", seed: 2 });
    await killed.clock.advance(hourMs);
    const { port } = new URL(killed.douyin.url);
    const before = killed.douyin.truth();
    // Nothing is told to stop: the journal alone has to be enough. Only the port is given free for the next one.
    const again = createDouyin({ clock: killed.clock, dataDir }, { receiverTimeLimitMs: 20_000 });
    expect(again.truth()).toEqual(before);
    await killed.douyin.stop();
    await again.start();
    expect(new URL(again.url).port).toBe(port);
    expect(await again.openShop("山茶小店")).toEqual(killed.shop);

    const receiver = await startReceiver();
    again.pushTo(receiver.url);
    await killed.clock.settle();
    expect(receiver.records().map(({ tag }) => tag)).toEqual(["200"]);
    await killed.clock.advance(30 * dayMs);
    expect(again.truth()[0]).toMatchObject({ state: "refunded", settled: true });
    expect(again.ledger()).toHaveLength(1);
    receiver.stop();
    await again.stop();
  });

  it("has everything it ever answered when the process is killed for real", async () => {
    const dataDir = newDir();
    const program = `
      const { ManualClock } = await import(${JSON.stringify(fileOf("../kit/manual-clock.ts"))});
      const { createDouyin } = await import(${JSON.stringify(fileOf("./index.ts"))});
      const douyin = createDouyin({ clock: new ManualClock(), dataDir: ${JSON.stringify(dataDir)} });
      const { shopId } = await douyin.openShop("山茶小店");
      for (let seed = 1; seed <= 20; seed++) await douyin.openCase({ shopId, plan: "exchange", seed });
      process.stdout.write(JSON.stringify(douyin.truth()), () => process.kill(process.pid, "SIGKILL"));
    `;
    const killed = spawnSync(process.execPath, ["--input-type=module", "-e", program], { encoding: "utf8" });
    expect(killed.signal).toBe("SIGKILL");
    const again = createDouyin({ clock: new ManualClock(), dataDir });
    expect(again.truth()).toEqual(JSON.parse(killed.stdout));
    expect(again.waitingPushes()).toHaveLength(20);
  });

  it("does not pay a second time for a refund that had arrived", async () => {
    const dataDir = newDir();
    const { douyin, clock, shop, operate } = await startDouyin({ dataDir });
    const { channelCaseId } = await douyin.openCase({ shopId: shop.shopId, plan: "refund_unshipped", seed: 2 });
    await operate(401, channelCaseId);
    await clock.advance(hourMs);
    await douyin.stop();
    const again = createDouyin({ clock, dataDir });
    await clock.advance(30 * dayMs);
    expect(again.ledger()).toEqual(douyin.ledger());
    expect(again.ledger()).toHaveLength(1);
    await again.stop();
  });
});
