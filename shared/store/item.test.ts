import { PutItemCommand } from "@aws-sdk/client-dynamodb";
import { marshall } from "@aws-sdk/util-dynamodb";
import { describe, expect, it } from "vitest";
import { useTable } from "../../test/engine.ts";
import { sampleCase } from "../../test/sample-case.ts";
import { createCases } from "./cases.ts";
import { caseOfItem, schemaVersion } from "./item.ts";
import { caseKey } from "./keys.ts";
import { getItem } from "./query.ts";

const table = useTable();
const first = sampleCase();

/** Stores the case, then changes what is stored behind the store's back. */
async function tampered(changes: Record<string, unknown>) {
  const { client, tableName } = table();
  const cases = createCases(table());
  await cases.create(first);
  const stored = await getItem(table(), caseKey(first.tenantId, first.caseId));
  await client.send(new PutItemCommand({ TableName: tableName, Item: { ...stored, ...marshall(changes) } }));
  return cases.get(first.tenantId, first.caseId);
}

describe("reading an item", () => {
  it("names the version it does not know and the one it does", async () => {
    const message = `a stored case has schemaVersion 7; this code reads ${schemaVersion}`;
    await expect(tampered({ schemaVersion: 7 })).rejects.toMatchObject({ code: "misconfigured", message });
  });

  it.each([
    ["a field nobody declared", { surprise: 1 }, "item (unrecognized_keys)"],
    ["another entity in its place", { entity: "shop" }, "entity (invalid_value)"],
    ["a lock that is no number", { revision: "1" }, "revision (invalid_type)"],
  ])("refuses %s and names the place", async (_, changes, place) => {
    await expect(tampered(changes)).rejects.toMatchObject({
      code: "misconfigured",
      message: expect.stringContaining(place),
    });
  });

  it("never says in its message what was stored", async () => {
    const failure: unknown = await tampered({ body: { buyer: "Zhang San" } }).catch((error: unknown) => error);
    expect(JSON.stringify(failure) + String(failure)).not.toContain("Zhang");
  });

  it("reads the case out of an image of the stream", async () => {
    await createCases(table()).create(first);
    const image = await getItem(table(), caseKey(first.tenantId, first.caseId));
    expect(image && caseOfItem(image)).toEqual(first);
    expect(caseOfItem({ ...image, entity: { S: "timeline_entry" } })).toBeUndefined();
  });
});
