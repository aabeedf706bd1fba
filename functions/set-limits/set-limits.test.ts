import { expect, it } from "vitest";
import { createStore } from "#shared/store/index.ts";
import { useTable } from "../../test/engine.ts";
import { limitsRequestSchema, setLimits } from "./set-limits.ts";

const table = useTable();

it("sets a tenant's limits, and tells those in force", async () => {
  const deps = createStore(table());
  const ask = (request: object) => setLimits(limitsRequestSchema.parse({ tenantId: "acme", ...request }), deps);
  expect((await ask({})).all).toMatchObject({ dailyRefunds: 1000, partialNeedsTwoPeople: true });
  const shops = { "douyin:4463798": { dailyRefunds: 5 } };
  await ask({ limits: { all: { twoPeopleAboveMinor: { CNY: 50_000 } }, shops } });
  expect(await ask({})).toMatchObject({ all: { twoPeopleAboveMinor: { CNY: 50_000 } }, shops });
});

it.each([
  { all: { dailyRefunds: -1 } },
  { all: { twoPeopleAboveMinor: { CNY: 1.5 } } },
  { all: { zone: "Nowhere" } },
  { some: {} },
])("takes no %j", (limits) => {
  expect(limitsRequestSchema.safeParse({ tenantId: "acme", limits }).success).toBe(false);
});
