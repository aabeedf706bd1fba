import type { HttpAnswer, HttpAsk } from "../kit/http-server.ts";
import type { Platform } from "./platform.ts";
import { grantConsent } from "./tokens.ts";

const escaped = (text: string) => text.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);

const page = (title: string, body: string): HttpAnswer => ({
  status: 200,
  headers: { "content-type": "text/html; charset=utf-8" },
  body: `<!doctype html><html lang="zh"><meta charset="utf-8"><title>${title}</title><body><h1>${title}</h1>${body}</body></html>`,
});

/**
 * The service market's page, where a merchant lets the app into a shop. Posted `shop` and `decision` (`allow`), it leads to
 * the redirect URI of the app's registration; nothing in the request changes where that is.
 */
export function answerConsent(platform: Platform, { method, query, body }: HttpAsk): HttpAnswer {
  const form = new URLSearchParams(body.toString("utf8"));
  const given = (name: string) => (method === "POST" ? form.get(name) : undefined) ?? query.get(name) ?? "";
  if (given("service_id") !== platform.settings.serviceId) return page("授权失败", "<p>service_id 不存在</p>");
  if (method !== "POST") return ask(platform, given("state"));
  const shopId = given("shop");
  if (given("decision") !== "allow" || !platform.shops.has(shopId)) return page("未授权", "<p>您没有授权该应用。</p>");
  const target = new URL(platform.settings.redirectUri);
  target.searchParams.set("code", grantConsent(platform, shopId));
  target.searchParams.set("state", given("state"));
  platform.commit();
  return { status: 302, headers: { location: target.toString() }, body: "" };
}

function ask(platform: Platform, state: string): HttpAnswer {
  const shops = [...platform.shops.values()]
    .map(({ id, name }) => `<option value="${id}">${escaped(name)}</option>`)
    .join("");
  const hidden = Object.entries({ service_id: platform.settings.serviceId, state })
    .map(([name, value]) => `<input type="hidden" name="${name}" value="${escaped(value)}">`)
    .join("");
  return page(
    "抖店授权 (simulated)",
    `<form method="post" action="/authorize">${hidden}<label>店铺 <select name="shop">${shops}</select></label>
<button name="decision" value="allow">授权</button><button name="decision" value="deny">取消</button></form>`,
  );
}
