import { SuiteError } from "#shared/errors.ts";
import { parseLossless } from "#shared/json.ts";
import type { AppWorld, Authorization, Callback, Grant } from "../contract.ts";
import { asRead } from "./client.ts";
import { tokenSchema } from "./schema.ts";
import { shopKindSchema, shopKinds, type TaobaoApp, type TaobaoCredentials } from "./settings.ts";
import { credentialsOf, decoded } from "./tokens.ts";

/**
 * The merchant consents on the platform's page, best with a sub-account that may handle refunds: only such a one may agree
 * to them. The answer does not say which of the two kinds a shop is, so the merchant does.
 * Source: doc 102635, http://open.alitrip.com/docs/doc.htm.htm?treeId=49&articleId=102635&docType=1, read 2026-11-25.
 */
export const authorization: Authorization<TaobaoApp, TaobaoCredentials> = {
  asks: [
    {
      name: "shop_kind",
      label: { en: "Tmall or Taobao shop", zh: "天猫店或淘宝店" },
      example: "tmall",
      pattern: /^(?:tmall|taobao)$/,
      choices: shopKinds,
    },
  ],
  consentUrl({ state, redirectUri }, { appKey, oauth }) {
    const url = new URL(`${oauth}/authorize`);
    const query = { response_type: "code", client_id: appKey, redirect_uri: redirectUri, state, view: "web" };
    for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
    return url;
  },
  exchange,
  keep: (granted, { aliGenius }) => ({ ...granted, ...(aliGenius && { aliGenius }) }),
};

async function exchange(
  { code, redirectUri, asked }: Callback,
  { app, http, now }: AppWorld<TaobaoApp>,
): Promise<Grant<TaobaoCredentials>> {
  const form = new URLSearchParams({
    ...{ grant_type: "authorization_code", code, client_id: app.appKey, client_secret: app.appSecret },
    ...{ redirect_uri: redirectUri, view: "web" },
  });
  const response = await asRead(
    http({
      method: "POST",
      url: `${app.oauth}/token`,
      headers: { "content-type": "application/x-www-form-urlencoded;charset=utf-8" },
      body: form.toString(),
    }),
  );
  if (response.status >= 500) throw new SuiteError("channel_unavailable", "the token address did not answer");
  const answer = parseLossless(new TextDecoder().decode(response.body));
  if (typeof answer === "object" && answer !== null && !Array.isArray(answer) && typeof answer.error === "string")
    throw new SuiteError("credentials_rejected", "the platform gives no token for this code", {
      details: { channelCode: answer.error.slice(0, 60), httpStatus: response.status },
    });
  const token = tokenSchema.safeParse(answer);
  if (!token.success || !token.data.taobao_user_id)
    throw new SuiteError("payload_invalid", "the token's answer has another form");
  const { taobao_user_id: shopId, taobao_user_nick: nick } = token.data;
  const shopKind = shopKindSchema.parse(asked.shop_kind);
  return { shopId, name: nick ? decoded(nick) : shopId, credentials: credentialsOf(token.data, { shopKind }, now) };
}
