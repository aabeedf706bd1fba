import type { BookEntry } from "./case/address-book.ts";
import { parcelOf, type Routed, routeReturn } from "./case/address-router.ts";
import type { Case } from "./case/case.ts";
import { marketOf } from "./case/clock-rules.ts";
import type { Shop } from "./case/shop.ts";
import { defaultRules } from "./case/tenant-rules.ts";
import { wallOf } from "./case/zoned.ts";
import type { Addresses, Rules } from "./store/index.ts";

export interface ReturnRouteDeps {
  addresses: Addresses;
  rules: Rules;
}

/** Where a case's goods go, with the warehouse's own date and the buyer's market. */
export type ReturnRoute = { routed: Routed; market: string | undefined; dayOf: (addressId: string) => string };

/**
 * Looks up the tenant's book, rules and counts, and routes the goods of a case. Undefined while the tenant has no book: the
 * channel's own default address is then all there is. `listedOnly` where the channel takes only addresses that it lists.
 */
export async function returnRouteOf(
  subject: Pick<Case, "tenantId" | "channel" | "shopId" | "facts">,
  { shop, listedOnly, now }: { shop: Shop; listedOnly: boolean; now: Date },
  { addresses, rules }: ReturnRouteDeps,
): Promise<ReturnRoute | undefined> {
  const { tenantId } = subject;
  const book = await addresses.list(tenantId);
  if (book.length === 0) return undefined;
  const dayOf = (addressId: string) => dayAt(now, book, addressId);
  const limited = book.filter(({ warehouse }) => warehouse.parcelsPerDay !== undefined);
  const [decided, saved, counts] = await Promise.all([
    addresses.getRules(tenantId),
    rules.get(tenantId),
    Promise.all(
      limited.map(async ({ warehouse: { addressId } }): Promise<[string, number]> => {
        return [addressId, await addresses.countOf(tenantId, addressId, dayOf(addressId))];
      }),
    ),
  ]);
  const market = marketOf(subject.facts, subject, saved?.rules ?? defaultRules);
  const choice = { rules: decided.rules, shop, listedOnly, sentToday: Object.fromEntries(counts) };
  const warehouses = book.map(({ warehouse }) => warehouse);
  return { routed: routeReturn(parcelOf(subject, { market }), { ...choice, book: warehouses }), market, dayOf };
}

/** A day of a warehouse begins at its own midnight. */
function dayAt(now: Date, book: readonly BookEntry[], addressId: string): string {
  const found = book.find(({ warehouse }) => warehouse.addressId === addressId);
  return wallOf(now.getTime(), found?.warehouse.hours?.timeZone ?? "UTC").date;
}
