import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { createDouyin } from "./index.ts";
import { dayMs, hourMs, startDouyin, startReceiver } from "./test-client.ts";

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
    const again = createDouyin({ clock: killed.clock, dataDir });
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
