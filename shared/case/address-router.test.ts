import { describe, expect, it } from "vitest";
import { someFacts } from "../../test/builders/case-builder.ts";
import { linksOf, type Warehouse, warehouseSchema } from "./address-book.ts";
import { type Obstacle, type Parcel, parcelOf, routeReturn } from "./address-router.ts";
import { type AddressRules, addressRulesSchema } from "./address-rules.ts";
import type { Shop } from "./shop.ts";

const warehouse = (addressId: string, parts: Partial<Warehouse>): Warehouse =>
  warehouseSchema.parse({
    addressId,
    name: addressId,
    contact: { name: "Returns desk", phone: "+86 20 1234 5678" },
    street: ["1 Sample Road"],
    city: "Sample City",
    region: "CN-GD",
    markets: ["CN"],
    languages: ["zh"],
    ...parts,
  });

/** A merchant with three warehouses: the south takes all, the north only clothes and shoes, Spain serves Europe. */
const south = warehouse("south", { region: "CN-GD", nearTo: ["CN-GX", "CN-HI", "CN-FJ"], parcelsPerDay: 100 });
const north = warehouse("north", { region: "CN-BJ", nearTo: ["CN-TJ", "CN-HE"], categories: ["clothes", "shoes"] });
const spain = warehouse("spain", {
  region: "ES-M",
  nearTo: ["PT-11"],
  markets: ["ES", "PT", "FR"],
  languages: ["es", "en"],
});
const book = [south, north, spain];

const rules = addressRulesSchema.parse({
  categories: [
    { category: "shoes", skus: ["SHOE-*"] },
    { category: "clothes", skus: ["COAT-*", "SHIRT-1"] },
    { category: "glass", skus: ["VASE-*"] },
  ],
  rules: [
    { id: "europe", markets: ["ES", "PT", "FR"], to: ["spain"] },
    { id: "defects", reasons: ["quality", "description.counterfeit"], to: ["south"] },
    { id: "repairs", types: ["repair"], to: ["south"] },
    { id: "flagship", shops: ["douyin:9"], to: ["north", "south"] },
    { id: "one_sku", skus: ["SHOE-77"], to: ["south"] },
    { id: "shoes", categories: ["shoes"], to: ["north", "south"] },
    { id: "islands", regions: ["CN-HI"], channels: ["douyin", "taobao"], to: ["south"] },
    { id: "nearest", channels: ["douyin"], to: "nearest" },
  ],
  usual: "south",
});

const listed = (...ids: string[]) => ids.map((id) => ({ addressId: `9${id}`, label: id, isDefault: false }));
const douyin = { channel: "douyin", shopId: "1", addresses: listed("south", "north", "spain") } as unknown as Shop;
const shop = (parts: object) => ({ ...douyin, ...parts }) as Shop;

interface Row {
  parcel?: Partial<Parcel>;
  to?: string;
  by?: string;
  shop?: Shop;
  book?: Warehouse[];
  rules?: AddressRules;
  sentToday?: Record<string, number>;
  listedOnly?: boolean;
  passed?: Record<string, Obstacle>;
}

const closed = (each: Warehouse): Warehouse => ({ ...each, intake: "closed" });
const full = (each: Warehouse): Warehouse => ({ ...each, intake: "full" });
const without = (parts: Partial<AddressRules>): AddressRules => ({ ...rules, ...parts });
const noRules = without({ rules: [], usual: undefined });

const table: Record<string, Row> = {
  // by market
  "a buyer in Spain": { parcel: { market: "ES" }, to: "spain", by: "europe" },
  "a buyer in Portugal": { parcel: { market: "PT" }, to: "spain", by: "europe" },
  "a buyer in China": { parcel: { market: "CN" }, to: "south", by: "usual" },
  "a market nobody serves": {
    parcel: { market: "JP" },
    passed: { south: "other_market", north: "other_market", spain: "other_market" },
  },
  "a market that is not known": { to: "south", by: "usual" },
  "Europe while Spain is closed": {
    parcel: { market: "ES" },
    book: [south, north, closed(spain)],
    passed: { spain: "closed", south: "other_market", north: "other_market" },
  },
  // by reason
  "a defect": { parcel: { reason: "quality.defect" }, to: "south", by: "defects" },
  "bad workmanship": { parcel: { reason: "quality.workmanship" }, to: "south", by: "defects" },
  "a counterfeit": { parcel: { reason: "description.counterfeit" }, to: "south", by: "defects" },
  "not as described": { parcel: { reason: "description.not_as_described" }, to: "south", by: "usual" },
  "a defect in Spain": { parcel: { reason: "quality.defect", market: "ES" }, to: "spain", by: "europe" },
  "a defective shoe": { parcel: { reason: "quality.defect", skus: ["SHOE-1"] }, to: "south", by: "defects" },
  // by type
  "a repair": { parcel: { type: "repair" }, to: "south", by: "repairs" },
  "an exchange": { parcel: { type: "exchange" }, to: "south", by: "usual" },
  "a type that is not known": { parcel: { type: undefined }, to: "south", by: "usual" },
  // by SKU and category
  "a shoe": { parcel: { skus: ["SHOE-1"] }, to: "north", by: "shoes" },
  "the one shoe that is another's": { parcel: { skus: ["SHOE-77"] }, to: "south", by: "one_sku" },
  "that shoe and another": { parcel: { skus: ["SHOE-77", "SHOE-1"] }, to: "north", by: "shoes" },
  "a shoe and a coat": { parcel: { skus: ["SHOE-1", "COAT-2"] }, to: "south", by: "usual" },
  "a shoe and a vase": { parcel: { skus: ["SHOE-1", "VASE-1"] }, to: "south", by: "usual" },
  "a SKU that no list names": { parcel: { skus: ["HAT-1"] }, to: "south", by: "usual" },
  "a SKU that is only like one": { parcel: { skus: ["SHIRT-12"] }, to: "south", by: "usual" },
  "a shoe while the north is full": {
    parcel: { skus: ["SHOE-1"] },
    book: [south, full(north), spain],
    to: "south",
    by: "shoes",
    passed: { north: "full" },
  },
  "a vase that only the north is left for": {
    parcel: { skus: ["VASE-1"] },
    book: [closed(south), north],
    rules: without({ usual: "north" }),
    passed: { north: "other_category", south: "closed" },
  },
  "goods of unknown kind that only the north is left for": {
    book: [closed(south), north],
    passed: { south: "closed", north: "other_category" },
  },
  // by channel and shop
  "the flagship": { shop: shop({ shopId: "9" }), parcel: { skus: ["COAT-1"] }, to: "north", by: "flagship" },
  "the flagship with a vase": {
    shop: shop({ shopId: "9" }),
    parcel: { skus: ["VASE-1"] },
    to: "south",
    by: "flagship",
    passed: { north: "other_category" },
  },
  "a shop of the same number elsewhere": {
    shop: shop({ channel: "taobao", shopId: "9" }),
    parcel: { skus: ["COAT-1"] },
    to: "south",
    by: "usual",
  },
  // by nearness
  "a coat near Beijing": { parcel: { skus: ["COAT-1"], region: "CN-BJ" }, to: "north", by: "nearest" },
  "a coat in a region that the north is near to": {
    parcel: { skus: ["COAT-1"], region: "CN-TJ" },
    to: "north",
    by: "nearest",
  },
  "a coat in the south": { parcel: { skus: ["COAT-1"], region: "CN-GX" }, to: "south", by: "nearest" },
  "a coat far from both": { parcel: { skus: ["COAT-1"], region: "CN-XJ" }, to: "south", by: "nearest" },
  "a vase near Beijing": {
    parcel: { skus: ["VASE-1"], region: "CN-BJ" },
    to: "south",
    by: "nearest",
    passed: { north: "other_category" },
  },
  "an island, before nearness": { parcel: { region: "CN-HI", skus: ["COAT-1"] }, to: "south", by: "islands" },
  "nearness on a channel without that rule": {
    shop: shop({ channel: "taobao" }),
    parcel: { skus: ["COAT-1"], region: "CN-BJ" },
    to: "south",
    by: "usual",
  },
  "nearness in a country with no warehouse": { parcel: { region: "US-CA" }, to: "south", by: "usual" },
  // by capacity
  "a day that is full": {
    sentToday: { south: 100 },
    passed: { south: "day_is_full", north: "other_category" },
    to: "spain",
    by: "only_one",
  },
  "a day with one place left": { sentToday: { south: 99 }, to: "south", by: "usual" },
  "a full day, with a coat": {
    sentToday: { south: 100 },
    parcel: { skus: ["COAT-1"], market: "CN" },
    to: "north",
    by: "only_one",
    passed: { south: "day_is_full", spain: "other_market" },
  },
  "everything closed": { book: book.map(closed), passed: { south: "closed", north: "closed", spain: "closed" } },
  // what the channel lists
  "an address that the channel does not list": {
    shop: shop({ addresses: listed("north") }),
    parcel: { skus: ["COAT-1"] },
    to: "north",
    by: "only_one",
    passed: { south: "not_listed", spain: "not_listed" },
  },
  "nothing listed": {
    shop: shop({ addresses: [] }),
    passed: { south: "not_listed", north: "other_category", spain: "not_listed" },
  },
  "nothing listed where the channel takes any": {
    shop: shop({ addresses: [] }),
    listedOnly: false,
    to: "south",
    by: "usual",
  },
  "two listed under one name": {
    shop: shop({ addresses: [...listed("south"), ...listed("south")] }),
    passed: { south: "not_listed", north: "other_category", spain: "not_listed" },
  },
  // without rules
  "one warehouse and no rule": { book: [south], rules: noRules, to: "south", by: "only_one" },
  "several warehouses and no rule": { rules: noRules, parcel: { skus: ["COAT-1"], market: "CN" } },
  "several, of which one serves the market": { rules: noRules, parcel: { market: "FR" }, to: "spain", by: "only_one" },
  "a rule to a warehouse that is gone": {
    rules: without({ rules: [{ id: "old", to: ["west"] }] }),
    to: "south",
    by: "usual",
    passed: { west: "not_in_book" },
  },
  "a usual one that is gone": {
    book: [north, spain],
    parcel: { skus: ["COAT-1"], market: "CN" },
    to: "north",
    by: "only_one",
    passed: { south: "not_in_book" },
  },
  "an empty book": { book: [], passed: { south: "not_in_book" } },
};

describe("a return goes", () => {
  it("by more than forty rows", () => expect(Object.keys(table).length).toBeGreaterThanOrEqual(40));

  it.each(Object.entries(table))("%s", (_, row) => {
    const parcel: Parcel = { type: "return_refund", reason: "no_reason.changed_mind", skus: [], ...row.parcel };
    const routed = routeReturn(parcel, { book, rules, shop: douyin, listedOnly: true, ...row });
    expect(routed.found ? [routed.warehouse.addressId, routed.rule] : []).toEqual(row.to ? [row.to, row.by] : []);
    if (row.passed) {
      expect(Object.fromEntries(routed.passedOver.map(({ addressId, why }) => [addressId, why]))).toMatchObject(
        row.passed,
      );
    }
    if (routed.found && row.listedOnly !== false) expect(routed.platformId).toBe(`9${row.to}`);
  });

  it("the same way whatever the order of the book", () => {
    const parcel: Parcel = { reason: "no_reason.changed_mind", skus: ["COAT-1"], region: "CN-BJ" };
    const choice = { rules, shop: douyin, listedOnly: true };
    const ways = [book, book.toReversed(), [north, spain, south]].map((each) =>
      routeReturn(parcel, { ...choice, book: each }),
    );
    expect(ways.map((way) => way.found && way.warehouse.addressId)).toEqual(["north", "north", "north"]);
  });
});

describe("what a case says of its goods", () => {
  it("is its type, reason and SKUs, each once", () => {
    const lines = ["A", "A", undefined].map((sku, n) => ({ lineId: String(n), requested: 1, ...(sku && { sku }) }));
    const facts = someFacts({ goods: { lines } });
    expect(parcelOf({ facts }, { market: "CN" })).toEqual({
      type: "return_refund",
      reason: "no_reason.changed_mind",
      skus: ["A"],
      market: "CN",
      region: undefined,
    });
  });

  it("is its own market before the shop's", () => {
    expect(parcelOf({ facts: someFacts({ market: "ES" }) }, { market: "FR" }).market).toBe("ES");
  });
});

describe("the book beside what the channel lists", () => {
  it("links by the id that is stated, else by name, and says what is lost and what is new", () => {
    const stated = { ...north, platformIds: { "douyin:1": "9gone" } };
    const links = linksOf([south, stated, spain], shop({ addresses: [...listed("south"), ...listed("attic")] }));
    expect(links).toEqual({
      linked: [{ addressId: "south", platformId: "9south" }],
      lost: ["north"],
      unlinked: listed("attic"),
    });
  });

  it("never takes another shop's id", () => {
    const elsewhere = { ...south, name: "other", platformIds: { "douyin:2": "9south" } };
    expect(linksOf([elsewhere], douyin).linked).toEqual([]);
  });
});

describe("a warehouse", () => {
  it.each<[string, object]>([
    ["without a phone", { contact: { name: "Desk", phone: "" } }],
    ["with a phone of letters", { contact: { name: "Desk", phone: "call us" } }],
    ["with a line end in its street", { street: ["1 Road\nof nobody"] }],
    ["that turns the line around", { city: "\u202eCity" }],
    ["for no market", { markets: [] }],
    ["in no region", { region: "Guangdong" }],
    ["that takes a parcel and a half a day", { parcelsPerDay: 1.5 }],
    [
      "that closes before it opens",
      { hours: { timeZone: "Asia/Shanghai", open: [{ days: [1], from: "18:00", to: "09:00" }] } },
    ],
    [
      "in a zone that does not exist",
      { hours: { timeZone: "Asia/Atlantis", open: [{ days: [1], from: "09:00", to: "18:00" }] } },
    ],
    ["with a key in its id", { addressId: "south#C#1" }],
    ["with a field nobody knows", { owner: "rival" }],
  ])("%s is refused", (_, parts) => {
    expect(warehouseSchema.safeParse({ ...south, ...parts }).success).toBe(false);
  });

  it("refuses two rules of one name", () => {
    const twice = [
      { id: "a", to: ["south"] },
      { id: "a", to: ["north"] },
    ];
    expect(addressRulesSchema.safeParse({ rules: twice }).success).toBe(false);
  });
});
