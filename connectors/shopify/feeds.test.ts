import { describe, expect, it } from "vitest";
import { scriptedHttp, worldOf } from "../../test/contract/scripted-http.ts";
import type { Bookmark } from "../contract.ts";
import { feeds } from "./feeds.ts";
import { variablesOf } from "./fixtures/acts.ts";
import { fixtures } from "./fixtures/index.ts";
import { list } from "./fixtures/raw.ts";
import { data } from "./fixtures/world.ts";

async function asked(feed: keyof typeof feeds, bookmark: Bookmark | undefined, now: Date, more = false) {
  const { http, requests } = scriptedHttp([data({ orders: list([], more), disputes: list([], more) })]);
  const page = await feeds[feed].list(bookmark, worldOf({ ...fixtures, now }, http));
  return { ...(requests[0] ? variablesOf(requests[0]) : {}), page } as {
    query: string;
    after: string | null;
    page: typeof page;
  };
}

const at = (text: string) => new Date(`2026-11-25T${text}.000Z`);

const swept: Bookmark = { until: "2026-11-25T08:00:00.000Z" };

describe("the sweep of orders", () => {
  it("keeps the end of its window while it pages, so that it comes to an end", async () => {
    const first = await asked("returns", swept, at("08:15:00"), true);
    const second = await asked("returns", first.page.bookmark, at("08:22:00"));
    expect(first.query).toContain("return_status:return_requested OR ");
    expect(first.after).toBeNull();
    expect(second.query).toBe(first.query);
    expect(second.after).toBe("eyJsYXN0IjoxfQ");
    expect(first.page.next).toEqual({ when: "now" });
  });

  it("goes on ten minutes before the end of the last window", async () => {
    const next = await asked("returns", swept, at("08:15:00"));
    expect(next.query).toContain("updated_at:>='2026-11-25T07:50:00.000Z' AND updated_at:<='2026-11-25T08:15:00.000Z'");
  });
});

describe("the sweep of disputes", () => {
  it("looks at all that may still move, every time", async () => {
    const first = await asked("disputes", undefined, at("08:00:00"));
    expect(first.query).toBe("initiated_at:>='2026-05-29T08:00:00.000Z'");
    const next = await asked("disputes", first.page.bookmark, at("09:00:00"));
    expect(next.query).toBe("initiated_at:>='2026-05-29T09:00:00.000Z'");
  });
});
