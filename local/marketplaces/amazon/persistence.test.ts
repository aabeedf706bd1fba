import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { createAmazon } from "./index.ts";
import { dayMs, startAmazon } from "./testing.ts";

describe("a simulator that was stopped", () => {
  it("goes on where it was: returns, tokens, clocks, port and feeds under way", async () => {
    const dataDir = mkdtempSync(join(tmpdir(), "amazon-"));
    const { amazon, clock, shop } = await startAmazon({ dataDir });
    for (const [seed, plan] of Object.keys(amazon.plans).entries()) {
      await amazon.openCase({ shopId: shop.shopId, plan, seed });
    }
    await clock.advance(2 * dayMs);
    const before = amazon.truth();
    const { port } = new URL(amazon.url);
    await amazon.stop();
    const again = createAmazon({ clock, dataDir });
    await again.start();
    expect(again.truth()).toEqual(before);
    expect(new URL(again.url).port).toBe(port);
    await clock.advance(40 * dayMs);
    expect(again.truth().every(({ settled, final }) => settled && final)).toBe(true);
    await again.stop();
  });

  it("plays the same plan with the same seed the same way", async () => {
    const play = async () => {
      const { amazon, clock, shop } = await startAmazon();
      for (const plan of Object.keys(amazon.plans)) await amazon.openCase({ shopId: shop.shopId, plan, seed: 7 });
      await clock.advance(30 * dayMs);
      const end = { truth: amazon.truth(), ledger: amazon.ledger() };
      await amazon.stop();
      return end;
    };
    expect(await play()).toEqual(await play());
  });
});
