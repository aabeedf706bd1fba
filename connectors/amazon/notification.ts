import * as z from "zod";
import { shopIdSchema } from "#shared/case/ids.ts";
import type { Notice } from "#shared/case/notice.ts";
import { SuiteError } from "#shared/errors.ts";
import { type Json, parseLossless } from "#shared/json.ts";
import type { PushReading } from "../contract.ts";
import { instantOfText } from "../kit/time.ts";
import { refundFeedType } from "./adjustments.ts";
import { cancelFeedType } from "./cancel-order.ts";
import { cancelCaseId } from "./case-id.ts";
import { storeOf } from "./marketplaces.ts";

const text = z.string().min(1).max(200);
const envelopeSchema = z.object({
  notificationtype: text,
  eventtime: z.string().max(40).optional(),
  payload: z.record(z.string(), z.unknown()),
  notificationmetadata: z.record(z.string(), z.unknown()),
});
const seller = { sellerid: shopIdSchema };

const orderChangeSchema = z.object({
  ...seller,
  amazonorderid: z.string().regex(/^[A-Za-z0-9-]{3,40}$/),
  orderchangetrigger: z.object({ timeoforderchange: z.string().nullish() }).nullish(),
  summary: z.object({
    marketplaceid: z.string().max(40).optional(),
    orderstatus: z.string().max(60),
    latestshipdate: z.string().max(40).nullish(),
    fulfillmenttype: z.string().optional(),
    orderitems: z
      .array(
        z.object({
          orderitemid: z.string().min(1).max(64),
          sellersku: z.string().max(128).nullish(),
          orderitemstatus: z.string().max(60).nullish(),
          quantity: z.int().nonnegative(),
          isbuyerrequestedcancel: z.boolean().optional(),
        }),
      )
      .default([]),
  }),
});
const finishedSchema = z.object({ ...seller, processingstatus: text });
const feedFinishedSchema = finishedSchema.extend({ feedid: text, feedtype: text });
const transactionSchema = z.object({
  sellingpartnermetadata: z.object({ sellingpartnerid: shopIdSchema }),
  relatedidentifiers: z.array(z.object({ relatedidentifiername: z.string(), relatedidentifiervalue: z.string() })),
  transactiontype: z.string().max(100),
});

/**
 * What a notification on the seller's SQS queue says changed. Some types come in PascalCase, others in camelCase, so keys
 * are compared without case. Each comes at least once, in any order and perhaps late; its id is Amazon's own. The postal
 * code in an order's notification is not carried over.
 * Source: schemas/notifications of amzn/selling-partner-api-models, commit 34dc93f, read 2026-11-25.
 * @throws SuiteError `payload_invalid` when it is no notification, or a known type of another form.
 */
export function readNotification(body: string): PushReading {
  const parsed = envelopeSchema.safeParse(withLowerKeys(parseLossless(body)));
  if (!parsed.success) throw invalid("notification");
  const { notificationtype: type, payload, notificationmetadata: metadata, eventtime: eventTime } = parsed.data;
  const noticeId = text.safeParse(metadata.notificationid).data;
  if (noticeId === undefined) throw invalid("notificationId");
  const about = { type, noticeId, eventTime };
  switch (type) {
    case "ORDER_CHANGE":
      return orderChange(checked(orderChangeSchema, payload.orderchangenotification), about);
    case "TRANSACTION_UPDATE":
      return transaction(checked(transactionSchema, payload.transactionupdatenotification), about);
    case "FEED_PROCESSING_FINISHED": {
      const finished = payload.feedprocessingfinishednotification;
      return hasSeller(finished)
        ? feedFinished(checked(feedFinishedSchema, finished), about)
        : ignored(type, "of a vendor");
    }
    case "REPORT_PROCESSING_FINISHED":
      return ignored(type, "the report's own cycle asks for it");
    default:
      return ignored(type, "not a type that is read");
  }
}

interface About {
  type: string;
  noticeId: string;
  eventTime: string | undefined;
}

function orderChange(change: z.infer<typeof orderChangeSchema>, about: About): PushReading {
  const { sellerid: shopId, amazonorderid: orderId, summary, orderchangetrigger: trigger } = change;
  if (summary.fulfillmenttype !== undefined && summary.fulfillmenttype !== "MFN")
    return ignored(about.type, "fulfilled by Amazon");
  const asked = summary.orderitems.filter((item) => item.isbuyerrequestedcancel === true);
  if (asked.length === 0) return ignored(about.type, "no buyer asks to cancel");
  const askedAt = instantOfText(trigger?.timeoforderchange ?? "") ?? instantOfText(about.eventTime ?? "");
  if (!askedAt) throw invalid("eventTime");
  const latestShipAt = instantOfText(summary.latestshipdate ?? "");
  const market = storeOf(summary.marketplaceid ?? "")?.market;
  const items = asked.map(
    (item): Json => ({
      orderItemId: item.orderitemid,
      quantity: item.quantity,
      ...(typeof item.sellersku === "string" && { sku: item.sellersku }),
      ...(typeof item.orderitemstatus === "string" && { status: item.orderitemstatus }),
    }),
  );
  const payload: Json = {
    kind: "cancel",
    orderId,
    orderStatus: summary.orderstatus,
    ...(latestShipAt && { latestShipAt }),
    whole: asked.length === summary.orderitems.length,
    items,
    askedAt,
    ...(market !== undefined && { market }),
  };
  const subject = { kind: "case" as const, channelCaseId: cancelCaseId(orderId) };
  return told({ shopId, subject, about, occurredAt: askedAt, payload });
}

function transaction(update: z.infer<typeof transactionSchema>, about: About): PushReading {
  const { sellingpartnermetadata: partner, relatedidentifiers: identifiers, transactiontype: type } = update;
  if (type === "Shipment") return ignored(about.type, "a sale");
  const named = identifiers.find(({ relatedidentifiername: name }) => /^order_?id$/i.test(name));
  if (!named) return ignored(about.type, "of no order");
  const subject = { kind: "lookup" as const, by: "order", id: named.relatedidentifiervalue.slice(0, 128) };
  return told({ shopId: partner.sellingpartnerid, subject, about });
}

function feedFinished(feed: z.infer<typeof feedFinishedSchema>, about: About): PushReading {
  if (feed.feedtype !== refundFeedType && feed.feedtype !== cancelFeedType)
    return ignored(about.type, "no feed of ours");
  // A feed that was stopped may have been carried out in part: only Finances tells.
  if (feed.processingstatus !== "DONE") return ignored(about.type, `ended ${feed.processingstatus}`);
  return told({ shopId: feed.sellerid, subject: { kind: "lookup", by: "feed", id: feed.feedid.slice(0, 128) }, about });
}

function told({
  shopId,
  subject,
  about,
  occurredAt,
  payload,
}: {
  shopId: Notice["shopId"];
  subject: Notice["subject"];
  about: About;
  occurredAt?: string;
  payload?: Json;
}): PushReading {
  const at = occurredAt ?? instantOfText(about.eventTime ?? "");
  const notice: Notice = {
    channel: "amazon",
    shopId,
    subject,
    topic: about.type,
    noticeId: about.noticeId,
    opens: false,
    ...(at && { occurredAt: at }),
    via: "push",
    ...(payload !== undefined && { payload }),
  };
  return { notices: [notice], ignored: [], rejected: [] };
}

function ignored(topic: string, why: string): PushReading {
  return { notices: [], ignored: [{ topic, why }], rejected: [] };
}

function hasSeller(payload: unknown): boolean {
  return typeof payload === "object" && payload !== null && "sellerid" in payload;
}

function withLowerKeys(value: Json): Json {
  if (value === null || typeof value !== "object") return value;
  if (Array.isArray(value)) return value.map(withLowerKeys);
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key.toLowerCase(), withLowerKeys(member)]));
}

function checked<T>(schema: z.ZodType<T>, payload: unknown): T {
  const parsed = schema.safeParse(payload);
  if (parsed.success) return parsed.data;
  throw invalid(parsed.error.issues[0]?.path.join(".") ?? "payload");
}

function invalid(field: string): SuiteError {
  return new SuiteError("payload_invalid", `the notification's ${field} is missing or malformed`, {
    details: { field },
  });
}
