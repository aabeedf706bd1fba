import type { Notice } from "#shared/case/notice.ts";
import { isSuiteError, SuiteError } from "#shared/errors.ts";
import type { Json } from "#shared/json.ts";
import type { Bookmark, FeedPage, ShopFeed } from "../contract.ts";
import { instantOfText } from "../kit/time.ts";
import { externalCaseId } from "./case-id.ts";
import { type AmazonWorld, query } from "./client.ts";
import { type ExternalReturn, externalReturnSchema, externalReturnsSchema, nameOfRecord } from "./external-schema.ts";
import type { AmazonApp, AmazonCredentials } from "./settings.ts";

const path = "/externalFulfillment/2024-09-11/returns";
const hourMs = 3_600_000;
const windowMs = 60 * 24 * hourMs;
const longEveryMs = 24 * hourMs;
/** What changed while the last turn was read may stand on a page that had gone by. */
const overlapMs = 2 * hourMs;
const mostPages = 20;

interface Turn {
  from: string;
  to: string;
  token: string | undefined;
  /** Lines that changed since are told; all of them once a day. */
  since: string;
  isLong: boolean;
  longAt: number;
}

/**
 * Returns of sellers in the External Fulfillment programme. Asking by the time of change wants a location and a status, so
 * all that were created in sixty days are listed each hour, and those told that changed; each leads to its whole RMA.
 * Source: docs/external-fulfillment-returns; its model of 2024-09-11 in amzn/selling-partner-api-models, read 2026-11-25.
 */
export const externalReturns: ShopFeed<AmazonApp, AmazonCredentials> = {
  scope: "shop",
  everyMs: hourMs,
  list: async (bookmark, world): Promise<FeedPage> => {
    if (!world.credentials.externalFulfillment) {
      return { notices: [], rejected: [], bookmark: bookmark ?? {}, next: { when: "later" } };
    }
    const turn = turnOf(bookmark, world.now);
    const asked = { createdSince: turn.from, createdUntil: turn.to, maxResults: "100", nextToken: turn.token };
    const { returns = [], nextToken } = await page(world, asked);
    const rejected: { why: string; record: string }[] = [];
    const notices = new Map<string, Notice>();
    for (const each of returns) {
      const { data } = externalReturnSchema.safeParse(each);
      const notice = data && noticeOf(data, world);
      if (!data || !notice) {
        rejected.push({ why: "no order, or of another form", record: JSON.stringify(nameOfRecord.parse(each)) });
      } else if ((instantOfText(data.lastUpdatedDateTime) ?? turn.to) >= turn.since) {
        notices.set(notice.noticeId, notice);
      }
    }
    const found = { notices: [...notices.values()], rejected };
    // Pages may be empty while there are more, and a token goes with the filters it came from.
    if (nextToken !== undefined) return { ...found, bookmark: { ...turn, token: nextToken }, next: { when: "now" } };
    const longAt = turn.isLong ? Date.parse(turn.to) : turn.longAt;
    return { ...found, bookmark: { readAt: Date.parse(turn.to), longAt }, next: { when: "later" } };
  },
};

/** All lines of the return that a notice leads to. Lines of other orders under the same RMA are another's. */
export async function externalLines(
  world: AmazonWorld,
  { orderId, rmaId, returnId }: { orderId: string; rmaId?: string | undefined; returnId: string },
): Promise<ExternalReturn[]> {
  if (rmaId === undefined) return single(world, returnId);
  const lines: ExternalReturn[] = [];
  let nextToken: string | undefined;
  let pages = 0;
  do {
    const answer = await page(world, { rmaId, maxResults: "100", nextToken });
    lines.push(...(answer.returns ?? []).map(readable));
    nextToken = answer.nextToken;
    pages += 1;
  } while (nextToken !== undefined && pages < mostPages);
  return lines.filter(({ marketplaceChannelDetails }) => marketplaceChannelDetails.customerOrderId === orderId);
}

/** A case without one of its lines would be further than it is. */
function readable(found: unknown): ExternalReturn {
  const { data, error } = externalReturnSchema.safeParse(found);
  if (data) return data;
  const field = error.issues[0]?.path.join(".");
  throw new SuiteError("payload_invalid", "a line of the return has another form", { details: { field } });
}

async function single(world: AmazonWorld, returnId: string): Promise<ExternalReturn[]> {
  const call = { operation: "getReturn", method: "GET", path: `${path}/${encodeURIComponent(returnId)}` } as const;
  try {
    return [await query(world, call, externalReturnSchema)];
  } catch (fault) {
    if (isSuiteError(fault, "channel_refused") && fault.details.httpStatus === 404) return [];
    throw fault;
  }
}

async function page(world: AmazonWorld, asked: Record<string, string | undefined>) {
  try {
    return await query(world, { operation: "listReturns", method: "GET", path, query: asked }, externalReturnsSchema);
  } catch (fault) {
    if (!isSuiteError(fault, "channel_refused") || fault.details.httpStatus !== 404) throw fault;
    const why = "Amazon knows no External Fulfillment of this seller: connect the shop with externalFulfillment false";
    throw new SuiteError("misconfigured", why, { details: fault.details, cause: fault });
  }
}

function noticeOf(line: ExternalReturn, { shopId }: AmazonWorld): Notice | undefined {
  const { id: returnId, lastUpdatedDateTime, returnMetadata, marketplaceChannelDetails } = line;
  const { customerOrderId: orderId = "" } = marketplaceChannelDetails;
  const { rmaId } = returnMetadata;
  if (!/^[A-Za-z0-9-]{3,40}$/.test(orderId)) return undefined;
  if (rmaId !== undefined && !/^[A-Za-z0-9._-]{1,64}$/.test(rmaId)) return undefined;
  const channelCaseId = externalCaseId(orderId, rmaId, returnId);
  const payload: Json = { kind: "external", orderId, returnId, ...(rmaId !== undefined && { rmaId }) };
  const occurredAt = instantOfText(lastUpdatedDateTime);
  return {
    channel: "amazon",
    shopId,
    subject: { kind: "case", channelCaseId },
    topic: "external.returns",
    noticeId: `${channelCaseId}:${lastUpdatedDateTime}`,
    opens: false,
    ...(occurredAt && { occurredAt }),
    via: "poll",
    payload,
  };
}

/** A turn keeps its window until its last page. */
function turnOf(bookmark: Bookmark | undefined, now: Date): Turn {
  const { from, to, token, since, isLong } = bookmark ?? {};
  const [readAt, longAt] = [bookmark?.readAt, bookmark?.longAt].map((each) => (typeof each === "number" ? each : 0));
  if (typeof token === "string" && typeof from === "string" && typeof to === "string" && typeof since === "string") {
    return { from, to, token, since, isLong: isLong === true, longAt: longAt ?? 0 };
  }
  const isLongNow = now.getTime() - (longAt ?? 0) >= longEveryMs;
  return {
    ...{ from: isoOf(now.getTime() - windowMs), to: now.toISOString(), token: undefined },
    ...{ since: isLongNow ? isoOf(0) : isoOf((readAt ?? 0) - overlapMs), isLong: isLongNow, longAt: longAt ?? 0 },
  };
}

function isoOf(ms: number): string {
  return new Date(Math.max(0, ms)).toISOString();
}
