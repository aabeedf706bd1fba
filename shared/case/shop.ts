import * as z from "zod";
import { channelSchema } from "./channel.ts";
import { shopIdSchema, tenantIdSchema } from "./ids.ts";
import { instantSchema } from "./instant.ts";

/**
 * How far Casebridge may go in a shop. `observe`: nothing is written to the channel. `assist`: a person confirms each
 * command. `auto`: policy may send. New shops start in `observe`.
 */
export const shopModeSchema = z.enum(["observe", "assist", "auto"]);
export type ShopMode = z.infer<typeof shopModeSchema>;

/** Where the merchant's goods come back to, as the channel knows it. */
export const returnAddressSchema = z.strictObject({
  addressId: z.string().max(64),
  label: z.string().max(200),
  isDefault: z.boolean(),
});
export type ReturnAddress = z.infer<typeof returnAddressSchema>;

/** A merchant's shop on one channel. Credentials are kept beside it, encrypted, and are not part of it. */
export const shopSchema = z.strictObject({
  tenantId: tenantIdSchema,
  channel: channelSchema,
  shopId: shopIdSchema,
  name: z.string().max(200),
  mode: shopModeSchema,
  /** `parked` while the channel rejects our credentials: work waits until the shop is connected again. */
  status: z.enum(["connected", "parked"]),
  connectedAt: instantSchema,
  addresses: z.array(returnAddressSchema).max(100),
});
export type Shop = z.infer<typeof shopSchema>;
