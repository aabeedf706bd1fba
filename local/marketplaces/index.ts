import { createAmazon } from "./amazon/index.ts";
import type { Marketplace, MarketplaceOptions } from "./contract.ts";
import { createDouyin } from "./douyin/index.ts";
import { createJd } from "./jd/index.ts";
import { createShopify } from "./shopify/index.ts";
import { createTaobao } from "./taobao/index.ts";

/** Every simulated marketplace there is, by channel. A channel without one here has no demo shop and no smoke test. */
export const marketplaces: Readonly<Record<string, (options: MarketplaceOptions) => Marketplace>> = {
  douyin: createDouyin,
  shopify: createShopify,
  jd: createJd,
  amazon: createAmazon,
  taobao: createTaobao,
};
