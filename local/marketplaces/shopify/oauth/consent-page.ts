import type { HttpAnswer, HttpAsk } from "../../kit/http-server.ts";
import type { Shop } from "../model/types.ts";
import { signQuery } from "../webhooks/sign.ts";
import { app } from "./app.ts";
import type { Tokens } from "./tokens.ts";

/**
 * GET /admin/oauth/authorize shows what the app asks for; the button posts the same and sends the browser back with
 * code, hmac, host, shop, state and timestamp. `approve=1` in the query presses the button at once.
 */
export function answerConsent(ask: HttpAsk, shop: Shop, tokens: Tokens, now: Date): HttpAnswer {
  const clientId = ask.query.get("client_id");
  const redirectUri = ask.query.get("redirect_uri") ?? "";
  const scope = ask.query.get("scope") ?? "";
  if (clientId !== app.clientId) return page(400, "This app is not known.");
  if (!URL.canParse(redirectUri)) return page(400, "The address to return to is missing or no address.");
  if (ask.method !== "POST" && ask.query.get("approve") !== "1") {
    const scopes = scope.split(",").map((one) => `<li>${escapeHtml(one)}</li>`);
    return page(
      200,
      `<p>An app asks for access to ${shop.domain}:</p><ul>${scopes.join("")}</ul>
      <form method="post"><button>Install app</button></form>`,
    );
  }
  shop.isInstalled = true;
  shop.scopes = [...new Set([...shop.scopes, ...scope.split(",").filter((one) => one !== "")])];
  const parameters: Record<string, string> = {
    code: tokens.makeCode(shop.domain, now.getTime()),
    host: Buffer.from(`${shop.domain}/admin`).toString("base64url"),
    shop: shop.domain,
    timestamp: String(Math.floor(now.getTime() / 1000)),
  };
  const state = ask.query.get("state");
  if (state !== null) parameters.state = state;
  const target = new URL(redirectUri);
  for (const [name, value] of Object.entries(parameters)) target.searchParams.set(name, value);
  target.searchParams.set("hmac", signQuery(app.clientSecret, parameters));
  return { status: 302, headers: { location: target.href }, body: "" };
}

function page(status: number, content: string): HttpAnswer {
  return { status, headers: { "content-type": "text/html; charset=utf-8" }, body: `<!doctype html>${content}` };
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);
}
