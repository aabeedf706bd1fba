import { afterEach, beforeEach, expect, it } from "vitest";
import type { ShopId } from "#shared/case/ids.ts";
import { createRandom } from "../../local/marketplaces/kit/random.ts";
import { askForReturn } from "../../local/marketplaces/shopify/plans/moves.ts";
import { listen } from "../builders/fakes.ts";
import { useTable } from "../engine.ts";
import { startWorld } from "./shopify-world.ts";

const table = useTable();
let world: Awaited<ReturnType<typeof startWorld>>;
let heard: ReturnType<typeof listen>;
beforeEach(async () => {
  heard = listen();
  world = await startWorld(table());
  // Nothing comes by webhook: what arrives was asked for.
  world.platform.pushTo("http://127.0.0.1:9/nobody");
});
afterEach(async () => {
  heard.end();
  await world.end();
});

/** Returns that were there before the shop was connected. */
async function shopWithHistory(count: number): Promise<{ shopId: ShopId; ids: string[] }> {
  const { shopId } = await world.platform.openShop("demo");
  const ids = Array.from({ length: count }, (_, seed) => {
    const order = world.platform.openOrder({ shopId, seed });
    return world.platform.play("buyer", (turn) => askForReturn(turn, order, createRandom(seed, "ask"), {}));
  });
  await world.connect("demo");
  return { shopId: shopId as ShopId, ids };
}

async function poll(shopId: ShopId, afterMs = 0): Promise<void> {
  await world.clock.advance(afterMs);
  await world.poll(shopId, "returns");
  await world.settle();
}

const asked = (name: string) => world.platform.calls.filter((call) => call.name === name).length;

it("cases from before the shop was connected arrive by one bulk operation, and then the sweep goes on", async () => {
  const { shopId, ids } = await shopWithHistory(3);
  await poll(shopId);
  expect(asked("RunBulk")).toBe(1);
  await poll(shopId, 10_000);
  for (const id of ids) expect(await world.caseOf(shopId, id)).toMatchObject({ channelCaseId: id });
  // The same turn hands over; the sweep's overlap reads the orders once more.
  expect(asked("ReturnsSweep")).toBeGreaterThan(0);

  const order = world.platform.openOrder({ shopId, seed: 99 });
  const id = world.platform.play("buyer", (turn) => askForReturn(turn, order, createRandom(99, "ask"), {}));
  await poll(shopId, 15 * 60_000);
  expect(await world.caseOf(shopId, id)).toMatchObject({ channelCaseId: id });
  expect(asked("RunBulk")).toBe(1);
});

it.each(["FAILED", "CANCELED"] as const)("an operation that was %s loses nothing: pages are read", async (as) => {
  const { shopId, ids } = await shopWithHistory(3);
  await poll(shopId);
  expect(world.platform.endBulk(shopId, as)).toBe(1);
  await poll(shopId, 10_000);
  for (const id of ids) expect(await world.caseOf(shopId, id)).toMatchObject({ channelCaseId: id });
  expect(asked("ReturnsSweep")).toBe(1);
});

it("an answer that is lost starts no second operation", async () => {
  const { shopId, ids } = await shopWithHistory(3);
  world.platform.inject({ answersLost: 1 });
  await poll(shopId);
  world.platform.inject({});
  const before = asked("RunBulk");
  for (let turn = 0; turn < 3; turn++) await poll(shopId, 60_000);
  for (const id of ids) expect(await world.caseOf(shopId, id)).toMatchObject({ channelCaseId: id });
  expect([before, asked("RunBulk")]).toEqual([0, 1]);
});
