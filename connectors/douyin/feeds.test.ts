import { describe, expect, it } from "vitest";
import { scriptedHttp, worldOf } from "../../test/contract/scripted-http.ts";
import type { Bookmark } from "../contract.ts";
import { deadlines, updates } from "./feeds.ts";
import { success } from "./fixtures/build.ts";
import { fixtures } from "./fixtures/index.ts";

const now = Math.floor(fixtures.now.getTime() / 1000);

function answerOf(times: readonly number[], hasMore: boolean) {
  const items = times.map((at, index) => ({
    aftersale_info: { aftersale_id: `748000000000000${index + 1000}`, update_time: at, status_deadline: at },
  }));
  return success(JSON.stringify({ items, has_more: hasMore }));
}

async function ask(feed: typeof updates, bookmark: Bookmark | undefined, answer: ReturnType<typeof success>) {
  const { http, requests } = scriptedHttp([answer]);
  const page = await feed.list(bookmark, worldOf(fixtures, http));
  return { page, asked: JSON.parse(String(requests[0]?.body)) };
}

describe("updates", () => {
  const window = { from: now - 1000, to: now, page: 0 };

  it("goes on from the last row, so that rows which leave the window push none past an edge", async () => {
    const { page } = await ask(updates, window, answerOf([now - 900, now - 800], true));
    expect(page.bookmark).toEqual({ from: now - 800, to: now, page: 0 });
  });

  it("counts pages inside one second, and when the order is not kept", async () => {
    const oneSecond = await ask(updates, window, answerOf([now - 1000, now - 1000], true));
    expect(oneSecond.page.bookmark).toEqual({ ...window, page: 1 });
    const unordered = await ask(updates, window, answerOf([now - 800, now - 900], true));
    expect(unordered.page.bookmark).toEqual({ ...window, page: 1 });
  });

  it("never asks for more than the 50,000 rows that the channel serves", async () => {
    const last = await ask(updates, { ...window, page: 499 }, answerOf([now - 1000], true));
    expect((last.asked.page + 1) * last.asked.size).toBeLessThanOrEqual(50_000);
    expect(last.page.bookmark).toEqual({ from: now - 999, to: now, page: 0 });
  });

  it("reads the whole window before it moves on, and then overlaps", async () => {
    const { page } = await ask(updates, window, answerOf([now - 900], false));
    expect(page).toMatchObject({ bookmark: { from: now - 120, to: null, page: 0 }, next: { when: "later" } });
  });

  it("ends an empty page that claims there is more", async () => {
    const { page } = await ask(updates, window, answerOf([], true));
    expect(page.next).toEqual({ when: "later" });
  });

  it("sets a row aside that has no id", async () => {
    const bad = success('{"items":[{"aftersale_info":{"update_time":1790000000}},{}],"has_more":false}');
    const { page } = await ask(updates, window, bad);
    expect(page.rejected).toHaveLength(2);
  });
});

describe("deadlines", () => {
  it("reads all cases the first time and those due within a day from then on", async () => {
    const later = answerOf([now + 3600, now + 90_000], true);
    const first = await ask(deadlines, undefined, later);
    expect(first.page.notices).toHaveLength(2);
    expect(first.page).toMatchObject({ bookmark: { page: 1, all: true }, next: { when: "now" } });
    const again = await ask(deadlines, { page: 0, all: false }, later);
    expect(again.page.notices).toHaveLength(1);
    expect(again.page).toMatchObject({ bookmark: { page: 0, all: false }, next: { when: "later" } });
  });

  it("ends at the last row that the channel serves", async () => {
    const { page } = await ask(deadlines, { page: 499, all: true }, answerOf([now + 60], true));
    expect(page.next).toEqual({ when: "later" });
  });
});
