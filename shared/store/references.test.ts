import { expect, it } from "vitest";
import { tenantIdSchema } from "#shared/case/ids.ts";
import { useTable } from "../../test/engine.ts";
import { sampleCase } from "../../test/sample-case.ts";
import { createReferences } from "./references.ts";

const table = useTable();
const { tenantId, caseId } = sampleCase({ id: "1" });
const other = sampleCase({ id: "2" }).caseId;

it("finds every case of an order or a parcel", async () => {
  const references = createReferences(table());
  await references.put(tenantId, caseId, ["6921", "SF1002"]);
  await references.put(tenantId, other, ["6921"]);
  expect(await references.find(tenantId, "6921")).toEqual([caseId, other]);
  expect(await references.find(tenantId, "SF1002")).toEqual([caseId]);
});

it("holds a reference once, however often it is put", async () => {
  const references = createReferences(table());
  await references.put(tenantId, caseId, ["6921", "6921"]);
  await references.put(tenantId, caseId, ["6921"]);
  expect(await references.find(tenantId, "6921")).toEqual([caseId]);
});

it("finds nothing for another tenant", async () => {
  const references = createReferences(table());
  await references.put(tenantId, caseId, ["6921"]);
  expect(await references.find(tenantIdSchema.parse("other"), "6921")).toEqual([]);
});
