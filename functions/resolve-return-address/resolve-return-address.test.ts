import { beforeEach, describe, expect, it } from "vitest";
import { connectorOf } from "#connectors/registry.ts";
import { type Warehouse, warehouseSchema } from "#shared/case/address-book.ts";
import { addressRulesSchema } from "#shared/case/address-rules.ts";
import type { Case } from "#shared/case/case.ts";
import { tenantIdSchema } from "#shared/case/ids.ts";
import { shopSchema } from "#shared/case/shop.ts";
import { createStore, type Store } from "#shared/store/index.ts";
import { useTable } from "../../test/engine.ts";
import { sampleCase } from "../../test/sample-case.ts";
import { resolveReturnAddress } from "./resolve-return-address.ts";

const table = useTable();
const acme = tenantIdSchema.parse("acme");
const now = new Date("2026-11-25T20:00:00.000Z"); // the 26th in Shanghai
let store: Store;
beforeEach(() => {
  store = createStore(table());
});

async function openShop(channel: string, addresses: object[] = []) {
  const about = { tenantId: acme, channel, shopId: "4463798", name: "Flagship", mode: "auto", status: "connected" };
  const shop = shopSchema.parse({ ...about, connectedAt: "2026-11-01T00:00:00.000Z", addresses });
  await store.shops.connect(shop, Buffer.from("sealed"));
}

const listed = (addressId: string, label: string, isDefault = false) => ({ addressId, label, isDefault });

const warehouse = (addressId: string, parts: object = {}): Warehouse =>
  warehouseSchema.parse({
    addressId,
    name: addressId,
    contact: { name: "Returns desk", phone: "+86 20 1234 5678" },
    street: ["18 Sample Road"],
    city: "Guangzhou",
    region: "CN-GD",
    markets: ["CN"],
    languages: ["zh"],
    hours: { timeZone: "Asia/Shanghai", open: [{ days: [1, 2, 3, 4, 5], from: "09:00", to: "18:00" }] },
    ...parts,
  });

/** A return that a rule has agreed to, and whose agreement waits for its address. */
async function openDecided(id: string, parts: object = {}): Promise<Case> {
  const decision = { action: "agree_return", rule: "no_reason", policyVersion: "1", onVersion: 1, shadow: false };
  const opened = sampleCase({ id, decision: { ...decision, at: "2026-11-25T12:00:00.000Z" }, ...parts } as object);
  await store.cases.create(opened);
  return opened;
}

async function resolved({ tenantId, caseId, channel, shopId }: Case): Promise<Case> {
  const { cases, shops, addresses, rules } = store;
  const deps = { cases, shops, addresses, rules, connectorOf, clock: { now: () => now } };
  await resolveReturnAddress({ tenantId, caseId, channel, shopId }, deps);
  const after = await cases.get(tenantId, caseId);
  if (!after) throw new Error("the case is gone");
  return after;
}

describe("without a book", () => {
  it("takes the channel's default address", async () => {
    await openShop("douyin", [listed("9001", "old"), listed("9002", "new", true)]);
    const { commands } = await resolved(await openDecided("1"));
    expect(commands).toMatchObject([{ action: "agree_return", args: { addressId: "9002" }, status: "planned" }]);
  });

  it("asks a person when the channel has none", async () => {
    await openShop("douyin");
    const { commands, tasks } = await resolved(await openDecided("1"));
    expect([commands, tasks.map(({ taskId }) => taskId)]).toEqual([[], ["return_address"]]);
  });
});

describe("with a book", () => {
  it("gives the channel its own id of the warehouse that the rules choose", async () => {
    await openShop("douyin", [listed("9001", "south", true), listed("9002", "the north")]);
    await store.addresses.put(acme, warehouse("south"), 0);
    await store.addresses.put(acme, warehouse("north", { platformIds: { "douyin:4463798": "9002" } }), 0);
    const rule = { id: "no_reason", reasons: ["no_reason"], to: ["north"] };
    await store.addresses.putRules(acme, addressRulesSchema.parse({ rules: [rule], usual: "south" }), 0);
    const { commands } = await resolved(await openDecided("1"));
    expect(commands.map(({ args }) => args)).toEqual([{ addressId: "9002" }]);
  });

  it("asks a person, with the reasons, rather than fall back to an address the rules did not choose", async () => {
    await openShop("douyin", [listed("9001", "south", true)]);
    await store.addresses.put(acme, warehouse("south", { intake: "full" }), 0);
    await store.addresses.put(acme, warehouse("spain", { markets: ["ES"] }), 0);
    const { commands, tasks } = await resolved(await openDecided("1"));
    expect(commands).toEqual([]);
    expect(tasks[0]?.what).toBe(
      "No warehouse can take these goods: south (full), spain (other_market). Say where they go, and answer the case.",
    );
  });

  it("counts a case once towards the warehouse's own day, and passes a full day over", async () => {
    await openShop("douyin", [listed("9001", "south"), listed("9002", "north")]);
    await store.addresses.put(acme, warehouse("south", { parcelsPerDay: 1 }), 0);
    await store.addresses.put(acme, warehouse("north"), 0);
    await store.addresses.putRules(acme, addressRulesSchema.parse({ rules: [], usual: "south" }), 0);
    const first = await openDecided("1");
    await resolved(first);
    await resolved(first); // the same news, delivered again
    expect(await store.addresses.countOf(acme, "south", "2026-11-26")).toBe(1);
    const { commands } = await resolved(await openDecided("2"));
    expect(commands.map(({ args }) => args.addressId)).toEqual(["9002"]);
  });

  it("plans nothing twice", async () => {
    await openShop("douyin", [listed("9001", "south")]);
    await store.addresses.put(acme, warehouse("south"), 0);
    const first = await resolved(await openDecided("1"));
    expect(await resolved(first)).toEqual(first);
  });

  it("hands a person the text in the buyer's language where the channel has no call for an address", async () => {
    await openShop("shopify", [listed("Location/1", "south", true)]);
    await store.addresses.put(acme, warehouse("south", { markets: ["AE", "CN"] }), 0);
    const opened = sampleCase({ id: "Return-9" });
    const facts = { ...opened.facts, state: { known: true, value: "approved", raw: "OPEN" }, market: "AE" } as const;
    const caseId = "shopify:4463798:Return-9" as Case["caseId"];
    const approved: Case = { ...opened, channel: "shopify", caseId, facts };
    await store.cases.create(approved);
    const { tasks } = await resolved(approved);
    expect(tasks.map(({ taskId }) => taskId)).toEqual(["return_instructions"]);
    expect(tasks[0]?.text).toMatch(/^يرجى/);
    expect(tasks[0]?.text).toContain("18 Sample Road");
    expect((await resolved(approved)).tasks).toHaveLength(1);
  });
});
