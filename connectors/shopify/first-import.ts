import * as z from "zod";
import type { Notice } from "#shared/case/notice.ts";
import { isSuiteError, SuiteError } from "#shared/errors.ts";
import type { Bookmark, FeedPage } from "../contract.ts";
import { instantOfText } from "../kit/time.ts";
import { ask, type ShopifyWorld } from "./client.ts";
import * as documents from "./documents.ts";
import { bare } from "./gid.ts";
import { caseIdsOf } from "./lookup.ts";
import { noticeOf } from "./notice-of.ts";
import { parse } from "./parse.ts";
import { sweepQuery } from "./sweep-query.ts";

// The first reading of a shop, by one bulk operation in place of thousands of pages.
// Source: shopify.dev, "Perform bulk operations with the GraphQL Admin API" and the 2026-10 schema, read 2026-11-25.

const secondMs = 1000;
const minuteMs = 60 * secondMs;
/** Somebody else's operations take all places: so long we wait for one, then pages are read instead. */
const placeWithinMs = 30 * minuteMs;
/** Shopify allows ten days; meanwhile nothing would be swept. */
const doneWithinMs = 120 * minuteMs;
const quickMs = 2 * minuteMs;

/** Lines per page: what is queued, and kept in the bookmark, at a time. */
const linesPerPage = 500;
/** An order with some thousand refunds; longer lines are no orders. */
const longestLineBytes = 1024 * 1024;
/** Of one answer: a file of some five million orders, should its storage give no part of it. */
const mostBytes = 1024 * 1024 * 1024;

/** Codes of a refusal that passes by itself. */
const busy = new Set(["LIMIT_REACHED", "OPERATION_IN_PROGRESS"]);

/** What the import remembers: the window, the operation once it runs, and how many bytes of its result have been read. */
interface Import {
  since: string;
  until: string;
  /** The operation's global id; empty before it has been started. */
  bulk: string;
  offset: number;
}

/** The import that a bookmark is in the middle of; undefined when it is in none. */
export function importOf({ since, until, bulk, offset }: Bookmark): Import | undefined {
  if (typeof since !== "string" || typeof until !== "string" || typeof bulk !== "string") return undefined;
  return { since, until, bulk, offset: typeof offset === "number" ? offset : 0 };
}

/** The first turn only fixes the window: an operation whose answer was lost is known again by its text. */
export function beginImport(since: Date, until: Date): FeedPage {
  return page({ since: since.toISOString(), until: until.toISOString(), bulk: "" }, { when: "now" });
}

/**
 * The next step: start the operation, wait for it, or read a part of its result. Afterwards the sweep goes on from the
 * window's end, so what changed meanwhile is not missed. Where no result is to be had the sweep reads the same window page
 * by page. Safe to repeat. @throws what `explain` makes of an answer; `channel_unavailable` when the result breaks off.
 */
export async function continueImport(turn: Import, world: ShopifyWorld): Promise<FeedPage> {
  if (turn.bulk === "") return start(turn, world);
  const operation = await operationOf(turn.bulk, world);
  const status = operation?.status;
  if (status === "CREATED" || status === "RUNNING" || status === "CANCELING") {
    if (sinceBegun(turn, world) > doneWithinMs) return byPages(turn, "slow");
    return page(
      { ...turn },
      { when: "wait", waitMs: pauseOf(turn, world) },
      { status, objects: operation?.objectCount },
    );
  }
  if (status !== "COMPLETED" || !operation) return byPages(turn, status ?? "gone");
  // Without a single object there is no file.
  if (!operation.url) return done(turn);
  return readPart(turn, { url: operation.url, size: operation.fileSize }, world);
}

const count = z.union([z.string().regex(/^\d{1,15}$/), z.number().int()]).transform(Number);
const operationSchema = z.object({
  id: z.string().max(200),
  status: z.string().max(40),
  objectCount: count,
  fileSize: count.nullish(),
  url: z.string().nullish(),
});
const recentSchema = z.object({
  bulkOperations: z.object({ nodes: z.array(z.object({ id: z.string(), status: z.string(), query: z.string() })) }),
});
const startedSchema = z.object({
  bulkOperationRunQuery: z.object({ bulkOperation: z.object({ id: z.string().max(200) }) }),
});

async function start(turn: Import, world: ShopifyWorld): Promise<FeedPage> {
  const query = documents.ordersInBulk.replace("WINDOW", () => sweepQuery(new Date(turn.since), new Date(turn.until)));
  try {
    const { data } = await ask(world, documents.recentBulk, {});
    const { nodes } = parse(recentSchema, data).bulkOperations;
    const ours = nodes.find((each) => each.query === query && /^(CREATED|RUNNING|COMPLETED)$/.test(each.status));
    const bulk =
      ours?.id ??
      parse(startedSchema, (await ask(world, documents.runBulk, { query })).data).bulkOperationRunQuery.bulkOperation
        .id;
    return page({ ...turn, bulk, offset: 0 }, { when: "wait", waitMs: pauseOf(turn, world) }, { status: "CREATED" });
  } catch (fault) {
    if (!isSuiteError(fault, "channel_refused")) throw fault;
    const code = String(fault.details.channelCode ?? "refused");
    if (!busy.has(code) || sinceBegun(turn, world) > placeWithinMs) return byPages(turn, code);
    return page({ ...turn }, { when: "wait", waitMs: minuteMs }, { status: code });
  }
}

async function operationOf(id: string, world: ShopifyWorld) {
  const { data } = await ask(world, documents.bulkProgress, { id });
  return data.bulkOperation ? parse(operationSchema, data.bulkOperation) : undefined;
}

/** An address that has ended, or that is no longer good: as if there were no result. */
const addressDead = new Set([400, 401, 403, 404, 410]);

async function readPart(
  turn: Import,
  { url, size }: { url: string; size?: number | null },
  world: ShopifyWorld,
): Promise<FeedPage> {
  const { offset } = turn;
  // It is not the API and gets no token. Packed bytes could not be counted.
  const headers = { "accept-encoding": "identity", ...(offset > 0 && { range: `bytes=${offset}-` }) };
  const request = { method: "GET", url, headers, call: "bulk result", streamed: { maxBytes: mostBytes } } as const;
  const response = await asRead(() => world.http(request));
  if (response.status === 416) return done(turn);
  if (addressDead.has(response.status)) return byPages(turn, `http_${response.status}`);
  const isPart = response.status === 206;
  const begins = isPart ? response.headers["content-range"]?.startsWith(`bytes ${offset}-`) : response.status === 200;
  if (!begins || !response.stream) {
    throw new SuiteError("channel_unavailable", "the result's address does not answer", {
      details: { httpStatus: response.status },
    });
  }
  const { stream } = response;
  const read = await asRead(() => takeLines(stream, isPart ? 0 : offset));
  if (!read) return byPages(turn, "unreadable");
  const now = offset + read.bytes;
  if (read.isAll && typeof size === "number" && now < size) {
    throw new SuiteError("channel_unavailable", "the result broke off", { details: { readBytes: now, size } });
  }
  const found = { notices: [] as Notice[], rejected: [] as { why: string; record: string }[] };
  for (const line of read.lines) {
    try {
      found.notices.push(...noticesOf(line, world));
    } catch (fault) {
      if (!isSuiteError(fault, "payload_invalid")) throw fault;
      found.rejected.push({ why: fault.message, record: line.slice(0, 4000) });
    }
  }
  if (read.isAll || (typeof size === "number" && now >= size)) return { ...done(turn), ...found };
  const progress = { status: "READING", readBytes: now, ofBytes: size ?? undefined };
  return { ...page({ ...turn, offset: now }, { when: "now" }, progress), ...found };
}

/**
 * The next lines after so many bytes, and how many bytes they take; undefined when a line has no end. Holds one page and
 * hangs up, however large the file is.
 */
async function takeLines(
  stream: AsyncIterable<Uint8Array>,
  skip: number,
): Promise<{ lines: string[]; bytes: number; isAll: boolean } | undefined> {
  const decoder = new TextDecoder();
  const lines: string[] = [];
  let toSkip = skip;
  let bytes = 0;
  let rest: Uint8Array = new Uint8Array();
  for await (const whole of stream) {
    const piece = whole.subarray(Math.min(toSkip, whole.length));
    toSkip -= whole.length - piece.length;
    const joined = new Uint8Array(rest.length + piece.length);
    joined.set(rest);
    joined.set(piece, rest.length);
    let from = 0;
    for (let end = joined.indexOf(10); end !== -1; end = joined.indexOf(10, from)) {
      lines.push(decoder.decode(joined.subarray(from, end)));
      from = end + 1;
      if (lines.length === linesPerPage) return { lines, bytes: bytes + from, isAll: false };
    }
    bytes += from;
    rest = joined.subarray(from);
    if (rest.length > longestLineBytes) return undefined;
  }
  if (rest.length > 0) lines.push(decoder.decode(rest));
  return { lines, bytes: bytes + rest.length, isAll: true };
}

const refunds = z.array(z.object({ id: z.string(), return: z.object({ id: z.string() }).nullish() })).nullish();
const orderLine = z.object({
  id: z.string().startsWith("gid://shopify/Order/"),
  updatedAt: z.string().max(40),
  refunds,
});
const returnLine = z.object({
  id: z.string().startsWith("gid://shopify/Return/"),
  order: z.object({ updatedAt: z.string().max(40) }),
});
const lineSchema = z.union([orderLine, returnLine]);

/** A line is an order with its refunds, or a return: they come apart and in any order. */
function noticesOf(text: string, world: ShopifyWorld): Notice[] {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new SuiteError("payload_invalid", "a line of the bulk result is not JSON");
  }
  const line = parse(lineSchema, value);
  const version = "order" in line ? line.order.updatedAt : line.updatedAt;
  const ids = "order" in line ? [bare(line.id)] : caseIdsOf([], line.refunds);
  // The same topic and version as the sweep's, so that what both see is one notice.
  const about = { world, topic: "sweep/orders", version, occurredAt: instantOfText(version) };
  return ids.map((id) => noticeOf(id, about));
}

/** The sweep goes on where the import's window ends, at once: it may have taken an hour. */
const done = ({ until }: Import): FeedPage => page({ until }, { when: "now" }, { status: "IMPORTED" });

/** The sweep reads the whole window itself. */
const byPages = ({ since, until }: Import, why: string): FeedPage =>
  page({ since, until, after: null }, { when: "now" }, { status: "BY_PAGES", why });

function page(bookmark: Bookmark, next: FeedPage["next"], progress?: FeedPage["progress"]): FeedPage {
  return { notices: [], rejected: [], bookmark, next, ...(progress && { progress }) };
}

const sinceBegun = ({ until }: Import, { now }: ShopifyWorld): number => now.getTime() - Date.parse(until);
const pauseOf = (turn: Import, world: ShopifyWorld): number =>
  sinceBegun(turn, world) < quickMs ? 10 * secondMs : minuteMs;

/** Reading a file changes nothing: it may be repeated, whether or not the request arrived. */
async function asRead<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!isSuiteError(error, "answer_unclear")) throw error;
    throw new SuiteError("channel_unavailable", "the bulk result broke off", { details: error.details, cause: error });
  }
}
