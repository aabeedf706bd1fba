import { SuiteError } from "#shared/errors.ts";
import type { ShopFeed } from "../contract.ts";
import { query } from "./client.ts";
import { noticeOf, readRows } from "./rows.ts";
import { type RefundApply, refundApplySchema, refundPageSchema } from "./schema.ts";
import type { JdApp, JdCredentials } from "./settings.ts";
import { openRefundStatuses } from "./status.ts";
import { chinaTimeOf, instantOf } from "./time.ts";
import { bookmarkOf, following, isWhole, pageSize, windowOf } from "./windows.ts";

type JdFeed = ShopFeed<JdApp, JdCredentials>;

const method = "jingdong.pop.afs.soa.refundapply.queryPageList";
const row = refundApplySchema.pick({ id: true, status: true, applyTime: true, checkTime: true });
type Row = Pick<RefundApply, "id" | "status" | "applyTime" | "checkTime">;

const what = ({ status, checkTime }: Row) => [status, checkTime];

/** Refund applications by the time of their last change; by that of their application where the app is set to it. */
export const refunds: JdFeed = {
  scope: "shop",
  everyMs: 3 * 60_000,
  list: async (bookmark, world) => {
    const window = windowOf(bookmark, world.now);
    const by = world.app.refundWindow === "modified" ? "modified" : "applyTime";
    const params = {
      pageIndex: Math.max(window.page, 1),
      pageSize,
      [`${by}Start`]: chinaTimeOf(window.from * 1000),
      [`${by}End`]: chinaTimeOf(window.to * 1000),
    };
    const { result, totalCount = result.length } = await query(world, method, params, refundPageSchema);
    const { read, rejected } = readRows(result, row);
    checkWindow(read, window.to);
    const whole = isWhole(window, totalCount);
    const notices = (whole ? read : []).map((each) => {
      const occurredAt = instantOf(each.checkTime ?? each.applyTime);
      return noticeOf({ family: "refund", id: each.id, topic: "refundapply", what: what(each), occurredAt }, world);
    });
    const next = following(window, totalCount);
    return {
      notices,
      rejected: whole ? rejected : [],
      bookmark: bookmarkOf(next, window),
      next: { when: next ? "now" : "later" },
    };
  },
};

/** A window that the channel does not know would be ignored without a word, and every row would come each time. */
function checkWindow(rows: readonly Row[], to: number): void {
  const isOutside = rows.some(({ applyTime }) => Date.parse(instantOf(applyTime) ?? "") > (to + 1) * 1000);
  if (isOutside)
    throw new SuiteError("misconfigured", "the channel ignores the modified window: set refundWindow to applied");
}

/** Everything not final, one status after the other: finds what no window shows. */
export const openRefunds: JdFeed = {
  scope: "shop",
  everyMs: 60 * 60_000,
  list: async (bookmark, world) => {
    const at = typeof bookmark?.at === "number" ? bookmark.at : 0;
    const page = typeof bookmark?.page === "number" ? bookmark.page : 1;
    const status = openRefundStatuses[at] ?? 0;
    const params = { pageIndex: page, pageSize, status };
    const { result, totalCount = result.length } = await query(world, method, params, refundPageSchema);
    const { read, rejected } = readRows(result, row);
    const notices = read.map((each) =>
      noticeOf({ family: "refund", id: each.id, topic: "refundapply.sweep", what: what(each) }, world),
    );
    const hasMore = result.length > 0 && page * pageSize < totalCount && page < 100;
    if (hasMore) return { notices, rejected, bookmark: { at, page: page + 1 }, next: { when: "now" } };
    const isLast = at + 1 >= openRefundStatuses.length;
    return {
      notices,
      rejected,
      bookmark: { at: isLast ? 0 : at + 1, page: 1 },
      next: { when: isLast ? "later" : "now" },
    };
  },
};
