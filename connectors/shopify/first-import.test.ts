import { describe, expect, it } from "vitest";
import { scriptedHttp, worldOf } from "../../test/contract/scripted-http.ts";
import type { Bookmark, HttpResponse } from "../contract.ts";
import { feeds } from "./feeds.ts";
import { variablesOf } from "./fixtures/acts.ts";
import { fixtures } from "./fixtures/index.ts";
import { list } from "./fixtures/raw.ts";
import { data, streamed } from "./fixtures/world.ts";

const eight = "2026-11-25T08:00:00.000Z";
const window = { since: "2026-09-26T08:00:00.000Z", until: eight };
const id = "gid://shopify/BulkOperation/7000001";
const url = "https://storage.googleapis.com/invented/bulk.jsonl";
const notStarted = { ...window, bulk: "", offset: 0 };
const begun = { ...window, bulk: id, offset: 0 };
const pages = { ...window, after: null };

const none = data({ bulkOperations: { nodes: [] } });
const started = data({ bulkOperationRunQuery: { bulkOperation: { id }, userErrors: [] } });
const refused = (code: string) =>
  data({ bulkOperationRunQuery: { bulkOperation: null, userErrors: [{ code, field: ["query"], message: "No." }] } });
const operation = (status: string, members: object = {}) =>
  data({ bulkOperation: { id, status, objectCount: "0", fileSize: null, url: null, ...members } });

async function turn(bookmark: Bookmark | undefined, answers: HttpResponse[], { minutes = 0 } = {}) {
  const { http, requests } = scriptedHttp(answers);
  const now = new Date(Date.parse(eight) + minutes * 60_000);
  const page = await feeds.returns.list(bookmark, worldOf({ ...fixtures, now }, http));
  return { page, requests };
}

describe("starting the import", () => {
  it("first fixes the window: sixty days, as far as every app may see", async () => {
    const { page, requests } = await turn(undefined, []);
    expect(requests).toEqual([]);
    expect(page).toMatchObject({ bookmark: { ...window, bulk: "" }, next: { when: "now" } });
  });

  it("runs the search of that window in bulk, and waits", async () => {
    const { page, requests } = await turn(notStarted, [none, started], { minutes: 1 });
    const [, run] = requests;
    expect(run && variablesOf(run).query).toContain(
      `orders(query: "updated_at:>='${window.since}' AND updated_at:<='${window.until}' AND (return_status:return_requested OR `,
    );
    expect(page).toMatchObject({ bookmark: begun, next: { when: "wait", waitMs: 10_000 } });
  });

  it("goes on with the operation whose answer was lost, and starts no other", async () => {
    const first = await turn(notStarted, [none, started]);
    const query = first.requests[1] && variablesOf(first.requests[1]).query;
    const nodes = [
      { id: "gid://shopify/BulkOperation/1", status: "RUNNING", query: "{ products { edges { node { id } } } }" },
      { id, status: "RUNNING", query },
    ];
    const { page, requests } = await turn(notStarted, [data({ bulkOperations: { nodes } })]);
    expect(requests).toHaveLength(1);
    expect(page.bookmark).toEqual(begun);
  });

  it.each(["LIMIT_REACHED", "OPERATION_IN_PROGRESS"])("waits half an hour for a place after %s", async (code) => {
    const waiting = await turn(notStarted, [none, refused(code)], { minutes: 30 });
    expect(waiting.page).toMatchObject({ bookmark: notStarted, next: { when: "wait", waitMs: 60_000 } });
    const tired = await turn(notStarted, [none, refused(code)], { minutes: 31 });
    expect(tired.page).toMatchObject({ bookmark: pages, next: { when: "now" } });
  });

  it("reads pages where bulk is refused", async () => {
    const { page } = await turn(notStarted, [none, refused("INVALID")]);
    expect(page).toMatchObject({ bookmark: pages, next: { when: "now" } });
  });
});

describe("waiting for the result", () => {
  it.each(["CREATED", "RUNNING", "CANCELING"])("tells how far it is while %s", async (status) => {
    const { page } = await turn(begun, [operation(status, { objectCount: "4200" })], { minutes: 5 });
    expect(page).toMatchObject({ bookmark: begun, next: { when: "wait", waitMs: 60_000 } });
    expect(page.progress).toEqual({ status, objects: 4200 });
  });

  it("reads pages when it takes more than two hours", async () => {
    const { page } = await turn(begun, [operation("RUNNING")], { minutes: 121 });
    expect(page.bookmark).toEqual(pages);
  });

  it.each([
    ["failed", operation("FAILED")],
    ["was canceled", operation("CANCELED")],
    ["has expired", operation("EXPIRED")],
    ["is gone", data({ bulkOperation: null })],
    ["has a status we do not know", operation("PAUSED")],
  ])("reads the same window page by page when the operation %s", async (_, answer) => {
    const { page } = await turn(begun, [answer]);
    expect(page).toMatchObject({ notices: [], bookmark: pages, next: { when: "now" } });
    const swept = await turn(page.bookmark, [data({ orders: list([]) })], { minutes: 40 });
    const asked = swept.requests[0] && variablesOf(swept.requests[0]);
    expect(asked).toMatchObject({ after: null });
    expect(asked?.query).toContain(`updated_at:>='${window.since}' AND updated_at:<='${window.until}'`);
    expect(swept.page).toMatchObject({ bookmark: { until: eight }, next: { when: "later" } });
  });
});

const line = (number: number) =>
  `{"id":"gid://shopify/Return/${number}","order":{"updatedAt":"2026-11-20T07:30:00Z"},"__parentId":"gid://shopify/Order/${number}"}\n`;
const file = Array.from({ length: 1200 }, (_, at) => line(10_000 + at)).join("");
const completed = (members: object = {}) => operation("COMPLETED", { objectCount: "1200", url, ...members });
const size = { fileSize: String(file.length) };

/** The file from where the request asks, or from its beginning where the storage gives no parts; in pieces that split lines. */
function served(offset: number, { parts = true, text = file } = {}): HttpResponse {
  const rest = parts ? text.slice(offset) : text;
  const answer = streamed(...(rest.match(/[\s\S]{1,1000}/g) ?? []));
  if (!parts || offset === 0) return answer;
  return { ...answer, status: 206, headers: { "content-range": `bytes ${offset}-${text.length - 1}/${text.length}` } };
}

describe("reading the result", () => {
  it.each([
    ["parts, of a size that is told", true, size],
    ["parts, of an unknown size", true, {}],
    ["the whole file again each time", false, size],
  ])("takes it page by page, each line once, from %s", async (_, parts, members) => {
    const ids: string[] = [];
    const offsets: number[] = [];
    let bookmark: Bookmark = begun;
    while ("bulk" in bookmark) {
      const offset = Number(bookmark.offset);
      offsets.push(offset);
      // A kill before the bookmark is kept: the same page comes again.
      await turn(bookmark, [completed(members), served(offset, { parts })]);
      const { page, requests } = await turn(bookmark, [completed(members), served(offset, { parts })]);
      expect(requests[1]).toMatchObject({ url, streamed: { maxBytes: expect.any(Number) } });
      expect(requests[1]?.headers?.range).toBe(offset > 0 ? `bytes=${offset}-` : undefined);
      ids.push(...page.notices.map(({ subject }) => (subject.kind === "case" ? subject.channelCaseId : "")));
      expect(page.next).toEqual({ when: "now" });
      bookmark = page.bookmark;
    }
    expect(offsets).toEqual([0, 500 * line(10_000).length, 1000 * line(10_000).length]);
    expect(ids).toEqual(Array.from({ length: 1200 }, (_each, at) => `Return/${10_000 + at}`));
    expect(bookmark).toEqual({ until: eight });
  });

  it("holds one page and hangs up, however long the file is", async () => {
    let given = 0;
    const stream: AsyncIterable<Uint8Array> = {
      async *[Symbol.asyncIterator]() {
        for (;;) yield new TextEncoder().encode(line(10_000 + given++));
      },
    };
    const { page } = await turn(begun, [completed(), { status: 200, headers: {}, body: new Uint8Array(), stream }]);
    expect([page.notices.length, given]).toEqual([500, 500]);
    expect(page.progress).toMatchObject({ status: "READING", readBytes: 500 * line(10_000).length });
  });

  it("hands over to the sweep without a gap: it goes on ten minutes before the import's window ended", async () => {
    const { page } = await turn(begun, [completed({ url: null })], { minutes: 50 });
    const { requests } = await turn(page.bookmark, [data({ orders: list([]) })], { minutes: 50 });
    expect(requests[0] && variablesOf(requests[0]).query).toContain("updated_at:>='2026-11-25T07:50:00.000Z'");
  });

  it.each([401, 403, 404, 410])("reads pages when the address is dead: %s", async (status) => {
    const dead = { status, headers: {}, body: new Uint8Array() };
    expect((await turn({ ...begun, offset: 700 }, [completed(), dead])).page.bookmark).toEqual(pages);
  });

  it("is over when there are no bytes after the last", async () => {
    const past = { status: 416, headers: {}, body: new Uint8Array() };
    expect((await turn({ ...begun, offset: file.length }, [completed(), past])).page.bookmark).toEqual({
      until: eight,
    });
  });

  it.each([
    ["storage is down", { status: 503, headers: {}, body: new Uint8Array() }],
    ["the file breaks off", served(0, { text: file.slice(0, 5000) })],
    ["another part comes than was asked for", { ...served(700), headers: { "content-range": "bytes 0-9/10" } }],
  ])("keeps its place when %s", async (_, answer) => {
    const at = answer.status === 206 ? { ...begun, offset: 700 } : begun;
    await expect(turn(at, [completed(size), answer])).rejects.toMatchObject({ code: "channel_unavailable" });
  });

  it("sets a line aside that cannot be read, and goes on", async () => {
    const { page } = await turn(begun, [completed(), streamed('{"id":7}\n', "{\n", line(1))]);
    expect(page.rejected.map(({ record }) => record)).toEqual(['{"id":7}', "{"]);
    expect(page.notices).toHaveLength(1);
  });

  it("reads pages when a line has no end", async () => {
    const { page } = await turn(begun, [completed(), streamed("x".repeat(700_000), "x".repeat(700_000))]);
    expect(page.bookmark).toEqual(pages);
  });
});
