import type * as z from "zod";
import type { Notice } from "#shared/case/notice.ts";
import { SuiteError } from "#shared/errors.ts";
import type { FeedPage, ShopFeed } from "../contract.ts";
import { instantOfChinaTime } from "../kit/time.ts";
import { chinaTimeOf } from "./china-time.ts";
import { query, type TaobaoWorld } from "./client.ts";
import {
  disputeListSchema,
  exchangeListSchema,
  exchangeRowSchema,
  listOf,
  refundListSchema,
  refundRowSchema,
} from "./schema.ts";
import type { TaobaoApp, TaobaoCredentials } from "./settings.ts";
import { afterPage, type Pace, sliceOf } from "./slices.ts";
import { exchangeSweep } from "./topics.ts";

type TaobaoFeed = ShopFeed<TaobaoApp, TaobaoCredentials>;

interface Rows {
  rows: unknown[];
  hasNext: boolean;
}

interface Window {
  start: string;
  end: string;
  page: number;
}

const minuteMs = 60_000;
const day = 86_400;
/** The longest an open case rests unchanged: the clocks for sending back and for receiving were both 21 days for a while. */
const firstSeconds = 22 * day;
/** At a promotion rows have become visible ten minutes late. */
const recent: Pace = { firstSeconds, overlapSeconds: 30 * 60 };
/** Longer than the message queue keeps what nobody took. */
const deep: Pace = { firstSeconds: 3 * day, overlapSeconds: 3 * day };

/** Refunds and returns; by its types also repairs, reissues and exchanges. Finds what the message queue lost. */
export const refunds = sweep({ everyMs: 10 * minuteMs, pace: recent }, "taobao.refunds.receive.get", readRefunds);

/** Once a day over the last three, for rows that became visible late. */
export const refundsDaily = sweep({ everyMs: 1440 * minuteMs, pace: deep }, "taobao.refunds.receive.get", readRefunds);

/** Price protection and cash back, which the list of refunds may leave out. */
export const specialRefunds = sweep(
  { everyMs: 60 * minuteMs, pace: recent },
  "taobao.special.refunds.receive.get",
  readRefunds,
);

/** Exchanges of Tmall shops: no message says that a new one was opened. */
export const exchanges = sweep(
  { everyMs: 10 * minuteMs, pace: recent, tmallOnly: true },
  exchangeSweep,
  async (world, { start, end, page }) => {
    const answer = await query(
      world,
      exchangeSweep,
      {
        fields: "dispute_id,status,modified,created",
        start_gmt_modified_time: start,
        // Spelled without the second i, as the channel spells it.
        end_gmt_modifed_time: end,
        page_no: page,
        page_size: 30,
      },
      exchangeListSchema,
    );
    return { rows: listOf(answer.results, "exchange"), hasNext: answer.has_next === true };
  },
);

/** All reverse cases of Tmall shops, freight disputes among them. */
export const disputes = sweep(
  { everyMs: 30 * minuteMs, pace: recent, tmallOnly: true },
  "tmall.dispute.receive.get",
  async (world, { start, end, page }, method) => {
    const { result } = await query(
      world,
      method,
      {
        fields: "refund_id,status,modified,created",
        start_modified: start,
        end_modified: end,
        page_no: page,
        page_size: 100,
        use_has_next: true,
      },
      disputeListSchema,
    );
    return { rows: listOf(result.results, "dispute"), hasNext: result.has_next === true };
  },
);

async function readRefunds(world: TaobaoWorld, { start, end, page }: Window, method: string): Promise<Rows> {
  const params = {
    fields: "refund_id,status,modified,created,dispute_type",
    type: world.app.tradeTypes,
    start_modified: start,
    end_modified: end,
    page_no: page,
    page_size: 100,
    // Counts no total, which succeeds more often; then there is no number of pages either.
    use_has_next: true,
  };
  const answer = await query(world, method, params, refundListSchema);
  return { rows: listOf(answer.refunds, "refund"), hasNext: answer.has_next === true };
}

/** Everything that changed in a window of time, slice by slice, with overlap. Rows carry no deadline: they are hints. */
function sweep(
  { everyMs, pace, tmallOnly = false }: { everyMs: number; pace: Pace; tmallOnly?: boolean },
  method: string,
  read: (world: TaobaoWorld, window: Window, method: string) => Promise<Rows>,
): TaobaoFeed {
  return {
    scope: "shop",
    everyMs,
    list: async (bookmark, world) => {
      if (tmallOnly && world.credentials.shopKind !== "tmall")
        return { notices: [], rejected: [], bookmark: bookmark ?? {}, next: { when: "later" } };
      const slice = sliceOf(bookmark, world.now, pace);
      const window = { start: wall(slice.from), end: wall(slice.to), page: slice.page };
      const { rows, hasNext } = await read(world, window, method);
      const { notices, rejected } = noticesOf(rows, method, world);
      // A page without rows is the last one, whatever it says.
      const after = afterPage(slice, { hasNext: hasNext && rows.length > 0, now: world.now, pace });
      return { notices, rejected, bookmark: after.bookmark, next: { when: after.when } };
    },
  };
}

const rowSchemas: readonly z.ZodType<{ id: string; modified: string }>[] = [
  refundRowSchema.transform(({ refund_id: id, modified }) => ({ id, modified })),
  exchangeRowSchema.transform(({ dispute_id: id, modified }) => ({ id, modified })),
];

/** A row that cannot be read is set aside alone. */
function noticesOf(rows: unknown[], topic: string, { shopId }: TaobaoWorld): Pick<FeedPage, "notices" | "rejected"> {
  const notices: Notice[] = [];
  const rejected: { why: string; record: string }[] = [];
  for (const row of rows) {
    const read = rowSchemas.map((schema) => schema.safeParse(row)).find(({ success }) => success)?.data;
    if (!read) {
      rejected.push({ why: "a row without id or time", record: JSON.stringify(row) });
      continue;
    }
    const occurredAt = instantOfChinaTime(read.modified);
    notices.push({
      channel: "taobao",
      shopId,
      subject: { kind: "case", channelCaseId: read.id as (Notice["subject"] & { kind: "case" })["channelCaseId"] },
      topic,
      noticeId: `${topic}:${read.id}:${read.modified}`.slice(0, 200),
      opens: false,
      ...(occurredAt && { occurredAt }),
      via: "poll",
    });
  }
  return { notices, rejected };
}

function wall(epochSeconds: number): string {
  if (!Number.isFinite(epochSeconds)) throw new SuiteError("payload_invalid", "the bookmark holds no time");
  return chinaTimeOf(new Date(epochSeconds * 1000));
}
