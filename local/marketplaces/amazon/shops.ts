import { createRandom } from "../kit/random.ts";
import type { AmazonShop, Region } from "./model.ts";
import type { Platform } from "./platform.ts";

/** In which zone a store's reports count days; the simulator's guess, as nobody documents it. */
export const timeZones: Readonly<Record<Region, string>> = {
  na: "America/Los_Angeles",
  eu: "Europe/Berlin",
  fe: "Asia/Tokyo",
};
const stores: Readonly<Record<Region, { marketplaceId: string; currency: string }>> = {
  na: { marketplaceId: "ATVPDKIKX0DER", currency: "USD" },
  eu: { marketplaceId: "A1PA6795UKMFR9", currency: "EUR" },
  fe: { marketplaceId: "A1VC38T7YXB528", currency: "JPY" },
};

/** The same name gives the same seller, with one store of the region; one that is open already is handed back. */
export function openShop(platform: Platform, name: string, region: Region = "na"): AmazonShop {
  const random = createRandom(name, "amazon seller", region);
  const id = `A${random.digits(13)}`;
  const open = platform.shops.get(id);
  if (open) return open;
  const refreshToken = `Atzr|${random.digits(24)}`;
  const shop: AmazonShop = { id, name, region, ...stores[region], refreshToken, isAuthorised: true };
  platform.saveShop(shop);
  return shop;
}
