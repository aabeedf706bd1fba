import { describe, expect, it } from "vitest";
import { warehouseSchema } from "#shared/case/address-book.ts";
import { addressRulesSchema } from "#shared/case/address-rules.ts";
import type { CaseId } from "#shared/case/ids.ts";
import { tenantIdSchema } from "#shared/case/ids.ts";
import { loseAnswers, useTable } from "../../test/engine.ts";
import { createAddresses } from "./addresses.ts";

const table = useTable();
const acme = tenantIdSchema.parse("acme");
const rival = tenantIdSchema.parse("rival");
const south = warehouseSchema.parse({
  addressId: "south",
  name: "South",
  contact: { name: "Returns desk", phone: "+86 20 1234 5678" },
  street: ["18 Sample Road"],
  city: "Guangzhou",
  region: "CN-GD",
  markets: ["CN"],
  languages: ["zh"],
});
const rules = addressRulesSchema.parse({ rules: [{ id: "all", to: "nearest" }], usual: "south" });

describe("a warehouse", () => {
  it("comes back as it was stored, and belongs to its tenant alone", async () => {
    const addresses = createAddresses(table());
    expect(await addresses.put(acme, south, 0)).toBe(true);
    expect(await addresses.get(acme, "south")).toEqual({ version: 1, warehouse: south });
    expect(await addresses.list(acme)).toEqual([{ version: 1, warehouse: south }]);
    expect([await addresses.get(rival, "south"), await addresses.list(rival)]).toEqual([undefined, []]);
  });

  it("is replaced only by who has seen it as it is", async () => {
    const addresses = createAddresses(table());
    await addresses.put(acme, south, 0);
    const closed = { ...south, intake: "closed" as const };
    expect(await addresses.put(acme, closed, 1)).toBe(true);
    expect(await addresses.put(acme, { ...south, intake: "full" }, 1)).toBe(false);
    expect(await addresses.put(acme, { ...south, intake: "full" }, 0)).toBe(false);
    expect(await addresses.get(acme, "south")).toEqual({ version: 2, warehouse: closed });
  });

  it("counts as stored when only the answer was lost", async () => {
    const client = table().anotherClient();
    const addresses = createAddresses({ ...table(), client });
    loseAnswers(client, 1);
    expect(await addresses.put(acme, south, 0)).toBe(true);
  });
});

describe("the rules of addresses", () => {
  it("are none until somebody sets them, and then what was set", async () => {
    const addresses = createAddresses(table());
    expect(await addresses.getRules(acme)).toEqual({ version: 0, rules: { rules: [], categories: [] } });
    expect(await addresses.putRules(acme, rules, 0)).toBe(true);
    expect(await addresses.getRules(acme)).toEqual({ version: 1, rules });
    expect(await addresses.putRules(acme, { ...rules, usual: "north" }, 0)).toBe(false);
  });
});

describe("a warehouse's day", () => {
  it("counts each case once, and by itself", async () => {
    const addresses = createAddresses(table());
    const count = (day: string, id: string) => addresses.countIn(acme, "south", day, `douyin:1:${id}` as CaseId);
    await count("2026-11-25", "1");
    await count("2026-11-25", "1");
    await count("2026-11-25", "2");
    await count("2026-11-26", "3");
    const on = (day: string) => addresses.countOf(acme, "south", day);
    expect(await Promise.all([on("2026-11-25"), on("2026-11-26"), on("2026-11-27")])).toEqual([2, 1, 0]);
    expect(await addresses.countOf(rival, "south", "2026-11-25")).toBe(0);
  });
});
