import { describe, expect, it } from "vitest";
import { stateOf } from "#shared/case/case.ts";
import { startAmazonShop } from "./amazon-shop.ts";

const day = 86_400_000;
type Shop = Awaited<ReturnType<typeof startAmazonShop>>;

/** Both ways in, one after the other, and what the case is then. */
async function read(shop: Shop, key: string, order: readonly string[] = ["externalReturns", "returns"]) {
  for (const feed of order) await shop.poll(feed);
  return stateOf(shop.held(key));
}

const ask = (shop: Shop, external: "in_report" | "alone", resolution?: string) =>
  shop.amazon.ask({ shopId: shop.shopId, plan: "by hand", seed: 9, external, ...(resolution && { resolution }) }).key;

describe.each([
  [["externalReturns", "returns"]],
  [["returns", "externalReturns"]],
])("a return that %s tell of", (order) => {
  it("is one case, which moves with whichever knows more, and is not told twice", async () => {
    const shop = await startAmazonShop();
    const key = ask(shop, "in_report");
    expect(await read(shop, key, order)).toBe("approved");
    await shop.clock.advance(day);
    shop.amazon.act(key, "scan");
    expect(await read(shop, key, order)).toBe("return_in_transit");
    expect(shop.held(key).facts.goods).toMatchObject({ status: "returning", wayBack: { carrier: "UPS" } });
    await shop.clock.advance(day);
    shop.amazon.act(key, "deliver");
    expect(await read(shop, key, order)).toBe("received");
    const { revision, facts } = shop.held(key);
    await shop.clock.advance(day);
    await read(shop, key, order);
    expect(shop.held(key).facts).toEqual(facts);
    expect(shop.held(key).revision).toBe(revision);
    expect(shop.cases.size).toBe(1);
    await shop.stop();
  });
});

describe("a return that no report shows", () => {
  it("is opened, moves, and is refunded once Finances show it", async () => {
    const shop = await startAmazonShop();
    const key = ask(shop, "alone");
    expect(await read(shop, key)).toBe("approved");
    await shop.clock.advance(day);
    shop.amazon.act(key, "scan");
    shop.amazon.act(key, "deliver");
    expect(await read(shop, key)).toBe("received");
    const { principalMinor = 0, taxMinor = 0 } = shop.amazon.case(key) ?? {};
    expect(shop.held(key).facts).toMatchObject({
      returnedAt: "2026-02-03T02:03:00.000Z",
      money: { claimed: { amountMinor: principalMinor + taxMinor, currency: "USD" } },
    });
    shop.amazon.act(key, "staff-refund");
    await shop.clock.advance(day);
    await shop.poll("refunds");
    expect(await read(shop, key)).toBe("refunded");
    await shop.stop();
  });

  it("of a replacement is over when it has been processed", async () => {
    const shop = await startAmazonShop();
    const key = ask(shop, "alone", "Replacement");
    shop.amazon.act(key, "deliver");
    shop.amazon.act(key, "process");
    expect(await read(shop, key)).toBe("closed");
    expect(shop.held(key).facts).toMatchObject({ type: { value: "exchange" }, outcome: "replaced" });
    await shop.stop();
  });
});

describe("a seller outside of the programme", () => {
  it("is not asked, and is told what to do where the shop says otherwise", async () => {
    const settings = { externalFulfillment: false };
    const outside = await startAmazonShop({ settings });
    expect(await outside.poll("externalReturns")).toBe(0);
    expect(outside.amazon.calls.filter(({ name }) => name === "listReturns")).toEqual([]);
    await outside.stop();
    const wrong = await startAmazonShop({ settings, credentials: { externalFulfillment: true } });
    await expect(wrong.poll("externalReturns")).rejects.toMatchObject({ code: "misconfigured" });
    await wrong.stop();
  });
});
