import type { Bookmark } from "../contract.ts";

/** A piece of time that is read page by page. Epoch seconds; both ends belong to it. */
export interface Slice {
  from: number;
  to: number;
  page: number;
  /** The longest the slice may be for now. */
  length: number;
}

export interface Pace {
  /** How far back the first reading goes. */
  firstSeconds: number;
  /** How much of what has been read is read again the next time. */
  overlapSeconds: number;
}

/** The span a list surely takes: the platform publishes no limit, and others have met one between 15 and 30 days. */
const longest = 86_400;
/** Below this a slice is not halved any more but read in pages. */
const shortest = 60;

/** The slice to read now. A slice keeps its end until it has been read. */
export function sliceOf(bookmark: Bookmark | undefined, now: Date, { firstSeconds }: Pace): Slice {
  const end = Math.floor(now.getTime() / 1000);
  const from = number(bookmark?.from) ?? end - firstSeconds;
  const length = number(bookmark?.length) ?? longest;
  const to = number(bookmark?.to) ?? Math.max(from, Math.min(from + length, end));
  return { from, to, length, page: number(bookmark?.page) ?? 1 };
}

/**
 * Where to go on. Pages are numbered over what is in the window at the moment, so a row that leaves it moves the others
 * up, past the edge of the page that was read. A slice that does not fit on one page is therefore halved and begun again,
 * and only the shortest is read in pages.
 */
export function afterPage(
  { from, to, page, length }: Slice,
  { hasNext, now, pace }: { hasNext: boolean; now: Date; pace: Pace },
): { bookmark: Bookmark; when: "now" | "later" } {
  if (hasNext && to - from > shortest && page === 1) {
    const half = Math.max(shortest, Math.floor((to - from) / 2));
    return { bookmark: { from, to: from + half, page: 1, length: half }, when: "now" };
  }
  if (hasNext) return { bookmark: { from, to, page: page + 1, length }, when: "now" };
  const end = Math.floor(now.getTime() / 1000);
  // The next slice may be twice as long; after a burst it finds its way back.
  const next = Math.min(longest, length * 2);
  if (to < end) return { bookmark: { from: to, to: null, page: 1, length: next }, when: "now" };
  return { bookmark: { from: to - pace.overlapSeconds, to: null, page: 1, length: longest }, when: "later" };
}

function number(value: unknown): number | undefined {
  return typeof value === "number" ? value : undefined;
}
