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
};

/** Safe to repeat: tokens live side by side. @throws SuiteError `credentials_rejected` when the grant has ended. */
async function refresh({ app, credentials, http, now }: AmazonWorld): Promise<AmazonCredentials> {
  const form = new URLSearchParams({
    grant_type: "refresh_token",
    refresh_token: credentials.refreshToken,
    client_id: app.clientId,
    client_secret: app.clientSecret,
  });
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
  const { access_token: accessToken, refresh_token: refreshToken, expires_in: seconds } = parsed.data;
  return {
    ...credentials,
    accessToken,
    refreshToken: refreshToken ?? credentials.refreshToken,
    expiresAt: instant(new Date(now.getTime() + seconds * 1000)),
  };
}

const yearMs = 365 * 86_400_000;

/** When the seller must have authorised a public app again. Source: docs/renew-authorizations, read 2026-11-25. */
export function grantEndsAt(authorisedAt: Date): string {
  return instant(new Date(authorisedAt.getTime() + yearMs));
}
