import { platformIdOf, type Warehouse } from "./address-book.ts";
import { type AddressRule, type AddressRules, skuFits } from "./address-rules.ts";
import type { Case } from "./case.ts";
import type { ReasonCode } from "./reason.ts";
import type { Shop } from "./shop.ts";
import type { CaseType } from "./vocabulary.ts";

/** What is known of the goods on their way back. What is not known fits no rule that asks for it. */
export interface Parcel {
  type?: CaseType | undefined;
  reason: ReasonCode;
  skus: readonly string[];
  market?: string | undefined;
  /** The buyer's, ISO 3166-2. */
  region?: string | undefined;
}

export interface Choice {
  book: readonly Warehouse[];
  rules: AddressRules;
  shop: Pick<Shop, "channel" | "shopId" | "addresses">;
  /** Whether the channel takes only addresses that it lists itself. */
  listedOnly: boolean;
  /** Returns already sent to a warehouse on this day; none when left out. */
  sentToday?: Readonly<Record<string, number>>;
}

export type Obstacle =
  | "closed"
  | "full"
  | "day_is_full"
  | "other_market"
  | "other_category"
  | "not_listed"
  | "not_in_book";

export type Routed =
  | {
      found: true;
      warehouse: Warehouse;
      /** The channel's own id, where it lists the warehouse. */
      platformId: string | undefined;
      /** The id of the rule, or `usual`, or `only_one`. */
      rule: string;
      passedOver: PassedOver[];
    }
  | { found: false; passedOver: PassedOver[] };

export interface PassedOver {
  addressId: string;
  why: Obstacle;
}

/** What a case says of its goods. The channel does not tell us where the buyer lives, so `region` is for who knows it. */
export function parcelOf(
  { facts }: Pick<Case, "facts">,
  known: { market?: string | undefined; region?: string } = {},
): Parcel {
  return {
    type: facts.type.known ? facts.type.value : undefined,
    reason: facts.reason.code,
    skus: [...new Set((facts.goods.lines ?? []).flatMap(({ sku }) => sku ?? []))],
    market: facts.market ?? known.market,
    region: known.region,
  };
}

/**
 * The warehouse that goods come back to: of the first rule that fits and has one which can take them, else the usual one,
 * else the only one that can. Several without a word from the merchant are none: a person must say.
 */
export function routeReturn(parcel: Parcel, choice: Choice): Routed {
  const { book, rules } = choice;
  const categories = categoriesOf(parcel.skus, rules);
  const passedOver: PassedOver[] = [];
  const able = (addressId: string): Warehouse | undefined => {
    const warehouse = book.find((each) => each.addressId === addressId);
    const why = warehouse ? obstacle(warehouse, parcel, categories, choice) : "not_in_book";
    if (why && !passedOver.some((each) => each.addressId === addressId)) passedOver.push({ addressId, why });
    return why ? undefined : warehouse;
  };
  const found = (warehouse: Warehouse, rule: string): Routed => {
    return { found: true, warehouse, platformId: platformIdOf(warehouse, choice.shop), rule, passedOver };
  };

  for (const rule of rules.rules) {
    if (!fits(rule, parcel, categories, choice.shop)) continue;
    const wanted = rule.to === "nearest" ? byNearness(book, parcel.region) : rule.to;
    const first = wanted.map(able).find((each) => each !== undefined);
    if (first) return found(first, rule.id);
  }
  const usual = rules.usual === undefined ? undefined : able(rules.usual);
  if (usual) return found(usual, "usual");
  const others = book.flatMap(({ addressId }) => able(addressId) ?? []);
  const [only, another] = others;
  return only && !another ? found(only, "only_one") : { found: false, passedOver };
}

function fits(
  rule: AddressRule,
  { type, reason, skus, market, region }: Parcel,
  categories: readonly (string | undefined)[],
  { channel, shopId }: Choice["shop"],
): boolean {
  const oneOf = (wanted: readonly string[] | undefined, is: string | undefined) =>
    wanted === undefined || (is !== undefined && wanted.includes(is));
  return (
    oneOf(rule.channels, channel) &&
    oneOf(rule.shops, `${channel}:${shopId}`) &&
    oneOf(rule.markets, market) &&
    oneOf(rule.types, type) &&
    oneOf(rule.regions, region) &&
    (rule.reasons === undefined || rule.reasons.some((each) => reason === each || reason.startsWith(`${each}.`))) &&
    // A parcel with goods of several kinds fits only a rule that names them all.
    (rule.skus === undefined ||
      (skus.length > 0 && skus.every((sku) => rule.skus?.some((each) => skuFits(each, sku))))) &&
    (rule.categories === undefined ||
      (categories.length > 0 && categories.every((each) => oneOf(rule.categories, each))))
  );
}

function obstacle(
  warehouse: Warehouse,
  { market }: Parcel,
  categories: readonly (string | undefined)[],
  { shop, listedOnly, sentToday = {} }: Choice,
): Obstacle | undefined {
  const { addressId, intake, markets, parcelsPerDay } = warehouse;
  if (intake !== "open") return intake;
  if (parcelsPerDay !== undefined && (sentToday[addressId] ?? 0) >= parcelsPerDay) return "day_is_full";
  if (market !== undefined && !markets.includes(market)) return "other_market";
  // Goods of an unknown kind go only where everything is taken.
  const accepted = warehouse.categories;
  if (accepted && !(categories.length > 0 && categories.every((each) => each && accepted.includes(each)))) {
    return "other_category";
  }
  return listedOnly && !platformIdOf(warehouse, shop) ? "not_listed" : undefined;
}

/** One per SKU; undefined for one that no list names. */
function categoriesOf(skus: readonly string[], { categories }: AddressRules): (string | undefined)[] {
  return skus.map((sku) => categories.find(({ skus: of }) => of.some((each) => skuFits(each, sku)))?.category);
}

/** Own region first, then who says to be near, then the same country; in the order of the book where equally near. */
function byNearness(book: readonly Warehouse[], region: string | undefined): string[] {
  if (region === undefined) return [];
  const distanceOf = ({ region: own, nearTo }: Warehouse) => {
    if (own === region) return 0;
    if (nearTo.includes(region)) return 1;
    return own.slice(0, 2) === region.slice(0, 2) ? 2 : undefined;
  };
  return book
    .flatMap((warehouse) => ({ addressId: warehouse.addressId, distance: distanceOf(warehouse) }))
    .filter((each): each is { addressId: string; distance: 0 | 1 | 2 } => each.distance !== undefined)
    .sort((a, b) => a.distance - b.distance)
    .map(({ addressId }) => addressId);
}
