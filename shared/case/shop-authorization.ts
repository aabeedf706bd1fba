import * as z from "zod";
import { channelSchema } from "./channel.ts";
import { shopIdSchema, tenantIdSchema } from "./ids.ts";
import { instantSchema } from "./instant.ts";

/** How an attempt to connect a shop in the browser can end. Each is a page, and a kind of the metric. */
export const authorizationOutcomes = [
  "connected",
  /** Connected, but the channel did not give the return addresses yet. */
  "connected_without_addresses",
  /** The merchant said no on the channel's page. */
  "denied",
  /** No such link, or its quarter of an hour is over. */
  "link_invalid",
  "link_finished",
  /** No such state, another tenant's, or an older one of the same link. */
  "state_unknown",
  "state_spent",
  /** The callback came in another browser than the one that set out. */
  "browser_other",
  /** The callback came to the address of another channel, or from another issuer. */
  "channel_mixed_up",
  /** A parameter twice, no code, or a signature that is not the channel's. */
  "callback_invalid",
  "shop_taken",
  /** The link is for one shop, and another was granted. */
  "shop_other",
  "code_refused",
  "channel_away",
  "misconfigured",
] as const;
export type AuthorizationOutcome = (typeof authorizationOutcomes)[number];

/**
 * One permission to connect a shop, from the operator who asked for it to its end. Secrets are here as SHA-256 alone: of
 * the link, of the state that went to the channel, and of the cookie in the browser that set out.
 */
export const shopAuthorizationSchema = z.strictObject({
  tenantId: tenantIdSchema,
  authorizationId: z.string().regex(/^[A-Za-z0-9_-]{22}$/),
  channel: channelSchema,
  personId: z.string().min(1).max(200),
  /** Set where a known shop is to grant anew: then no other is taken. */
  shopId: shopIdSchema.optional(),
  asked: z.record(z.string(), z.string()),
  linkHash: z.string(),
  expiresAt: instantSchema,
  /** The last time that somebody set out with the link; an earlier one's state is dead. */
  round: z
    .strictObject({ stateHash: z.string(), browserHash: z.string(), spentAt: instantSchema.optional() })
    .optional(),
  outcome: z
    .strictObject({
      code: z.enum(authorizationOutcomes),
      shopId: shopIdSchema.optional(),
      name: z.string().optional(),
    })
    .optional(),
});
export type ShopAuthorization = z.infer<typeof shopAuthorizationSchema>;
