import { afterEach, beforeEach } from "vitest";
import { listen } from "../builders/fakes.ts";
import { useTable } from "../engine.ts";
import { type ShopifyWorld, startWorld } from "./shopify-world.ts";

/** A world of its own for each test of the file, and what its functions write to their logs. */
export function useShopifyWorld(): { world: () => ShopifyWorld; heard: () => ReturnType<typeof listen> } {
  const table = useTable();
  let world: ShopifyWorld;
  let heard: ReturnType<typeof listen>;
  beforeEach(async () => {
    heard = listen();
    world = await startWorld(table());
  });
  afterEach(async () => {
    heard.end();
    await world.end();
  });
  return { world: () => world, heard: () => heard };
}
