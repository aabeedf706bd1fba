import * as z from "zod";
import { instantSchema } from "#shared/case/instant.ts";
import { type Region, regionOf } from "./marketplaces.ts";

const url = z.url({ protocol: /^https?$/ }).transform((text) => text.replace(/\/+$/, ""));

/** Where our app asks for tokens. Source: developer-docs.amazon.com/sp-api, "Connecting", read 2026-11-25. */
export const tokenUrl = "https://api.amazon.com/auth/o2/token";

/** Our app at Amazon, one per deployment. */
export const appSchema = z.strictObject({
  /** The LWA client. */
  clientId: z.string().min(1).max(200),
  clientSecret: z.string().min(1).max(200),
  /** Of the app's registration, for the page on which sellers consent. */
  applicationId: z
    .string()
    .regex(/^amzn1\.[\w.-]{1,200}$/)
    .optional(),
  /** The app is not published: its consent page must be told, and the grant has no end. */
  draft: z.boolean().default(false),
  tokenUrl: url.default(tokenUrl),
  /** The static sandbox answers the same to the same request and holds no report. */
  sandbox: z.boolean().default(false),
  /** Called in place of every region's host: a relay, or a simulator. */
  gateway: url.optional(),
  /** Opened in place of Seller Central: a simulator. */
  consoleUrl: url.optional(),
});
export type AmazonApp = z.infer<typeof appSchema>;

/** What one seller account in one region has granted. The shop's id is the seller id. */
export const credentialsSchema = z
  .strictObject({
    /** Good for one region; replaced when the seller authorises again. */
    refreshToken: z.string().min(1).max(2048),
    accessToken: z.string().min(1).max(2048).optional(),
    expiresAt: instantSchema.optional(),
    region: z.enum(["na", "eu", "fe"]),
    /** The stores that are read, each with its own report: the files do not say of which store a row is. */
    marketplaceIds: z
      .array(z.string().regex(/^[A-Z0-9]{10,20}$/))
      .min(1)
      .max(25),
    /** Public apps must be authorised again every 365 days. */
    grantEndsAt: instantSchema.optional(),
    /** The flat file has the delivery date, from which the time to refund counts; the XML has the times of requests. */
    returnsReport: z.enum(["flat", "xml"]).optional(),
    /** The seller is in the External Fulfillment programme, and our app has its role: its returns are read as well. */
    externalFulfillment: z.boolean().optional(),
  })
  .refine(({ region, marketplaceIds }) => marketplaceIds.every((id) => (regionOf(id) ?? region) === region), {
    error: "the stores are of another region",
  });
export type AmazonCredentials = z.infer<typeof credentialsSchema>;

const hosts: Readonly<Record<Region, string>> = {
  na: "sellingpartnerapi-na.amazon.com",
  eu: "sellingpartnerapi-eu.amazon.com",
  fe: "sellingpartnerapi-fe.amazon.com",
};

/** The host of a region. Source: developer-docs.amazon.com/sp-api/docs/sp-api-endpoints, read 2026-11-25. */
export function hostOf({ sandbox, gateway }: AmazonApp, region: Region): string {
  return gateway ?? `https://${sandbox ? "sandbox." : ""}${hosts[region]}`;
}
