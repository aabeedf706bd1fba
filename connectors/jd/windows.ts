import type { Bookmark } from "../contract.ts";

/** A stretch of time that is read in one page, on the way to `until`. Whole epoch seconds; both ends may be inclusive. */
export interface Window {
  readonly from: number;
  readonly to: number;
  readonly until: number;
  /** 0: not asked for yet. Otherwise the page to ask for; pages are walked from the last to the first. */
  readonly page: number;
}

export const pageSize = 50;
/** The channel serves no page beyond this. */
const lastPage = 100;
const daySeconds = 86_400;
/** Rows become visible a little after their time. */
const restSeconds = 60;
/** The next reading begins so long before the end of this one. Source: the plan of a working ERP is one hour of 24. */
const overlapSeconds = 600;
/** What a newly connected shop reads back. */
const firstWindowSeconds = 30 * daySeconds;

/** Where a reading goes on. A window keeps its end until it has been read. */
export function windowOf(bookmark: Bookmark | undefined, now: Date): Window {
  const end = Math.floor(now.getTime() / 1000) - restSeconds;
  const from = number(bookmark?.from) ?? end - firstWindowSeconds;
  const until = number(bookmark?.until) ?? Math.max(end, from);
  return {
    from,
    until,
    to: number(bookmark?.to) ?? Math.min(from + daySeconds, until),
    page: number(bookmark?.page) ?? 0,
  };
}

/** Whether what was just read is all of its window, or a page of the walk; else it is read again in smaller parts. */
export function isWhole({ page }: Window, total: number): boolean {
  return page > 0 || total <= pageSize;
}

/**
 * What to ask for next; undefined when all is read. Rows that change while pages are turned leave the window and move the
 * others forward, so a window is made so small that one page holds it. A single second with more than a page is walked
 * from its last page to its first: what moves forward then comes later, and nothing is passed over.
 */
export function following(window: Window, total: number): Window | undefined {
  const { from, to, until, page } = window;
  if (page > 1) return { ...window, page: page - 1 };
  if (!isWhole(window, total)) {
    const width = Math.floor(((to - from) * pageSize * 0.7) / total);
    if (to - from > 1) return { ...window, to: from + Math.max(1, width) };
    return { ...window, page: Math.min(Math.ceil(total / pageSize), lastPage) };
  }
  return to < until ? { from: to, to: Math.min(to + daySeconds, until), until, page: 0 } : undefined;
}

/** The bookmark of a reading that goes on, or of the next one. */
export function bookmarkOf(next: Window | undefined, { until }: Window): Bookmark {
  return next ? { ...next } : { from: until - overlapSeconds, to: null, until: null, page: 0 };
}

function number(value: unknown): number | undefined {
  return typeof value === "number" ? value : undefined;
}
