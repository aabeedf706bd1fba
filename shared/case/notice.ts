import * as z from "zod";
import { channelSchema } from "./channel.ts";
import { channelCaseIdSchema, shopIdSchema } from "./ids.ts";
import { instantSchema } from "./instant.ts";

/**
 * A hint that something changed in a shop. It is never the truth: the case is read from the channel when the notice is
 * handled. `payload` is there only for channels whose notice carries everything there is to know.
 */
export const noticeSchema = z.strictObject({
  channel: channelSchema,
  shopId: shopIdSchema,
  /** What changed: a case by id, or something that leads to cases (an order, a reverse delivery). */
  subject: z.discriminatedUnion("kind", [
    z.strictObject({ kind: z.literal("case"), channelCaseId: channelCaseIdSchema }),
    z.strictObject({ kind: z.literal("lookup"), by: z.string().max(40), id: z.string().max(128) }),
  ]),
  /** The channel's name of the event: a tag, a topic, a feed. */
  topic: z.string().max(100),
  /** The channel's own id of this message, or a hash of it; the same message gets the same id. */
  noticeId: z.string().min(1).max(200),
  /** True when the channel says that the case is new, so that the first save need not look for an older one. */
  opens: z.boolean(),
  occurredAt: instantSchema.optional(),
  via: z.enum(["push", "poll", "reread"]),
  payload: z.json().optional(),
});
export type Notice = z.infer<typeof noticeSchema>;
