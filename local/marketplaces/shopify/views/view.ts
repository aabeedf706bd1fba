import { connection, type PageArguments } from "../graphql/connection.ts";
import { gid } from "../model/ids.ts";
import type { reasons } from "../model/reasons.ts";
import type { Shop } from "../model/types.ts";
import type { World } from "../model/world.ts";

/**
 * What one request sees. Views are plain objects with a function per field that costs work or takes arguments; the
 * GraphQL library calls them.
 */
export interface View {
  world: World;
  shop: Shop;
  now: Date;
}

/** Orders older than this are hidden without `read_all_orders`. */
const visibleDays = 60;

export function isVisible(view: View, order: { shop: string; createdAt: string }): boolean {
  if (order.shop !== view.shop.domain) return false;
  if (view.shop.scopes.includes("read_all_orders")) return true;
  return view.now.getTime() - Date.parse(order.createdAt) <= visibleDays * 24 * 60 * 60_000;
}

export function reasonView(reason: (typeof reasons)[number]) {
  return {
    __typename: "ReturnReasonDefinition",
    id: gid("ReturnReasonDefinition", reason.id),
    handle: reason.handle,
    name: reason.name,
    deleted: reason.isDeleted,
  };
}

export function reasonConnection(list: typeof reasons, page: PageArguments) {
  return connection(list, page, { idOf: (reason) => reason.id, view: reasonView });
}

/** The shop's one location: where goods come back to. */
export function locationView(view: View, id = view.shop.locationId) {
  return {
    __typename: "Location",
    id: gid("Location", id),
    legacyResourceId: id,
    name: "Returns desk",
    isActive: true,
    isPrimary: id === view.shop.locationId,
    isFulfillmentService: false,
    fulfillsOnlineOrders: true,
    shipsInventory: true,
    address: {
      address1: "Lagerweg 5",
      address2: null,
      city: "Hannover",
      province: "Lower Saxony",
      provinceCode: null,
      zip: "30159",
      country: "Germany",
      countryCode: "DE",
      phone: null,
      formatted: ["Lagerweg 5", "30159 Hannover", "Germany"],
    },
  };
}
