import type { HttpAnswer, HttpAsk } from "../kit/http-server.ts";
import type { Platform } from "./platform.ts";
import { grantCode, redeemCode, redeemRefresh, tokenAnswer } from "./tokens.ts";

const page = (title: string, body: string): HttpAnswer => ({
  status: 200,
  headers: { "content-type": "text/html; charset=utf-8" },
  body: `<!doctype html><html lang="zh"><meta charset="utf-8"><title>${title}</title><body><h1>${title}</h1>${body}</body></html>`,
});
const json = (body: object): HttpAnswer => ({ status: 200, body: JSON.stringify(body) });
const oauthError = (error: string, why: string) => json({ error, error_description: why });

const escaped = (text: string) => text.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);

/** The pages and the token address outside the router: where a merchant agrees in the browser. */
export function answerOAuth(platform: Platform, ask: HttpAsk): HttpAnswer {
  if (ask.path === "/authorize")
    return ask.method === "POST" ? decideConsent(platform, ask) : askConsent(platform, ask);
  if (ask.path === "/token" && ask.method === "POST") return giveToken(platform, formOf(ask));
  return { status: 404, body: "" };
}

function askConsent(platform: Platform, { query }: HttpAsk): HttpAnswer {
  const problem = problemOf(platform, query);
  if (problem) return page("授权失败", `<p id="problem">${escaped(problem)}</p>`);
  const hidden = ["client_id", "redirect_uri", "state"]
    .map((name) => `<input type="hidden" name="${name}" value="${escaped(query.get(name) ?? "")}">`)
    .join("");
  const shops = [...platform.shops.values()]
    .map(({ id, nick }) => `<option value="${id}">${escaped(nick)}</option>`)
    .join("");
  return page(
    "淘宝授权 (simulated)",
    `<form method="post" action="/authorize">${hidden}<label>店铺 <select name="shop">${shops}</select></label>
<button name="decision" value="allow">授权并登录</button><button name="decision" value="deny">取消</button></form>`,
  );
}

function decideConsent(platform: Platform, ask: HttpAsk): HttpAnswer {
  const form = formOf(ask);
  const problem = problemOf(platform, form);
  if (problem) return page("授权失败", `<p id="problem">${escaped(problem)}</p>`);
  const target = new URL(form.get("redirect_uri") ?? "");
  if (form.has("state")) target.searchParams.set("state", form.get("state") ?? "");
  const shopId = form.get("shop") ?? "";
  if (form.get("decision") === "allow" && platform.shops.has(shopId)) {
    target.searchParams.set("code", grantCode(platform, shopId));
  } else {
    target.searchParams.set("error", "access_denied");
    target.searchParams.set("error_description", "authorize reject");
  }
  return { status: 302, headers: { location: target.toString() }, body: "" };
}

function problemOf(platform: Platform, given: URLSearchParams): string | undefined {
  if (given.get("client_id") !== platform.settings.appKey) return "client_id 不存在";
  if (given.has("response_type") && given.get("response_type") !== "code") return "response_type 应为 code";
  try {
    new URL(given.get("redirect_uri") ?? "");
    return undefined;
  } catch {
    return "redirect_uri 不合法";
  }
}

function giveToken(platform: Platform, form: URLSearchParams): HttpAnswer {
  const { appKey, appSecret } = platform.settings;
  if (form.get("client_id") !== appKey || form.get("client_secret") !== appSecret)
    return oauthError("invalid_client", "client_id or client_secret is wrong");
  const grant = form.get("grant_type");
  if (grant === "authorization_code") {
    const shop = redeemCode(platform, form.get("code") ?? "");
    return shop ? json(tokenAnswer(platform, shop)) : oauthError("invalid_client", "authorize code expire");
  }
  if (grant !== "refresh_token") return oauthError("unsupported_grant_type", "grant_type is wrong");
  const shop = redeemRefresh(platform, form.get("refresh_token") ?? "");
  return shop ? json(tokenAnswer(platform, shop)) : oauthError("invalid_client", "refresh_token is invalid");
}

const formOf = ({ body }: HttpAsk) => new URLSearchParams(body.toString("utf8"));
