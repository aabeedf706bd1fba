import type { HttpAnswer, HttpAsk } from "../kit/http-server.ts";
import type { Platform } from "./platform.ts";
import { issueCode } from "./tokens.ts";

export const consentPath = "/apps/authorize/consent";

/**
 * The page in Seller Central on which a seller lets the app in: a list of the sellers there are, each a form that consents
 * and leads back to the app's registered address. The errors are those of the real page.
 */
export function answerConsent(platform: Platform, { method, query, body }: HttpAsk): HttpAnswer {
  const { applicationId, redirectUri, isDraft } = platform.settings;
  if (query.get("application_id") !== applicationId || !query.get("state")) return page(400, "MD5110");
  if (isDraft && query.get("version") !== "beta") return page(400, "MD1000");
  if (redirectUri === "") return page(400, "MD5101");
  if (method === "POST") {
    const shop = platform.shops.get(new URLSearchParams(body.toString("utf8")).get("seller") ?? "");
    if (!shop) return page(400, "MD5110");
    const back = new URL(redirectUri);
    back.searchParams.set("state", query.get("state") ?? "");
    back.searchParams.set("selling_partner_id", shop.id);
    back.searchParams.set("spapi_oauth_code", issueCode(platform, shop));
    return { status: 302, headers: { location: back.toString() }, body: "" };
  }
  const forms = [...platform.shops.values()].map(
    ({ id, name }) =>
      `<form method="post"><button name="seller" value="${id}">Confirm for ${escaped(name)} (${id})</button></form>`,
  );
  return page(200, forms.join("\n"));
}

function page(status: number, content: string): HttpAnswer {
  const body = `<!doctype html><html lang="en"><title>Authorize</title><body>${content}</body></html>`;
  return { status, headers: { "content-type": "text/html; charset=utf-8" }, body };
}

function escaped(text: string): string {
  return text.replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`);
}
