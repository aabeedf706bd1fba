import type { HttpAnswer, HttpAsk } from "../kit/http-server.ts";
import type { Platform } from "./platform.ts";
import { grantConsent } from "./tokens.ts";

export const consentPath = "/oauth2/to_login";

const escaped = (text: string) => text.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);

const page = (title: string, body: string, status = 200): HttpAnswer => ({
  status,
  headers: { "content-type": "text/html; charset=utf-8" },
  body: `<!doctype html><html lang="zh-CN"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${title}</title><body><main><h1>${title}</h1>${body}</main></body></html>`,
});

/**
 * The page on which a merchant signs in and lets the app in: names and values of the request are the platform's, all of
 * them wanted. How it looks, and what comes back when the merchant declines, is assumed (RFC 6749, §4.1.2.1).
 */
export function answerConsent(platform: Platform, ask: HttpAsk): HttpAnswer {
  const isDecision = ask.method === "POST";
  const given = isDecision ? new URLSearchParams(ask.body.toString("utf8")) : ask.query;
  const problem = problemOf(platform, given);
  if (problem) return page("授权失败", `<p id="problem">${problem}</p>`, 400);
  return isDecision ? decide(platform, given) : askMerchant(platform, given);
}

const wanted = ["app_key", "response_type", "redirect_uri", "state", "scope"] as const;

function askMerchant(platform: Platform, query: URLSearchParams): HttpAnswer {
  const hidden = wanted.map((name) => `<input type="hidden" name="${name}" value="${escaped(query.get(name) ?? "")}">`);
  const shops = [...platform.shops.values()].map(
    ({ id, name }) => `<option value="${escaped(id)}">${escaped(name)}</option>`,
  );
  return page(
    "京东授权 (simulated)",
    `<form method="post" action="${consentPath}">${hidden.join("")}<label>店铺 <select name="shop">${shops.join("")}</select></label>
<button name="decision" value="allow">同意授权</button><button name="decision" value="deny">取消</button></form>`,
  );
}

function decide(platform: Platform, form: URLSearchParams): HttpAnswer {
  const target = new URL(form.get("redirect_uri") ?? "");
  target.searchParams.set("state", form.get("state") ?? "");
  const shopId = form.get("shop") ?? "";
  if (form.get("decision") === "allow" && platform.shops.has(shopId)) {
    target.searchParams.set("code", grantConsent(platform, shopId));
    platform.commit();
  } else target.searchParams.set("error", "access_denied");
  return { status: 302, headers: { location: target.href }, body: "" };
}

function problemOf({ settings }: Platform, given: URLSearchParams): string | undefined {
  const lacking = wanted.find((name) => !given.get(name));
  if (lacking) return `缺少参数 ${lacking}`;
  if (given.get("app_key") !== settings.appKey) return "app_key不存在";
  if (given.get("response_type") !== "code") return "response_type应为code";
  if (given.get("scope") !== "snsapi_base") return "scope不支持";
  return URL.canParse(given.get("redirect_uri") ?? "") ? undefined : "redirect_uri不合法";
}
