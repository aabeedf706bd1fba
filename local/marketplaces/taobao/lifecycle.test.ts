import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { createTaobao } from "./index.ts";
import type { Kind } from "./model.ts";
import { plans } from "./plans.ts";
import { dayMs, hourMs, startTaobao } from "./test-client.ts";

describe("when nobody answers", () => {
  it.each<[string, Kind, object, number, string]>([
    ["an unshipped refund is paid after a day", "refund", {}, 24, "refunded"],
    ["a shipped refund is paid after 36 hours", "refund", { isShipped: true }, 36, "refunded"],
    ["a return is agreed with the default address after two days", "return", {}, 48, "approved"],
    ["an exchange is agreed after two days", "exchange", {}, 48, "approved"],
    ["a reissue waits on", "reissue", {}, 48, "requested"],
  ])("%s", async (_, kind, rest, hours, state) => {
    const { taobao, clock, shop } = await startTaobao();
    taobao.apply({ shopId: shop.shopId, kind, ...rest });
    await clock.advance(hours * hourMs - 1000);
    expect(taobao.truth()[0]).toMatchObject({ state: "requested", missedDeadlines: 0 });
    await clock.advance(hourMs);
    expect(taobao.truth()[0]).toMatchObject({ state, missedDeadlines: 1 });
    await taobao.stop();
  });
});

describe("the plans", () => {
  it.each(
    Object.keys(plans),
  )("%s comes to rest within sixty days, whatever its seed, and pays at most once", async (plan) => {
    const { taobao, clock, shop } = await startTaobao();
    for (let seed = 1; seed <= 4; seed++) await taobao.openCase({ shopId: shop.shopId, plan, seed });
    await clock.advance(60 * dayMs);
    const truth = taobao.truth();
    expect(truth.filter(({ settled }) => !settled)).toEqual([]);
    const paid = taobao.ledger().map(({ channelCaseId }) => channelCaseId);
    expect(new Set(paid).size).toBe(paid.length);
    for (const { channelCaseId, state, settledMinor } of truth)
      expect(paid.includes(channelCaseId)).toBe(state === "refunded" && settledMinor > 0);
    await taobao.stop();
  });

  it("are the same again from the same seed", async () => {
    const histories = await Promise.all(
      [1, 2].map(async () => {
        const { taobao, clock, shop } = await startTaobao();
        for (const plan of Object.keys(plans)) await taobao.openCase({ shopId: shop.shopId, plan, seed: 7 });
        await clock.advance(30 * dayMs);
        await taobao.stop();
        return { truth: taobao.truth(), ledger: taobao.ledger() };
      }),
    );
    expect(histories[0]).toEqual(histories[1]);
  });
});

describe("a simulator that was killed", () => {
  it("goes on where it was: cases, tokens, messages, timers and port", async () => {
    const dataDir = mkdtempSync(join(tmpdir(), "taobao-"));
    const killed = await startTaobao({ dataDir });
    await killed.ask("taobao.tmc.user.permit");
    for (const plan of ["return_no_reason", "exchange", "price_protection"])
      await killed.taobao.openCase({ shopId: killed.shop.shopId, plan, seed: 2 });
    await killed.clock.advance(hourMs);
    const { port } = new URL(killed.taobao.url);
    // Nothing is told to stop: the journal alone has to be enough. Only the port is given free for the next one.
    const again = createTaobao({ clock: killed.clock, dataDir });
    expect(again.truth()).toEqual(killed.taobao.truth());
    expect(again.waitingMessages()).toEqual(killed.taobao.waitingMessages());
    await killed.taobao.stop();
    await again.start();
    expect(new URL(again.url).port).toBe(port);
    expect(await again.openShop("模拟旗舰店")).toEqual(killed.shop);
    await killed.clock.advance(60 * dayMs);
    expect(again.truth().every(({ settled }) => settled)).toBe(true);
    expect(again.ledger()).toHaveLength(2);
    await again.stop();
  });
});
