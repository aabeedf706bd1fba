import * as z from "zod";
import { defaultGateway, pinnedVersion } from "./defaults.ts";

/** Our app in the Dev Dashboard, one per deployment. */
export const appSchema = z.strictObject({
  clientId: z.string().min(1),
  /** Signs webhooks and asks for tokens. */
  clientSecret: z.string().min(1),
  apiVersion: z
    .string()
    .regex(/^20\d\d-(01|04|07|10)$/)
    .default(pinnedVersion),
  /** Where a shop is called; `{shop}` stands for its domain. */
  gateway: z.string().min(1).default(defaultGateway),
  /**
   * Where webhooks go: our HTTPS address, or the ARN of the app's partner event source. With it, every shop's subscriptions
   * are made and repaired; without it they stand in the app's configuration file.
   */
  webhookUri: z
    .string()
    .regex(/^(https?:\/\/|arn:aws[a-z-]*:events:)/)
    .optional(),
});
export type ShopifyApp = z.infer<typeof appSchema>;

/**
 * What one shop has granted. A token without an end has no `expiresAt`. A merchant's own app needs no token to begin with:
 * it asks for one with its own credentials.
 */
const credentialsForm = z.strictObject({
  /** How the token was got, which is how the next one is got. */
  grant: z.enum(["client_credentials", "offline"]),
  /** Empty until the first one has been asked for. */
  accessToken: z.string().default(""),
  expiresAt: z.iso.datetime().optional(),
  /** Replaced at each use. */
  refreshToken: z.string().min(1).optional(),
  refreshTokenExpiresAt: z.iso.datetime().optional(),
  scope: z.string().optional(),
});
export const credentialsSchema = credentialsForm.refine(
  ({ grant, accessToken }) => grant === "client_credentials" || accessToken !== "",
  { path: ["accessToken"], error: "needed where the app is installed: install it again, or give its token" },
);
export type ShopifyCredentials = z.infer<typeof credentialsSchema>;
