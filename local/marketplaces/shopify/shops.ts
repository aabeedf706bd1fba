import { everyScope } from "./graphql/scopes.ts";
import { numberFrom } from "./model/ids.ts";
import type { Shop } from "./model/types.ts";

export interface ShopWish {
  /** The shop's own currency; EUR when left out, JPY for a name that ends in `-jp`. */
  currency?: string;
  /** What buyers pay in, where it differs. */
  presentmentCurrency?: string;
  plan?: Shop["plan"];
}

/** A shop that has installed the app with every scope. The name decides everything else. */
export function makeShop(name: string, wish: ShopWish): Shop {
  const domain = domainOf(name);
  const currency = wish.currency ?? (/-jp\b/.test(domain) ? "JPY" : "EUR");
  return {
    domain,
    name,
    id: numberFrom(domain, "Shop"),
    currency,
    presentmentCurrency: wish.presentmentCurrency ?? currency,
    plan: wish.plan ?? "standard",
    scopes: [...everyScope],
    isInstalled: true,
    mayReadPersonalData: true,
    state: "active",
    locationId: numberFrom(domain, "Location"),
    ordersMade: 0,
  };
}

/** `demo` and `demo.myshopify.com` are the same shop; other characters become hyphens. */
export function domainOf(name: string): string {
  const handle = name
    .replace(/\.myshopify\.com$/, "")
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-|-$/g, "");
  return `${handle || "shop"}.myshopify.com`;
}
