import type { Shop } from "#shared/case/shop.ts";
import type { Work } from "./works.ts";

export const listShops: Work<"list_shops"> = async ({ operator }, { store }) => ({
  shops: (await store.shops.list(operator.tenantId)).map(shown),
});

export const setShopMode: Work<"set_shop_mode"> = async ({ operator, params, body }, { store }) => {
  const key = { tenantId: operator.tenantId, ...params };
  await store.shops.setMode(key, body.mode);
  const found = await store.shops.get(key);
  return found ? shown(found.shop) : { problem: "not_found" };
};

/** Never the credentials, not even as ciphertext. */
function shown({ tenantId: _, ...shop }: Shop) {
  return shop;
}
