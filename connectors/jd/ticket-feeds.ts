import { createHash } from "node:crypto";
import type { ShopFeed } from "../contract.ts";
import { base, query } from "./client.ts";
import { noticeOf, readRows } from "./rows.ts";
import { auditRowSchema, pageSchema, ticketRowSchema } from "./schema.ts";
import type { JdApp, JdCredentials } from "./settings.ts";
import { chinaTimeOf, instantOf } from "./time.ts";
import { bookmarkOf, following, isWhole, pageSize, windowOf } from "./windows.ts";

type JdFeed = ShopFeed<JdApp, JdCredentials>;

/** Tickets by the time of their last change, or of their waybill: a waybill need not count as a change. */
function bySync(begin: string, end: string): JdFeed {
  return {
    scope: "shop",
    everyMs: 3 * 60_000,
    list: async (bookmark, world) => {
      const window = windowOf(bookmark, world.now);
      const params = {
        ...base(world),
        [begin]: chinaTimeOf(window.from * 1000),
        [end]: chinaTimeOf(window.to * 1000),
        pageNumber: Math.max(window.page, 1),
        pageSize,
      };
      const { data, totalCount = data.length } = await query(world, "jingdong.asc.sync.list", params, pageSchema);
      const { read, rejected } = isWhole(window, totalCount)
        ? readRows(data, ticketRowSchema)
        : { read: [], rejected: [] };
      const notices = read.map(({ serviceId: id, sysVersion, updateTime, freightUpdateDate }) => {
        const what = [sysVersion, updateTime, freightUpdateDate];
        return noticeOf(
          { family: "ticket", id, topic: "asc.sync.list", what, occurredAt: instantOf(updateTime) },
          world,
        );
      });
      const next = following(window, totalCount);
      return { notices, rejected, bookmark: bookmarkOf(next, window), next: { when: next ? "now" : "later" } };
    },
  };
}

export const tickets = bySync("updateTimeBegin", "updateTimeEnd");
export const waybills = bySync("freightUpdateDateBegin", "freightUpdateDateEnd");

/**
 * Tickets that wait for audit, for the clock that only this list states: it may move while nothing else of the ticket
 * does. A list that fits one page and reads as it did the last time has no news.
 */
export const audits: JdFeed = {
  scope: "shop",
  everyMs: 10 * 60_000,
  list: async (bookmark, world) => {
    const page = typeof bookmark?.page === "number" ? bookmark.page : 1;
    const params = { ...base(world), pageNumber: page, pageSize };
    const { data, totalCount = data.length } = await query(world, "jingdong.asc.audit.list", params, pageSchema);
    const { read, rejected } = readRows(data, auditRowSchema);
    const notices = read.flatMap(({ serviceIdList, auditOvertime, timeoutFlag }) =>
      serviceIdList.map((id) =>
        noticeOf({ family: "ticket", id, topic: "asc.audit.list", what: [auditOvertime, timeoutFlag] }, world),
      ),
    );
    if (data.length > 0 && page * pageSize < totalCount) {
      return { notices, rejected, bookmark: { page: page + 1, seen: null }, next: { when: "now" } };
    }
    const seen = page === 1 ? fingerprint(notices.map(({ noticeId }) => noticeId)) : null;
    const isNews = seen === null || seen !== bookmark?.seen;
    return {
      notices: isNews ? notices : [],
      rejected: isNews ? rejected : [],
      bookmark: { page: 1, seen },
      next: { when: "later" },
    };
  },
};

function fingerprint(words: readonly string[]): string {
  return createHash("sha256")
    .update([...words].sort().join("\n"))
    .digest("hex")
    .slice(0, 32);
}
