import type { Notice } from "#shared/case/notice.ts";
import { isSuiteError, SuiteError } from "#shared/errors.ts";
import { parseLossless } from "#shared/json.ts";
import type { AppFeed, AppWorld, FeedPage } from "../contract.ts";
import { instantOfChinaTime } from "../kit/time.ts";
import { asRead, command, query } from "./client.ts";
import { listOf, messageContentSchema, messageSchema, messagesSchema, receiptSchema, successSchema } from "./schema.ts";
import type { TaobaoApp } from "./settings.ts";
import { authorisationEnded, isAfterSales, topics } from "./topics.ts";

/** The most the channel gives at once, and takes back at once. */
const mostAtOnce = 200;

/**
 * The app's message queue: one for all its shops, emptied page by page. The channel keeps a message for a day, and gives
 * it out again when nobody has confirmed it; it promises no order. What it says is a hint only.
 * Source: API metadata 21986 and 21985, by copies (github.com/bububa/opentaobao); message service (doc 101663), by copies;
 * read 2026-11-25.
 */
export const messages: AppFeed<TaobaoApp> = {
  scope: "app",
  everyMs: 30_000,
  list: async (_bookmark, world) => {
    const params = { quantity: mostAtOnce, group_name: world.app.messageGroup };
    const answer = await query(appOf(world), "taobao.tmc.messages.consume", params, messagesSchema);
    const rows = listOf(answer.messages, "tmc_message");
    const notices: Notice[] = [];
    const rejected: { why: string; record: string }[] = [];
    const receipts: string[] = [];
    for (const row of rows) {
      const receipt = receiptSchema.safeParse(row);
      if (receipt.success) receipts.push(receipt.data.id);
      try {
        notices.push(...noticesOf(row));
      } catch (error) {
        if (!isSuiteError(error, "payload_invalid")) throw error;
        rejected.push({ why: error.message, record: JSON.stringify(row) });
      }
    }
    const next: FeedPage["next"] = { when: rows.length > 0 ? "now" : "later" };
    // The queue itself remembers how far we are.
    return { notices, rejected, receipts, bookmark: {}, next };
  },
  confirm: async (receipts, world) => {
    for (let at = 0; at < receipts.length; at += mostAtOnce)
      await confirmSome(receipts.slice(at, at + mostAtOnce), world);
  },
};

/** Confirming twice is the same as once, so no answer is as good as a refusal: the messages come again. */
async function confirmSome(receipts: readonly string[], world: AppWorld<TaobaoApp>): Promise<void> {
  const params = { s_message_ids: receipts.join(","), group_name: world.app.messageGroup };
  const { is_success: isSuccess } = await asRead(
    command(appOf(world), "taobao.tmc.messages.confirm", params, { schema: successSchema }),
  );
  if (!isSuccess) throw new SuiteError("channel_unavailable", "the message queue did not take the confirmation");
}

/** The queue is the app's: no shop's token goes along, whatever else we were handed. */
function appOf({ app, http, now }: AppWorld<TaobaoApp>): AppWorld<TaobaoApp> {
  return { app, http, now };
}

/** None for a topic that is not about after-sales. @throws SuiteError `payload_invalid` for one that cannot be read. */
function noticesOf(row: unknown): Notice[] {
  const message = messageSchema.safeParse(row);
  if (!message.success) throw new SuiteError("payload_invalid", "a message without id, topic, shop or content");
  const { id, topic, user_id: shop, pub_time: publishedAt, content } = message.data;
  const shopId = shop as Notice["shopId"];
  const occurredAt = publishedAt ? instantOfChinaTime(publishedAt) : undefined;
  const rest = { topic, noticeId: id, ...(occurredAt && { occurredAt }), via: "poll" as const };
  if (topic === authorisationEnded) {
    // Reading with the dead token parks the shop, as any call would; nobody has to wait for the next one.
    return [
      { channel: "taobao", shopId, subject: { kind: "lookup", by: "authorisation", id: shop }, opens: false, ...rest },
    ];
  }
  if (!isAfterSales(topic)) return [];
  const parsed = messageContentSchema.safeParse(parseLossless(content));
  if (!parsed.success) {
    // A few topics of these families name no case, e.g. RefundableMarked.
    if (!Object.hasOwn(topics, topic)) return [];
    throw new SuiteError("payload_invalid", "a message that names no case");
  }
  const channelCaseId = parsed.data.refund_id as (Notice["subject"] & { kind: "case" })["channelCaseId"];
  const opens = Object.hasOwn(topics, topic) && topics[topic]?.opens === true;
  return [{ channel: "taobao", shopId, subject: { kind: "case", channelCaseId }, opens, ...rest }];
}
