import { createAmazon } from "./amazon/index.ts";
import type { Marketplace, MarketplaceOptions } from "./contract.ts";
import { createDouyin } from "./douyin/index.ts";
import { createJd } from "./jd/index.ts";
import { createShopify } from "./shopify/index.ts";
import { createTaobao } from "./taobao/index.ts";

/** Every simulated marketplace there is. A channel without one here has no demo shop and no smoke test. */
export const marketplaces: readonly ((options: MarketplaceOptions) => Marketplace)[] = [
  createDouyin,
  createShopify,
  createJd,
  createAmazon,
  createTaobao,
];
