import * as z from "zod";
import { channelSchema } from "./channel.ts";
import { shopIdSchema } from "./ids.ts";
import { instantSchema } from "./instant.ts";

const orders = z.array(z.string().min(1).max(64)).max(10_000);

/**
 * What a channel says of a shop itself, and not of a case: that our app was taken out of it, or that somebody has a right
 * to know what we hold, or to have it forgotten. Names orders, never a person.
 */
export const shopNoticeSchema = z.strictObject({
  channel: channelSchema,
  shopId: shopIdSchema,
  /** The channel's name of the event. */
  topic: z.string().max(100),
  /** The same message gets the same id; letters, digits and `-`. */
  noticeId: z.string().regex(/^[A-Za-z0-9-]{1,100}$/),
  occurredAt: instantSchema.optional(),
  what: z.discriminatedUnion("kind", [
    z.strictObject({ kind: z.literal("app_removed") }),
    /** A buyer asks, by way of the channel, what is held of these orders. */
    z.strictObject({ kind: z.literal("data_requested"), orders }),
    /** The buyer of these orders must be forgotten. */
    z.strictObject({ kind: z.literal("person_erasure"), orders }),
    /** The shop has left, and with it everybody in its cases must be forgotten. */
    z.strictObject({ kind: z.literal("shop_erasure") }),
  ]),
});
export type ShopNotice = z.infer<typeof shopNoticeSchema>;

/** A reference by which all cases of a shop are found. */
export function shopReferenceOf({ channel, shopId }: Pick<ShopNotice, "channel" | "shopId">): string {
  return `shop:${channel}:${shopId}`;
}
