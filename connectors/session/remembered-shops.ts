import type { Shops } from "#shared/store/index.ts";

const keptForMs = 30_000;
const limit = 1_000;

/**
 * Remembers found shops for half a minute, so that a burst of notices of one shop reads it once. For reading only: what
 * writes to a channel looks at the shop itself, because its mode may just have been lowered.
 */
export function rememberedShops(shops: Shops, now: () => number = Date.now): Shops {
  const kept = new Map<string, { until: number; found: ReturnType<Shops["find"]> }>();
  const forget = (channel: string, shopId: string) => kept.delete(`${channel}:${shopId}`);

  return {
    ...shops,
    find(channel, shopId) {
      const key = `${channel}:${shopId}`;
      const known = kept.get(key);
      if (known && known.until > now()) return known.found;
      if (kept.size >= limit) kept.clear();
      const found = shops.find(channel, shopId);
      kept.set(key, { until: now() + keptForMs, found });
      // A failed or empty look-up is not worth remembering: the shop may be connected any moment.
      found.then(
        (value) => value ?? kept.delete(key),
        () => kept.delete(key),
      );
      return found;
    },
    replaceCredentials(shop, ...rest) {
      forget(shop.channel, shop.shopId);
      return shops.replaceCredentials(shop, ...rest);
    },
    park(shop, ...rest) {
      forget(shop.channel, shop.shopId);
      return shops.park(shop, ...rest);
    },
  };
}
