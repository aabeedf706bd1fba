import * as z from "zod";
import { marketSchema } from "./calendar.ts";
import type { ReturnAddress, Shop } from "./shop.ts";
import { isTimeZone } from "./zoned.ts";

/** The languages that buyers are told in how to send goods back. */
export const languages = ["zh", "en", "es", "th", "ar"] as const;
export const languageSchema = z.enum(languages);
export type Language = z.infer<typeof languageSchema>;

/** ISO 3166-2: `CN-GD` is Guangdong. */
export const regionSchema = z.string().regex(/^[A-Z]{2}-[A-Z0-9]{1,3}$/);
export const categorySchema = z.string().regex(/^[a-z][a-z0-9_.-]{0,39}$/);
export const warehouseIdSchema = z.string().regex(/^[a-z0-9][a-z0-9-]{0,39}$/);

const line = (longest: number) =>
  z
    .string()
    .trim()
    .min(1)
    .max(longest)
    .refine((text) => !/[\p{Cc}\p{Cf}]/u.test(text), "holds a character that cannot be printed on a parcel");
const clockTime = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$|^24:00$/);

const openingSchema = z
  .strictObject({ days: z.array(z.int().min(1).max(7)).min(1).max(7), from: clockTime, to: clockTime })
  .refine(({ from, to }) => from < to, "a warehouse closes after it opens");

/** A place of the merchant's own where goods come back to. */
export const warehouseSchema = z.strictObject({
  addressId: warehouseIdSchema,
  name: line(100),
  /** Whom the parcel is for. */
  contact: z.strictObject({ name: line(60), phone: z.string().regex(/^\+?\d[\d ()-]{4,28}\d$/) }),
  /** As it stands on a parcel, without city and country. */
  street: z.array(line(120)).min(1).max(4),
  city: line(60),
  postcode: line(12).optional(),
  region: regionSchema,
  /** Other regions that this place is the nearest one for. */
  nearTo: z.array(regionSchema).max(100).default([]),
  /** Whose goods it takes: goods cannot simply cross a border back. */
  markets: z.array(marketSchema).min(1).max(50),
  /** What its people read on a parcel. */
  languages: z.array(languageSchema).min(1),
  /** All when left out. */
  categories: z.array(categorySchema).min(1).max(100).optional(),
  hours: z
    .strictObject({
      timeZone: z.string().refine(isTimeZone, "no such time zone"),
      open: z.array(openingSchema).min(1).max(14),
    })
    .optional(),
  /** What people or the warehouse's system say: `full` takes nothing more for now, `closed` is out of use. */
  intake: z.enum(["open", "full", "closed"]).default("open"),
  /** Returns that may be sent there in one day; no limit when left out. */
  parcelsPerDay: z.int().positive().optional(),
  /** Carriers to recommend, the preferred one first. */
  carriers: z.array(line(40)).max(5).default([]),
  acceptsCollect: z.boolean().default(false),
  /** The channel's own id of this address, by `channel:shop`; where left out, the one whose label is the name. */
  platformIds: z.record(z.string().regex(/^[a-z]+:[A-Za-z0-9._-]+$/), z.string().min(1).max(64)).default({}),
});
export type Warehouse = z.infer<typeof warehouseSchema>;

/** A warehouse in the book. `version` counts its changes from 1. */
export interface BookEntry {
  version: number;
  warehouse: Warehouse;
}

type ListedIn = Pick<Shop, "channel" | "shopId" | "addresses">;

/**
 * The channel's id of a warehouse, if the channel lists it in this shop. An id that it no longer lists is none: the channel
 * would refuse it, or send goods to a place that has been given up.
 */
export function platformIdOf(
  { name, platformIds }: Pick<Warehouse, "name" | "platformIds">,
  { channel, shopId, addresses }: ListedIn,
): string | undefined {
  const stated = platformIds[`${channel}:${shopId}`];
  const found = addresses.filter(({ addressId, label }) => (stated ? addressId === stated : label === name));
  return found.length === 1 ? found[0]?.addressId : undefined;
}

export interface BookLinks {
  /** By warehouse, where the channel lists it. */
  linked: { addressId: string; platformId: string }[];
  /** Warehouses whose id the channel no longer lists. */
  lost: string[];
  /** What the channel lists and no warehouse stands for. */
  unlinked: ReturnAddress[];
}

/** Lays the book beside what the channel lists in a shop. */
export function linksOf(book: readonly Warehouse[], shop: ListedIn): BookLinks {
  const linked = book.flatMap((warehouse) => {
    const platformId = platformIdOf(warehouse, shop);
    return platformId ? [{ addressId: warehouse.addressId, platformId }] : [];
  });
  const lost = book
    .filter((each) => each.platformIds[`${shop.channel}:${shop.shopId}`] && !platformIdOf(each, shop))
    .map(({ addressId }) => addressId);
  const unlinked = shop.addresses.filter(({ addressId }) => !linked.some((each) => each.platformId === addressId));
  return { linked, lost, unlinked };
}
