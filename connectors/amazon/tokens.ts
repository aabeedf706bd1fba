import type * as z from "zod";
import { instant } from "#shared/case/instant.ts";
import { SuiteError } from "#shared/errors.ts";
import type { Tokens } from "../contract.ts";
import { type AmazonWorld, asRead, userAgent } from "./client.ts";
import { explain, objectOf } from "./explain.ts";
import { tokenSchema } from "./schema.ts";
import type { AmazonApp, AmazonCredentials } from "./settings.ts";

/**
 * Access tokens live an hour; the refresh token lives as long as the grant, and may be replaced.
 * Source: developer-docs.amazon.com/sp-api, "Connecting", read 2026-11-25.
 */
export const tokens: Tokens<AmazonApp, AmazonCredentials> = {
  // Without a token the first one is due at once.
  expiresAt: ({ accessToken, expiresAt }) => new Date(accessToken && expiresAt ? expiresAt : 0),
  refreshBeforeMs: 2 * 60_000,
  refresh,
  authorizationEndsAt: ({ grantEndsAt: end }) => (end === undefined ? undefined : new Date(end)),
};

/** Safe to repeat: tokens live side by side. @throws SuiteError `credentials_rejected` when the grant has ended. */
async function refresh({ app, credentials, http, now }: AmazonWorld): Promise<AmazonCredentials> {
  const { refreshToken: held } = credentials;
  const granted = await askForTokens({ app, http }, { grant_type: "refresh_token", refresh_token: held });
  const { access_token: accessToken, refresh_token: refreshToken, expires_in: seconds } = granted;
  return {
    ...credentials,
    accessToken,
    refreshToken: refreshToken ?? held,
    expiresAt: instant(new Date(now.getTime() + seconds * 1000)),
  };
}

const yearMs = 365 * 86_400_000;

/** When the seller must have authorised a public app again. Source: docs/renew-authorizations, read 2026-11-25. */
export function grantEndsAt(authorisedAt: Date): string {
  return instant(new Date(authorisedAt.getTime() + yearMs));
}

/** A token of the app itself, for calls that name no seller. @throws SuiteError as a read does, or `misconfigured`. */
export async function tokenOfApp(world: Pick<AmazonWorld, "app" | "http">, scope: string): Promise<string> {
  const { access_token: token } = await askForTokens(world, { grant_type: "client_credentials", scope });
  return token;
}

/**
 * Asks Login with Amazon. Two secrets of the app are good for seven days while one is replaced, so the newer may be stored
 * as soon as there is one. @throws SuiteError `credentials_rejected` for a dead grant, `misconfigured` for a wrong secret.
 */
export async function askForTokens(
  { app, http }: Pick<AmazonWorld, "app" | "http">,
  grant: Readonly<Record<string, string>>,
): Promise<z.infer<typeof tokenSchema>> {
  const form = new URLSearchParams({ ...grant, client_id: app.clientId, client_secret: app.clientSecret });
  const response = await asRead(
    http({
      method: "POST",
      url: app.tokenUrl,
      headers: { "content-type": "application/x-www-form-urlencoded;charset=UTF-8", "user-agent": userAgent },
      body: form.toString(),
    }),
  );
  const error = explain(response);
  if (error) throw error;
  const parsed = tokenSchema.safeParse(objectOf(response.body));
  if (!parsed.success) throw new SuiteError("payload_invalid", "the token's answer has another form");
  return parsed.data;
}
