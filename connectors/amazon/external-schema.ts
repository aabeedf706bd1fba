import * as z from "zod";

const maybe = <T extends z.ZodType>(schema: T) => schema.nullish().transform((value) => value ?? undefined);
const text = (most: number) => maybe(z.string().max(most));

/**
 * One line of a return in the External Fulfillment Returns API: what is read of it. The buyer's one-time password for the
 * carrier stands beside it and is never read, so that it can be neither kept nor logged.
 */
export const externalReturnSchema = z.object({
  id: z.string().min(1).max(200),
  status: z.string().max(100),
  returnType: text(60),
  returnSubType: text(60),
  merchantSku: text(128),
  numberOfUnits: maybe(z.int().nonnegative().max(99_999)),
  creationDateTime: text(40),
  lastUpdatedDateTime: z.string().max(40),
  returnMetadata: z.object({ returnReason: text(64), rmaId: text(64) }),
  returnShippingInfo: z.object({
    deliveryDateTime: text(40),
    reverseTrackingInfo: maybe(z.object({ carrierName: text(128), trackingId: maybe(z.string().min(1).max(128)) })),
  }),
  marketplaceChannelDetails: z.object({
    customerOrderId: text(64),
    channelSku: text(128),
    marketplaceChannel: maybe(z.object({ marketplaceName: text(60), channelName: text(60) })),
  }),
});
export type ExternalReturn = z.infer<typeof externalReturnSchema>;

export const externalReturnsSchema = z.object({ returns: maybe(z.array(z.unknown())), nextToken: maybe(z.string()) });

/** Beside an id and a status nothing of a record that does not fit may be set aside: a password may be anywhere in it. */
export const nameOfRecord = z.object({ id: text(200), status: text(100) }).catch({ id: undefined, status: undefined });
