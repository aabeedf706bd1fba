export type Region = "na" | "eu" | "fe";

interface Store {
  region: Region;
  /** ISO 3166 code. */
  market: string;
  currency: string;
  /** Seller Central of the store. */
  console: string;
}

const store = (region: Region, market: string, currency: string, console: string): Store => ({
  region,
  market,
  currency,
  console: `https://sellercentral${console}`,
});
const europe = "-europe.amazon.com";

/**
 * Stores by marketplace id.
 * Source: the developer guide of amzn/selling-partner-api-docs, 2021; BE, IE and ZA from several clients. Consoles from
 * amzn/selling-partner-api-samples; those of IE and ZA are inferred. Read 2026-11-25.
 */
export const stores: Readonly<Record<string, Store>> = {
  ATVPDKIKX0DER: store("na", "US", "USD", ".amazon.com"),
  A2EUQ1WTGCTBG2: store("na", "CA", "CAD", ".amazon.ca"),
  A1AM78C64UM0Y8: store("na", "MX", "MXN", ".amazon.com.mx"),
  A2Q3Y263D00KWC: store("na", "BR", "BRL", ".amazon.com.br"),
  A1F83G8C2ARO7P: store("eu", "GB", "GBP", europe),
  A1PA6795UKMFR9: store("eu", "DE", "EUR", europe),
  A13V1IB3VIYZZH: store("eu", "FR", "EUR", europe),
  APJ6JRA9NG5V4: store("eu", "IT", "EUR", europe),
  A1RKKUPIHCS9HS: store("eu", "ES", "EUR", europe),
  A1805IZSGTT6HS: store("eu", "NL", "EUR", ".amazon.nl"),
  A2NODRKZP88ZB9: store("eu", "SE", "SEK", ".amazon.se"),
  A1C3SOZRARQ6R3: store("eu", "PL", "PLN", ".amazon.pl"),
  AMEN7PMS3EDWL: store("eu", "BE", "EUR", ".amazon.com.be"),
  A28R8C7NBKEWEA: store("eu", "IE", "EUR", europe),
  A33AVAJ2PDY3EV: store("eu", "TR", "TRY", ".amazon.com.tr"),
  A17E79C6D8DWNP: store("eu", "SA", "SAR", ".amazon.sa"),
  A2VIGQ35RCS4UG: store("eu", "AE", "AED", ".amazon.ae"),
  ARBP9OOSHTCHU: store("eu", "EG", "EGP", ".amazon.eg"),
  A21TJRUUN4KGV: store("eu", "IN", "INR", ".amazon.in"),
  AE08WJ6YKNBMC: store("eu", "ZA", "ZAR", ".amazon.co.za"),
  A1VC38T7YXB528: store("fe", "JP", "JPY", ".amazon.co.jp"),
  A39IBJ37TRP1C6: store("fe", "AU", "AUD", ".amazon.com.au"),
  A19VAU5U5O7RUS: store("fe", "SG", "SGD", ".amazon.sg"),
};

/** Undefined for a store that is not in the list. */
export function storeOf(marketplaceId: string): Store | undefined {
  return Object.hasOwn(stores, marketplaceId) ? stores[marketplaceId] : undefined;
}

export function regionOf(marketplaceId: string): Region | undefined {
  return storeOf(marketplaceId)?.region;
}

/** The store that serves a country; each country has one. */
export function storeOfMarket(market: string | undefined): [marketplaceId: string, store: Store] | undefined {
  return Object.entries(stores).find(([, each]) => each.market === market);
}
