import * as z from "zod";
import { channelSchema } from "./channel.ts";
import { caseIdSchema, shopIdSchema, tenantIdSchema } from "./ids.ts";
import { instantSchema } from "./instant.ts";

/**
 * What somebody had a right to, and what became of it: the proof that it was done, and when. `open` until everything has
 * been read again and found clean; `ready` when the cases to hand out are listed and a person must hand them out.
 */
export const privacyRequestSchema = z.strictObject({
  tenantId: tenantIdSchema,
  channel: channelSchema,
  shopId: shopIdSchema,
  requestId: z.string().max(150),
  kind: z.enum(["data_requested", "person_erasure", "shop_erasure"]),
  topic: z.string().max(100),
  receivedAt: instantSchema,
  /** By when the channel wants it done. */
  dueAt: instantSchema,
  status: z.enum(["open", "ready", "done"]),
  endedAt: instantSchema.optional(),
  /** How many cases it concerned, and the first thousand of them. */
  cases: z.int().nonnegative().optional(),
  caseIds: z.array(caseIdSchema).max(1000).optional(),
});
export type PrivacyRequest = z.infer<typeof privacyRequestSchema>;
