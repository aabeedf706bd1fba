import { expect, it } from "vitest";
import type { News } from "#shared/case/news.ts";
import { billOf, useTable } from "../../test/engine.ts";
import { revised, sampleCase } from "../../test/sample-case.ts";
import { writeItem } from "./item.ts";
import { timelineKey } from "./keys.ts";
import { createTimeline } from "./timeline.ts";
import { putAll } from "./write.ts";

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
  await createTimeline({ ...table(), client }).append({ ...first, news: [] });
  expect(bill.requests).toEqual([]);
});

it("puts the news of one revision and instant into one item, and keeps the place of each", async () => {
  const client = table().anotherClient();
  const bill = billOf(client);
  const timeline = createTimeline({ ...table(), client });
  const news = [amended(3), amended(3), amended(1)];
  await timeline.append({ ...first, news });
  expect(bill.requests).toEqual(["BatchWriteItem"]);
  const story = await timeline.read(tenantId, caseId);
  expect(story.map(({ position, news: { at } }) => [position, at.slice(14, 16)])).toEqual([
    [2, "01"],
    [0, "03"],
    [1, "03"],
  ]);
});

it("appends up to 25 items in one request, and more in several", async () => {
  const client = table().anotherClient();
  const bill = billOf(client);
  const timeline = createTimeline({ ...table(), client });
  await timeline.append({ ...first, news: Array.from({ length: 25 }, (_, minute) => amended(minute)) });
  expect(bill.requests).toEqual(["BatchWriteItem"]);
  await timeline.append({ ...first, revision: 2, news: Array.from({ length: 26 }, (_, minute) => amended(minute)) });
  expect(bill.requests).toEqual(["BatchWriteItem", "BatchWriteItem", "BatchWriteItem"]);
  expect(await timeline.read(tenantId, caseId)).toHaveLength(51);
});

it("rewrites what changes and leaves the rest alone", async () => {
  const client = table().anotherClient();
  const timeline = createTimeline({ ...table(), client });
  await timeline.append({ ...first, news: [amended(1), amended(1), amended(2)] });
  const bill = billOf(client);
  const change = (news: News): News =>
    news.at === amended(2).at && news.name === "case.amended" ? { ...news, data: { fields: ["goods"] } } : news;
  await timeline.rewrite(tenantId, caseId, change);
  await timeline.rewrite(tenantId, caseId, change);
  expect(bill.requests).toEqual(["Query", "BatchWriteItem", "Query"]);
  const story = await timeline.read(tenantId, caseId);
  expect(story.map(({ news: { data } }) => data)).toEqual([
    { fields: ["money"] },
    { fields: ["money"] },
    { fields: ["goods"] },
  ]);
});

it("reads the items of before 2026-11-26, which hold one piece of news each", async () => {
  const { at } = amended(1);
  const item = { entity: "timeline_entry", schemaVersion: 1, tenantId, caseId, revision: 1, position: 0 } as const;
  await putAll(table(), [
    writeItem({ ...timelineKey(tenantId, caseId, { at, revision: 1, position: 0 }), ...item, news: amended(1) }),
  ]);
  expect(await createTimeline(table()).read(tenantId, caseId)).toEqual([
    { caseId, revision: 1, position: 0, news: amended(1) },
  ]);
});

it("is not part of the case it belongs to", async () => {
  const timeline = createTimeline(table());
  expect(await timeline.read(tenantId, caseId)).toEqual([]);
});
