import { createHash } from "node:crypto";
import type { AuthorizationOutcome, ShopAuthorization } from "#shared/case/shop-authorization.ts";
import type { PageAnswer } from "#shared/lambda/on-page.ts";
import { Html, html } from "./html.ts";
import { type Language, texts } from "./texts.ts";

const style = `:root{color-scheme:light dark;--ink:#1d2433;--soft:#566074;--paper:#fff;--back:#f2f4f8;--line:#d9deea;--good:#0b6b3a;--bad:#a3262a;--go:#1f4fd8}
@media(prefers-color-scheme:dark){:root{--ink:#e9edf5;--soft:#a9b3c7;--paper:#1b2130;--back:#11151f;--line:#323b50;--good:#63d297;--bad:#ff8f8f;--go:#9db8ff}}
*{box-sizing:border-box}body{margin:0;min-height:100vh;display:grid;place-items:center;padding:1.5rem;background:var(--back);color:var(--ink);font:1.0625rem/1.6 system-ui,"PingFang SC","Noto Sans CJK SC","Microsoft YaHei",sans-serif}
main{width:100%;max-width:34rem;background:var(--paper);border:1px solid var(--line);border-radius:14px;padding:2rem}
h1{margin:0 0 .75rem;font-size:1.5rem;line-height:1.3}h1.good{color:var(--good)}h1.bad{color:var(--bad)}h2{margin:1.5rem 0 .25rem;font-size:1rem}p{margin:.5rem 0}
dl{display:grid;grid-template-columns:max-content 1fr;gap:.35rem 1.25rem;margin:1.25rem 0;padding:1rem 0;border:solid var(--line);border-width:1px 0}dt{color:var(--soft)}dd{margin:0;overflow-wrap:anywhere}
.go{display:inline-block;margin-top:1.25rem;padding:.7rem 1.4rem;border:0;border-radius:8px;background:var(--go);color:var(--paper);font:inherit;font-weight:600;cursor:pointer;text-decoration:none}
.go:focus-visible{outline:3px solid var(--ink);outline-offset:3px}
@media(max-width:30rem){main{padding:1.5rem}dl{display:block}dd+dt{margin-top:.6rem}.go{width:100%}}`;
const styleHash = createHash("sha256").update(style).digest("base64");

/** Nothing but our own style is loaded, and a form goes nowhere else than here and on to the channel. */
const policy = (formAction: string) =>
  `default-src 'none'; style-src 'sha256-${styleHash}'; form-action ${formAction}; base-uri 'none'; frame-ancestors 'none'`;

const channelNames: Readonly<Record<string, Record<Language, string>>> = {
  taobao: { en: "Taobao, Tmall", zh: "淘宝、天猫" },
  jd: { en: "JD", zh: "京东" },
  douyin: { en: "Douyin", zh: "抖店" },
  amazon: { en: "Amazon", zh: "亚马逊" },
  shopify: { en: "Shopify", zh: "Shopify" },
};
const nameOf = (channel: string, language: Language) => channelNames[channel]?.[language] ?? channel;

const row = (name: string, value: string | undefined) => (value ? html`<dt>${name}</dt><dd>${value}</dd>` : html``);
const joined = (...pieces: Html[]) => new Html(pieces.map(({ text }) => text).join(""));

function page(language: Language, title: string, body: Html, status: number, formAction = "'none'"): PageAnswer {
  const whole = html`<!doctype html>
<html lang="${language === "zh" ? "zh-CN" : "en"}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><meta name="robots" content="noindex"><title>${title} · Casebridge</title><style>${new Html(style)}</style></head><body><main>${body}</main></body></html>
`;
  return {
    status,
    html: whole.text,
    headers: { "content-security-policy": policy(formAction), "content-language": language, vary: "accept-language" },
  };
}

type Shown = Pick<ShopAuthorization, "channel" | "tenantId" | "personId" | "shopId" | "asked">;

/** What is about to happen, for whom, and who asked: the merchant's own check against a link from a stranger. */
export function startPage(
  language: Language,
  { channel, tenantId, personId, shopId, asked }: Shown,
  { link, consentOrigin }: { link: string; consentOrigin: string },
): PageAnswer {
  const { start, ...words } = texts[language];
  const facts = joined(
    row(words.channel, nameOf(channel, language)),
    row(words.tenant, tenantId),
    row(words.askedBy, personId),
    row(words.shop, shopId ?? Object.values(asked).join(", ")),
  );
  const body = html`<h1>${start.title}</h1><p>${start.says}</p><dl>${facts}</dl><p>${start.warning}</p>
<form method="post"><input type="hidden" name="link" value="${link}"><button class="go">${start.go}</button></form>`;
  // Browsers hold a form to this policy on every redirect that follows.
  return page(language, start.title, body, 200, `'self' ${consentOrigin}`);
}

export const statusOf: Readonly<Record<AuthorizationOutcome, number>> = {
  connected: 200,
  connected_without_addresses: 200,
  denied: 200,
  link_invalid: 404,
  link_finished: 409,
  state_unknown: 400,
  state_spent: 400,
  browser_other: 403,
  channel_mixed_up: 400,
  callback_invalid: 400,
  shop_taken: 409,
  shop_other: 409,
  code_refused: 400,
  channel_away: 503,
  misconfigured: 500,
};

/** How it ended, and what to do next. */
export function outcomePage(
  language: Language,
  outcome: { code: AuthorizationOutcome; channel?: string; tenantId?: string; shopId?: string; name?: string },
): PageAnswer {
  const { outcomes, ...words } = texts[language];
  const { title, says, next } = outcomes[outcome.code];
  const isGood = outcome.code.startsWith("connected");
  const shop = outcome.name && outcome.shopId ? `${outcome.name} (${outcome.shopId})` : outcome.shopId;
  const facts = joined(
    row(words.channel, outcome.channel && nameOf(outcome.channel, language)),
    row(words.shop, shop),
    row(words.tenant, outcome.tenantId),
  );
  const body = html`<h1 class="${isGood ? "good" : "bad"}">${title}</h1><p role="status">${says}</p>${facts.text ? html`<dl>${facts}</dl>` : html``}<h2>${words.next}</h2><p>${next}</p>`;
  return page(language, title, body, statusOf[outcome.code]);
}
