import type { Notice } from "#shared/case/notice.ts";
import type { Bookmark, Feed, FeedPage } from "../contract.ts";
import { instantOfSecondsOr } from "../kit/time.ts";
import { type DouyinWorld, query } from "./client.ts";
import { listRowSchema, listSchema } from "./schema.ts";
import type { DouyinApp, DouyinCredentials } from "./settings.ts";

type DouyinFeed = Feed<DouyinApp, DouyinCredentials>;

/** The channel's most per page, and its most rows that paging may reach. */
const pageSize = 100;
const reachableRows = 50_000;
/** Rows may become visible a little after their time. */
const overlapSeconds = 120;
/** What a newly connected shop reads back: the longest a case may rest with a buyer. */
const firstWindowSeconds = 15 * 86_400;
const hourSeconds = 3600;

/**
 * Everything that changed, in order of change. The start of the window follows the last row, so that rows which leave the
 * window while it is read cannot push others past a page's edge; pages are counted only within one second.
 */
export const updates: DouyinFeed = {
  scope: "shop",
  everyMs: 5 * 60_000,
  list: async (bookmark, world) => {
    const { from, to, page } = windowOf(bookmark, world.now);
    const { rows, rejected, hasMore } = await listPage(world, {
      page,
      order_by: ["update_time asc"],
      update_start_time: from,
      update_end_time: to,
    });
    const notices = rows.map((row) => noticeOf(row, "list.update_time", world));
    if (!hasMore) {
      return { notices, rejected, bookmark: { from: to - overlapSeconds, to: null, page: 0 }, next: { when: "later" } };
    }
    return { notices, rejected, bookmark: after(rows, { from, to, page }), next: { when: "now" } };
  },
};

/**
 * Cases that wait for the merchant, by due time: finds what a lost push would hide. The first reading takes all of them,
 * later ones those that fall due within a day.
 */
export const deadlines: DouyinFeed = {
  scope: "shop",
  everyMs: 30 * 60_000,
  list: async (bookmark, world) => {
    const page = number(bookmark?.page) ?? 0;
    const all = bookmark === undefined || bookmark.all === true;
    const { rows, rejected, hasMore } = await listPage(world, {
      page,
      order_by: ["status_deadline asc"],
      standard_aftersale_status: [6, 8, 11],
    });
    const horizon = all ? Number.POSITIVE_INFINITY : epochSeconds(world.now) + 24 * hourSeconds;
    const due = rows.filter(({ deadline }) => deadline > 0 && deadline <= horizon);
    const notices = due.map((row) => noticeOf(row, "list.status_deadline", world));
    const isDone = !hasMore || rows.some(({ deadline }) => deadline > horizon) || (page + 2) * pageSize > reachableRows;
    return isDone
      ? { notices, rejected, bookmark: { page: 0, all: false }, next: { when: "later" } }
      : { notices, rejected, bookmark: { page: page + 1, all }, next: { when: "now" } };
  },
};

interface Row {
  caseId: string;
  updatedAt: number;
  deadline: number;
}

/** One page of the list. A row that cannot be read is set aside alone. */
async function listPage(
  world: DouyinWorld,
  params: { page: number; order_by: string[]; [name: string]: number | number[] | string[] },
): Promise<{ rows: Row[]; rejected: FeedPage["rejected"]; hasMore: boolean }> {
  const answer = await query(world, "/afterSale/List", { ...params, size: pageSize }, listSchema);
  const rows: Row[] = [];
  const rejected: { why: string; record: string }[] = [];
  for (const item of answer.items ?? []) {
    const parsed = listRowSchema.safeParse(item);
    if (!parsed.success) {
      rejected.push({ why: "no id or no update_time", record: JSON.stringify(item) });
      continue;
    }
    const { aftersale_id: caseId, update_time: updatedAt, status_deadline: deadline } = parsed.data.aftersale_info;
    rows.push({ caseId, updatedAt, deadline: deadline ?? 0 });
  }
  return { rows, rejected, hasMore: answer.has_more === true && (answer.items?.length ?? 0) > 0 };
}

function noticeOf({ caseId, updatedAt }: Row, topic: string, world: DouyinWorld): Notice {
  const occurredAt = instantOfSecondsOr(updatedAt);
  return {
    channel: "douyin",
    shopId: world.shopId,
    subject: { kind: "case", channelCaseId: caseId as (Notice["subject"] & { kind: "case" })["channelCaseId"] },
    topic,
    noticeId: `${topic}:${caseId}:${updatedAt}`,
    opens: false,
    ...(occurredAt && { occurredAt }),
    via: "poll",
  };
}

interface Window {
  /** Epoch seconds, both inclusive. */
  from: number;
  to: number;
  page: number;
}

/** A window keeps its end until it has been read; the next one begins a little before it. */
function windowOf(bookmark: Bookmark | undefined, now: Date): Window {
  const end = epochSeconds(now);
  const from = number(bookmark?.from) ?? end - firstWindowSeconds;
  return { from, to: number(bookmark?.to) ?? Math.max(end, from), page: number(bookmark?.page) ?? 0 };
}

function after(rows: readonly Row[], { from, to, page }: Window): Bookmark {
  const times = rows.map(({ updatedAt }) => updatedAt);
  const last = times.at(-1) ?? from;
  const isAscending = times.every((time, index) => index === 0 || time >= (times[index - 1] ?? 0));
  if (isAscending && last > from && last <= to) return { from: last, to, page: 0 };
  // One second, or a list that ignored our order: counted pages, as far as the channel serves them.
  if ((page + 2) * pageSize <= reachableRows) return { from, to, page: page + 1 };
  return { from: Math.min(from + 1, to), to, page: 0 };
}

function epochSeconds(date: Date): number {
  return Math.floor(date.getTime() / 1000);
}

function number(value: unknown): number | undefined {
  return typeof value === "number" ? value : undefined;
}
