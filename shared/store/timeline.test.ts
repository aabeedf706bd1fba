import { expect, it } from "vitest";
import type { News } from "#shared/case/news.ts";
import { billOf, useTable } from "../../test/engine.ts";
import { revised, sampleCase } from "../../test/sample-case.ts";
import { createTimeline } from "./timeline.ts";

const table = useTable();
const first = sampleCase();
const { tenantId, caseId } = first;

function amended(minute: number): News {
  const at = new Date(Date.UTC(2026, 10, 25, 13, minute)).toISOString();
  return { name: "case.amended", at, data: { fields: ["money"] } };
}

it("tells the story in the order of time, whatever the order of writing", async () => {
  const timeline = createTimeline(table());
  const second = revised(first, { news: [amended(1), amended(2)] });
  await timeline.append(second);
  await timeline.append(first);
  expect(await timeline.read(tenantId, caseId)).toEqual([
    { caseId, revision: 1, position: 0, news: first.news[0] },
    { caseId, revision: 2, position: 0, news: amended(1) },
    { caseId, revision: 2, position: 1, news: amended(2) },
  ]);
});

it("holds each piece of news once, however often it is appended", async () => {
  const timeline = createTimeline(table());
  await timeline.append(first);
  await timeline.append(first);
  expect(await timeline.read(tenantId, caseId)).toHaveLength(1);
});

it("asks nothing of the table when there is no news", async () => {
  const client = table().anotherClient();
  const bill = billOf(client);
  await createTimeline({ client, tableName: table().tableName }).append({ ...first, news: [] });
  expect(bill.requests).toEqual([]);
});

it("appends up to 25 pieces of news in one request, and more in several", async () => {
  const client = table().anotherClient();
  const bill = billOf(client);
  const timeline = createTimeline({ client, tableName: table().tableName });
  await timeline.append({ ...first, news: Array.from({ length: 25 }, (_, minute) => amended(minute)) });
  expect(bill.requests).toEqual(["BatchWriteItem"]);
  await timeline.append({ ...first, revision: 2, news: Array.from({ length: 26 }, (_, minute) => amended(minute)) });
  expect(bill.requests).toEqual(["BatchWriteItem", "BatchWriteItem", "BatchWriteItem"]);
  expect(await timeline.read(tenantId, caseId)).toHaveLength(51);
});

it("is not part of the case it belongs to", async () => {
  const timeline = createTimeline(table());
  expect(await timeline.read(tenantId, caseId)).toEqual([]);
});
