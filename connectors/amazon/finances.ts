import type { Notice } from "#shared/case/notice.ts";
import { isSuiteError } from "#shared/errors.ts";
import type { Bookmark, FeedPage, ShopFeed } from "../contract.ts";
import { instantOfText } from "../kit/time.ts";
import { type AmazonWorld, query } from "./client.ts";
import { type Events, financialEventsSchema, transactionSchema, transactionsSchema } from "./schema.ts";
import type { AmazonApp, AmazonCredentials } from "./settings.ts";

const hourMs = 3_600_000;
/** What was posted may become visible two days later. */
const overlapMs = 54 * hourMs;
/** Windows of more than 180 days have no answer. */
const longestMs = 170 * 24 * hourMs;
const firstMs = 30 * 24 * hourMs;
/** The window must end more than two minutes ago. */
const marginMs = 5 * 60_000;

/**
 * What Amazon posted to the seller's account, except sales: each order it names is looked at. Without a store, because in
 * the US a store given with seller-fulfilled orders hides them.
 * Source: finances_2024-06-19.json of amzn/selling-partner-api-models, commit 34dc93f, read 2026-11-25.
 */
export const refunds: ShopFeed<AmazonApp, AmazonCredentials> = {
  scope: "shop",
  everyMs: 6 * hourMs,
  list: async (bookmark, world): Promise<FeedPage> => {
    const { from, to, token } = windowOf(bookmark, world.now);
    const { payload } = await query(
      world,
      {
        operation: "listTransactions",
        method: "GET",
        path: "/finances/2024-06-19/transactions",
        query: { postedAfter: isoOf(from), postedBefore: isoOf(to), nextToken: token },
      },
      transactionsSchema,
    );
    const rejected: { why: string; record: string }[] = [];
    const notices: Notice[] = [];
    for (const each of payload.transactions ?? []) {
      const parsed = transactionSchema.safeParse(each);
      if (parsed.success) notices.push(...noticesOf(parsed.data, world));
      else rejected.push({ why: "a transaction of another form", record: JSON.stringify(each) });
    }
    // Pages may be empty while there are more.
    if (payload.nextToken !== undefined) {
      return { notices, rejected, bookmark: { from, to, token: payload.nextToken }, next: { when: "now" } };
    }
    return { notices, rejected, bookmark: { from: to - overlapMs }, next: { when: "later" } };
  },
};

function noticesOf(transaction: ReturnType<typeof transactionSchema.parse>, { shopId }: AmazonWorld): Notice[] {
  const { transactionId, transactionType = "", postedDate, relatedIdentifiers } = transaction;
  const idOf = (name: string) =>
    relatedIdentifiers.find(({ relatedIdentifierName }) => relatedIdentifierName === name)?.relatedIdentifierValue;
  const orderId = idOf("ORDER_ID");
  // Only the type of sales is documented, so everything else is looked at.
  if (orderId === undefined || transactionType === "Shipment" || !/^[A-Za-z0-9-]{3,40}$/.test(orderId)) return [];
  const occurredAt = instantOfText(postedDate ?? "");
  const what = transactionId ?? idOf("REFUND_ID") ?? `${transactionType}:${postedDate}`;
  return [
    {
      channel: "amazon",
      shopId,
      subject: { kind: "lookup", by: "order", id: orderId },
      topic: "finances.transaction",
      noticeId: `transaction:${what}`.slice(0, 200),
      opens: false,
      ...(occurredAt && { occurredAt }),
      via: "poll",
    },
  ];
}

/**
 * Everything Amazon posted about one order, by kind. Undefined while Finances does not know the order.
 * Source: financesV0.json of amzn/selling-partner-api-models, commit 34dc93f, read 2026-11-25.
 */
export async function eventsOfOrder(world: AmazonWorld, orderId: string): Promise<Events | undefined> {
  const path = `/finances/v0/orders/${encodeURIComponent(orderId)}/financialEvents`;
  const all: Events[] = [];
  let NextToken: string | undefined;
  try {
    do {
      const { payload } = await query(
        world,
        { operation: "listFinancialEventsByOrderId", method: "GET", path, query: { NextToken } },
        financialEventsSchema,
      );
      if (payload.FinancialEvents) all.push(payload.FinancialEvents);
      NextToken = payload.NextToken;
    } while (NextToken !== undefined && all.length < 10);
  } catch (error) {
    // An order of which nothing has been posted is refused as unknown.
    if (isSuiteError(error, "channel_refused") && error.details.httpStatus === 404) return undefined;
    throw error;
  }
  const joined = <Name extends keyof Events>(name: Name) => all.flatMap((each) => each[name] ?? []);
  return {
    ShipmentEventList: joined("ShipmentEventList"),
    RefundEventList: joined("RefundEventList"),
    GuaranteeClaimEventList: joined("GuaranteeClaimEventList"),
    ChargebackEventList: joined("ChargebackEventList"),
  };
}

/** A window keeps its end until its last page; the next one begins well before it. */
function windowOf(bookmark: Bookmark | undefined, now: Date): { from: number; to: number; token: string | undefined } {
  const end = now.getTime() - marginMs;
  const from = typeof bookmark?.from === "number" ? bookmark.from : end - firstMs;
  const token = typeof bookmark?.token === "string" ? bookmark.token : undefined;
  const to = token !== undefined && typeof bookmark?.to === "number" ? bookmark.to : end;
  return { from: Math.max(from, to - longestMs), to, token };
}

function isoOf(ms: number): string {
  return new Date(ms).toISOString();
}
