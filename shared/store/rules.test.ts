import { describe, expect, it } from "vitest";
import { plainCalendar } from "#shared/case/calendar.ts";
import { tenantIdSchema } from "#shared/case/ids.ts";
import { tenantRulesSchema } from "#shared/case/tenant-rules.ts";
import { loseAnswers, useTable } from "../../test/engine.ts";
import { createRules, type SavedRules } from "./rules.ts";

const table = useTable();
const acme = tenantIdSchema.parse("acme");
const savedAt = "2026-11-25T12:00:00.000Z";
const version = (number: number, fallbackHours = 24): SavedRules => ({
  version: number,
  savedAt,
  rules: tenantRulesSchema.parse({ calendars: ["CN"], fallbackHours }),
  calendars: [{ ...plainCalendar("CN"), closedOn: ["2026-10-01"] }],
});

describe("the rules of a tenant", () => {
  it("come back as they were stored, with their calendars, and to nobody else", async () => {
    const rules = createRules(table());
    expect(await rules.get(acme)).toBeUndefined();
    expect(await rules.put(acme, version(1))).toBe(true);
    expect(await rules.get(acme)).toEqual(version(1));
    expect(await rules.get(tenantIdSchema.parse("acme2"))).toBeUndefined();
  });

  it("keep every version", async () => {
    const rules = createRules(table());
    await rules.put(acme, version(1));
    await rules.put(acme, version(2, 12));
    expect((await rules.get(acme))?.rules.fallbackHours).toBe(12);
    expect(await rules.getVersion(acme, 1)).toEqual(version(1));
    expect(await rules.getVersion(acme, 3)).toBeUndefined();
  });

  it("are stored by one of two that write on the same version", async () => {
    const rules = createRules(table());
    await rules.put(acme, version(1));
    expect(await Promise.all([rules.put(acme, version(2, 10)), rules.put(acme, version(2, 20))])).toContain(false);
    expect(await rules.put(acme, version(2, 30))).toBe(false);
  });

  it("count as stored when the answer to storing them was lost", async () => {
    const place = table();
    loseAnswers(place.client, 1);
    expect(await createRules(place).put(acme, version(1))).toBe(true);
  });

  it("are handed back unread while their version is the same", async () => {
    const rules = createRules(table());
    await rules.put(acme, version(1));
    const known = await rules.get(acme);
    expect(await rules.get(acme, known)).toBe(known);
    await rules.put(acme, version(2, 12));
    expect((await rules.get(acme, known))?.version).toBe(2);
  });
});
