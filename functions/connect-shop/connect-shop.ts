import * as z from "zod";
import { channelSchema } from "#shared/case/channel.ts";
import { shopIdSchema, tenantIdSchema } from "#shared/case/ids.ts";
import { shopModeSchema } from "#shared/case/shop.ts";

export { type ConnectDeps as Deps, connectShop } from "#connectors/session/connect.ts";

export const connectRequestSchema = z.strictObject({
  tenantId: tenantIdSchema,
  channel: channelSchema,
  shopId: shopIdSchema,
  name: z.string().min(1).max(200),
  /** Left out: a known shop keeps its own, and a new one starts in `observe`; the merchant raises it. */
  mode: shopModeSchema.optional(),
  /** In the form of the connector's own credentials schema. */
  credentials: z.unknown(),
});
export type ConnectRequest = z.input<typeof connectRequestSchema>;
