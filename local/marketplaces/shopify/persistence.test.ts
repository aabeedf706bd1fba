import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { ManualClock } from "../kit/manual-clock.ts";
import { createShopify } from "./index.ts";
import { dayMs, hourMs, listen } from "./testing.ts";

describe("a platform with a data directory", () => {
  it("goes on where it was: port, shops, tokens, cases, plans, webhooks", async () => {
    const dataDir = mkdtempSync(join(tmpdir(), "shopify-"));
    const clock = new ManualClock("2026-11-02T08:00:00Z");
    const before = createShopify({ clock, dataDir });
    await before.start();
    const shop = await before.openShop("demo");
    const plans = [
      "return_requested_staff_approves",
      "refund_only_by_staff",
      "dispute_opened_and_won",
      "return_in_yen",
    ];
    for (const plan of plans) await before.openCase({ shopId: shop.shopId, plan, seed: 5 });
    await clock.advance(30 * hourMs);
    const { url } = before;
    const kept = { truth: before.truth(), ledger: before.ledger(), waiting: before.waitingWebhooks() };
    await before.stop();

    const after = createShopify({ clock, dataDir });
    await after.start();
    expect(after.url).toBe(url);
    expect({ truth: after.truth(), ledger: after.ledger(), waiting: after.waitingWebhooks() }).toEqual(kept);
    const token = String((await after.openShop("demo")).credentials.accessToken);
    expect(token).not.toBe(shop.credentials.accessToken);
    const app = await listen();
    after.pushTo(app.url);
    await clock.advance(60 * dayMs);
    expect(after.truth().every(({ settled, final }) => settled && final)).toBe(true);
    expect(app.received.length).toBeGreaterThan(kept.waiting.length);
    app.close();
    await after.stop();
  });
});
