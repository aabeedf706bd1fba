import { describe, expect, it } from "vitest";
import { isBusinessDay } from "#shared/case/calendar.ts";
import { tenantIdSchema } from "#shared/case/ids.ts";
import { createRules } from "#shared/store/rules.ts";
import { useTable } from "../../test/engine.ts";
import { setRules, setRulesRequestSchema } from "./set-rules.ts";

const table = useTable();
const tenantId = tenantIdSchema.parse("acme");
const set = (wish: object) => {
  const clock = { now: () => new Date("2026-11-25T12:00:00.000Z") };
  const request = setRulesRequestSchema.parse({ tenantId, personId: "erika", onVersion: 0, ...wish });
  return setRules(request, { rules: createRules(table()), clock });
};
const stored = async () => (await createRules(table()).get(tenantId))?.rules;

describe("setRules", () => {
  it("replaces what it is given and leaves the rest, version by version", async () => {
    expect(await set({ rules: { fallbackHours: 12 } })).toEqual({ ok: true, version: 1 });
    expect(await set({ onVersion: 1, rules: { laws: ["EU"] } })).toEqual({ ok: true, version: 2 });
    expect(await stored()).toMatchObject({ fallbackHours: 12, laws: ["EU"] });
    expect((await stored())?.levels.map(({ id }) => id)).toContain("shopify.respond");
  });

  it("refuses to write over what the person has not seen", async () => {
    await set({ rules: { fallbackHours: 12 } });
    expect(await set({ rules: { fallbackHours: 6 } })).toEqual({ ok: false, reason: "version_moved", version: 1 });
    expect(await stored()).toMatchObject({ fallbackHours: 12 });
  });

  it("makes calendars from holidays and the tenant's own days, and keeps those of other markets", async () => {
    await set({ calendars: [{ market: "US", years: [2026] }] });
    await set({ onVersion: 1, calendars: [{ market: "CN", years: [2026], openOn: ["2026-02-20"] }] });
    const saved = await createRules(table()).get(tenantId);
    expect(saved?.calendars.map(({ market }) => market)).toEqual(["CN", "US"]);
    const [china] = saved?.calendars ?? [];
    expect(["2026-02-19", "2026-02-20", "2026-02-28"].map((day) => china && isBusinessDay(day, china))).toEqual([
      false,
      true,
      true,
    ]);
  });

  it("refuses hours that do not fit each other", async () => {
    const wish = { calendars: [{ market: "US", years: [2026], opensAt: 1100, closesAt: 1080 }] };
    await expect(set(wish)).rejects.toMatchObject({ code: "payload_invalid" });
  });

  it.each([
    ["a rule that refuses", { acts: [{ id: "x", kind: "respond", answer: "refuse" }] }],
    [
      "a pause that ends before it begins",
      {
        pauses: [
          {
            channel: "jd",
            from: "2026-02-20T00:00:00.000Z",
            until: "2026-02-19T00:00:00.000Z",
            link: "https://example.com",
            readOn: "2026-02-01",
          },
        ],
      },
    ],
    ["a rung that is none", { ladder: { own: ["soon"] } }],
    ["an unknown part", { escalate: true }],
    ["calendars past their gate", { calendars: ["CN"] }],
  ])("does not take %s", (_, rules) => {
    expect(setRulesRequestSchema.safeParse({ tenantId, personId: "erika", onVersion: 0, rules }).success).toBe(false);
  });
});
