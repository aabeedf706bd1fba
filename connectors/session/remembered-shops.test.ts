import { expect, it, vi } from "vitest";
import { shopsOf, someShop } from "../../test/builders/fakes.ts";
import { rememberedShops } from "./remembered-shops.ts";

const { channel, shopId } = someShop();

function remembering({ isConnected = true } = {}) {
  const { shops } = shopsOf(isConnected ? someShop() : undefined);
  const clock = { now: 0 };
  return { shops, clock, remembered: rememberedShops(shops, () => clock.now) };
}

it("reads a shop once for a burst of notices, and again after half a minute", async () => {
  const { shops, clock, remembered } = remembering();
  await Promise.all([remembered.find(channel, shopId), remembered.find(channel, shopId)]);
  clock.now = 29_999;
  await remembered.find(channel, shopId);
  expect(shops.find).toHaveBeenCalledTimes(1);
  clock.now = 30_000;
  await remembered.find(channel, shopId);
  expect(shops.find).toHaveBeenCalledTimes(2);
});

it("does not remember that a shop is unknown: it may be connected any moment", async () => {
  const { shops, remembered } = remembering({ isConnected: false });
  expect(await remembered.find(channel, shopId)).toBeUndefined();
  await remembered.find(channel, shopId);
  expect(shops.find).toHaveBeenCalledTimes(2);
});

it("does not remember a look-up that failed", async () => {
  const { shops, remembered } = remembering();
  vi.mocked(shops.find).mockRejectedValueOnce(new Error("throttled"));
  await expect(remembered.find(channel, shopId)).rejects.toThrow("throttled");
  expect(await remembered.find(channel, shopId)).toMatchObject({ shop: { shopId } });
});

it("forgets a shop that it parks or whose credentials it replaces", async () => {
  const { shops, remembered } = remembering();
  await remembered.find(channel, shopId);
  await remembered.replaceCredentials(someShop(), Buffer.from("{}"), 1);
  await remembered.find(channel, shopId);
  await remembered.park(someShop(), 2);
  expect((await remembered.find(channel, shopId))?.shop.status).toBe("parked");
  expect(shops.find).toHaveBeenCalledTimes(3);
});
