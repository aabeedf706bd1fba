import { ScanCommand } from "@aws-sdk/client-dynamodb";
import { unmarshall } from "@aws-sdk/util-dynamodb";
import { describe, expect, it } from "vitest";
import { tenantIdSchema } from "#shared/case/ids.ts";
import { type EndingKind, endOf, type ItemKind, itemTerms } from "#shared/case/retention.ts";
import { shopSchema } from "#shared/case/shop.ts";
import { defaultRules } from "#shared/case/tenant-rules.ts";
import { defaultLimits } from "#shared/case/write-limits.ts";
import { useTable } from "../../test/engine.ts";
import { revised, sampleCase } from "../../test/sample-case.ts";
import { createStore } from "./index.ts";
import { table as storeTable } from "./table.ts";

const table = useTable();
const at = new Date("2026-11-25T12:00:00.000Z");
const now = at.toISOString();
const first = sampleCase();
const { tenantId, caseId, channel, shopId } = first;
const shop = { tenantId, channel, shopId };
const over = sampleCase({ id: "over", facts: { state: { known: true, value: "closed", raw: "28" } } });

/** The store as it is so many milliseconds after `at`. */
const storeAfter = (ms: number) => createStore({ ...table(), clock: { now: () => new Date(at.getTime() + ms) } });
const endMs = (kind: EndingKind) => endOf(kind, at) * 1000 - at.getTime();

/** Writes one item of every kind there is. */
async function writeEveryKind() {
  const store = storeAfter(0);
  await store.cases.create(first);
  await store.cases.create(over);
  await store.timeline.append(first);
  const evidenceId = "0".repeat(32);
  const place = { tenantId, caseId, evidenceId, source: "buyer", receivedAt: now, kind: "photo" } as const;
  await store.evidence.put({ ...place, status: "refused", why: "empty" });
  await store.references.put(tenantId, caseId, ["6921"]);
  await store.references.put(tenantId, caseId, ["refunds"], "refund_reference");
  await store.references.putEnded(shop, { caseId, from: now });
  await store.privacyRequests.open({
    ...{ ...shop, requestId: "r", kind: "person_erasure", topic: "t", status: "open" },
    ...{ receivedAt: now, dueAt: now },
  });
  const connected = { ...shop, name: "x", mode: "auto", status: "connected", addresses: [], connectedAt: now };
  await store.shops.connect(shopSchema.parse(connected), Uint8Array.of(1), ["sweep"]);
  const until = new Date(at.getTime() + 15 * 60_000).toISOString();
  await store.authorizations.open({
    ...{ tenantId, authorizationId: "a", channel, personId: "p", linkHash: "h", expiresAt: until },
    asked: { name: "x", mode: "observe" },
  } as Parameters<typeof store.authorizations.open>[0]);
  const rules = { ...defaultRules, calendars: ["CN"] };
  await store.rules.put(tenantId, {
    ...{ version: 1, savedAt: now, rules },
    calendars: [{ market: "CN" }] as never,
  });
  const warehouse = { addressId: "w", name: "w" } as never;
  await store.addresses.put(tenantId, warehouse, 0);
  await store.addresses.putRules(tenantId, {} as never, 0);
  await store.addresses.countIn(tenantId, "w", "2026-11-25", caseId);
  await store.limits.put(tenantId, { all: {}, shops: {} } as never);
  await store.inbound.addKey(tenantId, { keyId: "k", sealed: Uint8Array.of(1) });
  await store.inbound.mark(tenantId, "e1", at);
  await store.counters.turn(shop, at, defaultLimits);
  const amount = { amountMinor: 1, currency: "CNY" };
  await store.counters.spend({ shop, day: "2026-11-25", amount, spentBy: "c" }, defaultLimits);
  return store;
}

async function stored() {
  const { client, tableName } = table();
  const { Items = [] } = await client.send(new ScanCommand({ TableName: tableName }));
  return Items.map((item) => unmarshall(item) as { entity: string; sk: string; pk: string; expiresAtSeconds?: number });
}

it("gives an end to each item of a kind that ends, none to others, and knows every kind", async () => {
  await writeEveryKind();
  const items = await stored();
  expect([...new Set(items.map(({ entity }) => entity))].sort()).toEqual(
    Object.keys(itemTerms)
      .filter((kind) => kind !== "refund_reference") // an entity `reference` as well
      .sort(),
  );
  for (const { entity, sk, pk, expiresAtSeconds } of items) {
    const isOpenCase = entity === "case" && !pk.endsWith("over");
    const isEnding = "days" in itemTerms[entity as ItemKind] && !isOpenCase;
    expect(expiresAtSeconds !== undefined, `${entity} ${sk}`).toBe(isEnding);
    if (expiresAtSeconds === undefined) continue;
    const kind = (pk.endsWith("#R#refunds") ? "refund_reference" : entity) as EndingKind;
    const from = kind === "refund_day" || kind === "warehouse_day" ? new Date("2026-11-25") : at;
    expect(expiresAtSeconds, kind).toBe(endOf(kind, from));
  }
});

describe("what is past its end and waits to be deleted", () => {
  it("is there a second before, and gone with its end", async () => {
    await writeEveryKind();
    const asked: readonly [EndingKind, (store: ReturnType<typeof storeAfter>) => Promise<unknown>][] = [
      ["case", async (store) => store.cases.get(tenantId, over.caseId)],
      ["timeline_entry", async (store) => (await store.timeline.read(tenantId, caseId))[0]],
      ["evidence", async (store) => (await store.evidence.list(tenantId, caseId))[0]],
      ["reference", async (store) => (await store.references.find(tenantId, "6921"))[0]],
      ["refund_reference", async (store) => (await store.references.find(tenantId, "refunds"))[0]],
      ["reference", async (store) => (await store.references.endedUpTo(shop, now).next()).value],
      ["privacy_request", async (store) => (await store.privacyRequests.list(tenantId))[0]],
      ["inbound_mark", async (store) => (await store.inbound.isMarked(tenantId, "e1")) || undefined],
    ];
    for (const [kind, ask] of asked) {
      expect(await ask(storeAfter(endMs(kind) - 1000)), kind).toBeDefined();
      expect(await ask(storeAfter(endMs(kind))), kind).toBeUndefined();
    }
  });

  it("does not stand in the way of the same again", async () => {
    await writeEveryKind();
    const late = storeAfter(endMs("case"));
    expect(await late.cases.create(over)).toEqual({ created: true });
    const again = new Date(at.getTime() + endMs("inbound_mark"));
    await storeAfter(endMs("inbound_mark")).inbound.mark(tenantId, "e1", again);
    expect(await storeAfter(2 * endMs("inbound_mark") - 1000).inbound.isMarked(tenantId, "e1")).toBe(true);
  });

  it("of a tenant's says nothing of another's", async () => {
    await writeEveryKind();
    expect(await storeAfter(0).privacyRequests.list(tenantIdSchema.parse("other"))).toEqual([]);
  });
});

it("takes the end away from a case that is opened anew", async () => {
  const { cases } = storeAfter(0);
  await cases.create(over);
  await cases.save(revised(over, { facts: first.facts }));
  expect((await stored())[0]).not.toHaveProperty(storeTable.expiryAttribute);
});
