import * as z from "zod";
import { instantSchema } from "#shared/case/instant.ts";

/** Where the channel answers. The sandbox is for test shops. */
export const gateways = {
  production: "https://openapi-fxg.jinritemai.com",
  sandbox: "https://openapi-sandbox.jinritemai.com",
} as const;

/** Our app on the channel. `pushSigning` pins how the app signs its pushes; `either` tells it by the signature's length. */
export const appSchema = z.strictObject({
  appKey: z.string().regex(/^\d{1,20}$/),
  appSecret: z.string().min(16).max(128),
  gateway: z
    .url({ protocol: /^https?$/ })
    .transform((url) => url.replace(/\/+$/, ""))
    .default(gateways.production),
  /** Our app's number in the service market: its page of consent has it. Only an app sold to many has one. */
  serviceId: z
    .string()
    .regex(/^\d{1,20}$/)
    .optional(),
  /** Where the page of consent is; the service market when left out. */
  serviceMarket: z
    .url({ protocol: /^https?$/ })
    .transform((url) => url.replace(/\/+$/, ""))
    .optional(),
  signMethod: z.enum(["hmac-sha256", "md5"]).default("hmac-sha256"),
  pushSigning: z.enum(["md5", "hmac-sha256", "either"]).default("either"),
  /** From where pictures that cases show are fetched; `.example.com` stands for every name below it. The known ones when left out. */
  evidenceHosts: z
    .array(z.string().regex(/^\.?[a-z0-9-]+(\.[a-z0-9-]+)+$/))
    .max(50)
    .optional(),
});
export type DouyinApp = z.infer<typeof appSchema>;

/**
 * What one shop has granted. `authorization_self`: our own app in our own shop, which asks for its tokens by itself, so
 * that nothing else need be given. `authorization_code`: an app sold to many; it is connected with the code from the
 * consent page (valid 10 minutes), and when its refresh token is dead, a person must consent again.
 */
export const credentialsSchema = z
  .strictObject({
    grant: z.enum(["authorization_self", "authorization_code"]),
    code: z.string().min(1).max(256).optional(),
    accessToken: z.string().min(1).max(256).optional(),
    refreshToken: z.string().min(1).max(256).optional(),
    /** When the access token ends. */
    expiresAt: instantSchema.optional(),
    /** True for a test shop, which lives on the sandbox. */
    testShop: z.boolean().optional(),
    /**
     * Automatic refunds that the merchant has switched on in the channel's console. With one set, our agreement is sent as
     * the report that the rule waits for, and the channel's robot pays; off unless said, because the report alone pays.
     */
    refundRules: z
      .strictObject({
        /** A refund before shipment: the order is reported as stopped. */
        shipmentStopped: z.boolean().default(false),
        /** A return whose parcel has come: it is reported as booked in. */
        goodsBookedIn: z.boolean().default(false),
      })
      .optional(),
  })
  .refine(({ grant, code, refreshToken }) => grant === "authorization_self" || code || refreshToken, {
    error: "needs the code from the consent page, or a token pair",
  });
export type DouyinCredentials = z.infer<typeof credentialsSchema>;
