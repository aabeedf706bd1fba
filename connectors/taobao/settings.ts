import * as z from "zod";
import { instantSchema } from "#shared/case/instant.ts";

/** Where the platform answers. A relay inside the platform's own cloud is a gateway like any other: give its address. */
export const gateways = {
  domestic: "https://eco.taobao.com/router/rest",
  overseas: "https://api.taobao.com/router/rest",
} as const;

export const signMethods = ["md5", "hmac", "hmac-sha256"] as const;
export type SignMethod = (typeof signMethods)[number];

/** The list of refunds leaves out everything but the first two kinds of trade unless it is asked for more. */
const everyTradeType = "guarantee_trade,auto_delivery,cod,fenxiao,ec,step,independent_shop_trade,external_trade";

/** Our app on the platform. */
export const appSchema = z.strictObject({
  appKey: z.string().regex(/^\d{1,20}$/),
  appSecret: z.string().min(16).max(128),
  gateway: z.url({ protocol: /^https?$/ }).default(gateways.domestic),
  /** Where merchants consent, and codes become tokens. */
  oauth: z
    .url({ protocol: /^https?$/ })
    .transform((url) => url.replace(/\/+$/, ""))
    .default("https://oauth.taobao.com"),
  signMethod: z.enum(signMethods).default("hmac-sha256"),
  /** The group whose messages we take; left out where the app has no groups, because the platform refuses an unknown one. */
  messageGroup: z
    .string()
    .regex(/^(?!default)\S{1,32}$/)
    .optional(),
  tradeTypes: z
    .string()
    .regex(/^[a-z_0-9]+(?:,[a-z_0-9]+)*$/)
    .default(everyTradeType),
  /** Asks to skip the code that the platform sends to the seller's phone. Only some apps are granted this. */
  skipSmsCode: z.boolean().default(false),
  /** Marks a Tmall case as reviewed before it is refunded, for shops whose staff refunds only what is marked. */
  reviewBeforeRefund: z.boolean().default(false),
});
export type TaobaoApp = z.infer<typeof appSchema>;

export const shopKinds = ["tmall", "taobao"] as const;
/** Tmall shops (B) and Taobao shops (C) share the platform, but not all of its calls. */
export const shopKindSchema = z.enum(shopKinds);
export type ShopKind = z.infer<typeof shopKindSchema>;

export const aliGeniusSchema = z.strictObject({
  /**
   * Agreeing to the refund of an order that has not left reports the shipment as cancelled, and the platform's robot pays;
   * off until the merchant has seen it pay for one real case, because nothing is published on when it does.
   */
  paysWhenShipmentCancelled: z.boolean().default(false),
  /** The warehouse's name in AliGenius. With it, confirming the receipt of a return uploads the warehouse's slip. */
  warehouseName: z.string().min(1).max(64).optional(),
});

/**
 * What one shop has granted. The token is bound to our app and to one account of the seller; refunds can be agreed to
 * only with a sub-account's. Reading and writing end at times of their own.
 */
export const credentialsSchema = z.strictObject({
  shopKind: shopKindSchema,
  accessToken: z.string().min(1).max(512),
  expiresAt: instantSchema,
  refreshToken: z.string().min(1).max(512).optional(),
  /** Until when the token can be renewed without a person; absent when it cannot. */
  refreshableUntil: instantSchema.optional(),
  /** Write permissions of level 1 and 2. */
  writableUntil: instantSchema.optional(),
  sensitiveWritableUntil: instantSchema.optional(),
  /** The sub-account that granted it, as `main:sub`. */
  subAccount: z.string().max(128).optional(),
  /** For shops that have joined AliGenius, the platform's after-sales assistant. Nothing is reported to it without this. */
  aliGenius: aliGeniusSchema.optional(),
});
export type TaobaoCredentials = z.infer<typeof credentialsSchema>;
