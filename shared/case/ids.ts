import * as z from "zod";
import { type Channel, channels } from "./channel.ts";

// Ids of the same shape get a brand, so that one is never passed where the other is meant.
export const tenantIdSchema = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/)
  .brand("TenantId");
/** The shop as its channel spells it: a number on Douyin, a domain on Shopify. No spaces, no control characters, no `#`. */
export const shopIdSchema = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/)
  .brand("ShopId");
/** The channel's own id of a case, digits kept exactly; a Shopify global id loses its `gid://shopify/` prefix. */
export const channelCaseIdSchema = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9._/-]{0,127}$/)
  .brand("ChannelCaseId");
export const caseIdSchema = z
  .string()
  .regex(/^[a-z]+:[A-Za-z0-9._-]+:[A-Za-z0-9._/-]+$/)
  .brand("CaseId");

export type TenantId = z.infer<typeof tenantIdSchema>;
export type ShopId = z.infer<typeof shopIdSchema>;
export type ChannelCaseId = z.infer<typeof channelCaseIdSchema>;
export type CaseId = z.infer<typeof caseIdSchema>;

/** Derived, never random: the same case gets the same id however often and by whatever way it arrives. */
export function caseIdOf(channel: Channel, shopId: ShopId, channelCaseId: ChannelCaseId): CaseId {
  return caseIdSchema.parse(`${channel}:${shopId}:${channelCaseId}`);
}

/** Takes a case id apart. @throws RangeError when it is not one. */
export function partsOf(caseId: CaseId): { channel: Channel; shopId: ShopId; channelCaseId: ChannelCaseId } {
  const [channel, shopId, ...rest] = caseId.split(":");
  const known = channels.find((each) => each === channel);
  if (!known || !shopId || rest.length !== 1) throw new RangeError(`not a case id: ${caseId}`);
  return {
    channel: known,
    shopId: shopIdSchema.parse(shopId),
    channelCaseId: channelCaseIdSchema.parse(rest[0]),
  };
}
