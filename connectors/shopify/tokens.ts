import * as z from "zod";
import { isSuiteError, SuiteError } from "#shared/errors.ts";
import type { HttpResponse, Tokens } from "../contract.ts";
import { type ShopifyWorld, shopUrl } from "./client.ts";
import { explain } from "./explain.ts";
import type { ShopifyApp, ShopifyCredentials } from "./settings.ts";

const grantedSchema = z.object({
  access_token: z.string().min(1),
  scope: z.string().optional(),
  /** Seconds; absent for a token that does not end. */
  expires_in: z.int().positive().optional(),
  refresh_token: z.string().min(1).optional(),
  refresh_token_expires_in: z.int().positive().optional(),
});

const problemSchema = z.object({ error: z.string().max(60) });

/**
 * New access tokens: asked for with the app's own credentials where the app belongs to the merchant, with the shop's
 * refresh token otherwise. A refresh token is replaced at each use; the old one stays good until the new one is first
 * used, so a lost answer does not lose the shop.
 * Source: shopify.dev, "Offline access tokens" and "Client credentials grant", read 2026-11-22.
 */
export const tokens: Tokens<ShopifyApp, ShopifyCredentials> = {
  expiresAt: ({ accessToken, expiresAt }) => {
    if (accessToken === "") return new Date(0); // there is none yet
    return expiresAt === undefined ? undefined : new Date(expiresAt);
  },
  refreshBeforeMs: 5 * 60_000,
  refresh: async ({ app, shopId, credentials, http, now }) => {
    const { clientId: client_id, clientSecret: client_secret } = app;
    const { grant, refreshToken: refresh_token } = credentials;
    if (grant === "offline" && refresh_token === undefined) {
      throw new SuiteError("credentials_rejected", "this grant cannot be renewed without the merchant");
    }
    const form =
      grant === "client_credentials"
        ? { grant_type: "client_credentials", client_id, client_secret }
        : { grant_type: "refresh_token", refresh_token, client_id, client_secret };
    try {
      return await requestToken(form, grant, { app, shopId, http, now }, credentials);
    } catch (error) {
      if (!isSuiteError(error, "answer_unclear")) throw error;
      // Asking again is safe: see above.
      throw new SuiteError("channel_unavailable", "no answer to the request for a token", { details: error.details });
    }
  },
};

/**
 * Credentials for a form of any grant; what the answer leaves out stays as it was.
 * @throws SuiteError `answer_unclear`, `credentials_rejected`, `misconfigured`, and what `explain` makes of the answer.
 */
export async function requestToken(
  form: object,
  grant: ShopifyCredentials["grant"],
  { app, shopId, http, now }: Pick<ShopifyWorld, "app" | "http" | "now"> & { shopId: string },
  before?: ShopifyCredentials,
): Promise<ShopifyCredentials> {
  const response = await http({
    method: "POST",
    url: `${shopUrl(app, shopId)}/admin/oauth/access_token`,
    headers: { "content-type": "application/json", accept: "application/json" },
    body: JSON.stringify(form),
  });
  return credentialsOf(read(response), grant, now, before);
}

function credentialsOf(
  granted: z.infer<typeof grantedSchema>,
  grant: ShopifyCredentials["grant"],
  now: Date,
  before?: ShopifyCredentials,
): ShopifyCredentials {
  const after = (seconds: number | undefined) =>
    seconds === undefined ? undefined : new Date(now.getTime() + seconds * 1000).toISOString();
  const rotates = granted.refresh_token !== undefined;
  return {
    grant,
    accessToken: granted.access_token,
    expiresAt: after(granted.expires_in),
    refreshToken: granted.refresh_token ?? before?.refreshToken,
    refreshTokenExpiresAt: rotates ? after(granted.refresh_token_expires_in) : before?.refreshTokenExpiresAt,
    scope: granted.scope ?? before?.scope,
  };
}

function read(response: HttpResponse): z.infer<typeof grantedSchema> {
  const { status } = response;
  const value = jsonOf(response.body);
  if (status === 200) {
    const granted = grantedSchema.safeParse(value);
    if (granted.success) return granted.data;
    throw new SuiteError("channel_unavailable", "the token answer has a form we do not know");
  }
  if (status === 400 || status === 401) {
    const channelCode = problemSchema.safeParse(value).data?.error ?? `http_${status}`;
    const details = { channelCode, httpStatus: status };
    if (channelCode === "invalid_client")
      throw new SuiteError("misconfigured", "Shopify does not accept clientId and clientSecret", { details });
    throw new SuiteError("credentials_rejected", "the merchant has to connect the shop again", { details });
  }
  throw explain(response) ?? new SuiteError("channel_unavailable", "no token", { details: { httpStatus: status } });
}

function jsonOf(body: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(body));
  } catch {
    return undefined;
  }
}
