import { timingSafeEqual } from "node:crypto";
import type { Asked, Authorization, Connector } from "#connectors/contract.ts";
import { openAppSession } from "#connectors/session/app-session.ts";
import type { ConnectDeps } from "#connectors/session/connect.ts";
import { codeVerifierOf, hashOf, newTicket, readTicket, type Ticket, writeTicket } from "#shared/authorization-link.ts";
import { type Channel, channelSchema } from "#shared/case/channel.ts";
import { instant } from "#shared/case/instant.ts";
import type { AuthorizationOutcome, ShopAuthorization } from "#shared/case/shop-authorization.ts";
import type { ErrorCode } from "#shared/errors.ts";
import { isSuiteError } from "#shared/errors.ts";
import type { PageAnswer, PageCall } from "#shared/lambda/on-page.ts";
import { faultFields, log } from "#shared/log.ts";
import { count } from "#shared/metrics.ts";
import { newSecret } from "#shared/new-secret.ts";
import type { Authorizations } from "#shared/store/index.ts";
import { exchangeAndConnect } from "./exchange.ts";
import { outcomePage, startPage } from "./page.ts";
import { type Language, languageOf } from "./texts.ts";

export interface Deps extends ConnectDeps {
  authorizations: Authorizations;
  /** Where the pages begin for the browser, without a slash at the end. */
  connectUrl: string;
}

/** The cookie of one authorization. `__Host-` binds it to our host alone, over TLS. */
const cookieOf = (authorizationId: string) => `__Host-casebridge-${authorizationId}`;
const cookieSeconds = 15 * 60;

/**
 * Takes a merchant through OAuth's authorization code flow in the browser. A link from an operator opens a page that says
 * for whom the shop will be connected; going on sets a cookie and sends the browser to the channel with a fresh state;
 * the callback spends the state, exchanges the code, connects the shop and sends the browser on to a page without any of
 * it in its address. Each channel has a redirect URI of its own, so that no channel's answer is taken for another's.
 * Source: RFC 6749 §4.1, RFC 7636, RFC 9207, RFC 9700 §2.1 and §4, read 2026-11-25.
 */
export async function authorizeShop(call: PageCall, deps: Deps): Promise<PageAnswer> {
  const language = languageOf(call.acceptLanguage);
  const channel = channelSchema.safeParse(call.params.channel);
  if (!channel.success) return outcomePage(language, { code: "link_invalid" });
  const visit = { call, channel: channel.data, language };
  const step = call.routeKey.split("/")[3];
  if (step === "callback") return comeBack(visit, deps);
  if (step === "result") return showResult(visit, deps);
  return call.method === "POST" ? setOut(visit, deps) : showStart(visit, deps);
}

interface Visit {
  call: PageCall;
  channel: Channel;
  language: Language;
}

export const redirectUriOf = (connectUrl: string, channel: Channel) => `${connectUrl}/${channel}/callback`;

// ── Out ─────────────────────────────────────────────────────────────────────────────────────────────────────────────

/** Changes nothing: links are opened by previews in chats, too. */
async function showStart({ call, channel, language }: Visit, deps: Deps): Promise<PageAnswer> {
  const text = only(call.query, "link");
  const opened = await openLink(text, channel, deps);
  if (typeof opened === "string") return fail(opened, channel, language);
  const consent = await consentUrlOf(opened.authorization, { state: "-", codeChallenge: "-" }, deps);
  if (typeof consent === "string") return fail(consent, channel, language);
  return startPage(language, opened.authorization, { link: text ?? "", consentOrigin: consent.origin });
}

async function setOut({ call, channel, language }: Visit, deps: Deps): Promise<PageAnswer> {
  const opened = await openLink(only(call.form, "link"), channel, deps);
  if (typeof opened === "string") return fail(opened, channel, language);
  const { authorization } = opened;
  const browserSecret = newSecret();
  const state = newTicket(authorization);
  const { challenge } = codeVerifierOf(browserSecret);
  const consent = await consentUrlOf(authorization, { state: writeTicket(state), codeChallenge: challenge }, deps);
  if (typeof consent === "string") return fail(consent, channel, language);
  const round = { stateHash: hashOf(state.secret), browserHash: hashOf(browserSecret) };
  if (!(await deps.authorizations.setOut(authorization, round))) return fail("link_finished", channel, language);
  const cookie = `${cookieOf(authorization.authorizationId)}=${browserSecret}`;
  return {
    status: 303,
    location: consent.href,
    cookies: [`${cookie}; Path=/; Max-Age=${cookieSeconds}; HttpOnly; Secure; SameSite=Lax`],
  };
}

async function openLink(text: string | undefined, channel: Channel, deps: Deps) {
  const ticket = readTicket(text);
  const authorization = ticket && (await find(ticket, deps));
  if (!authorization || authorization.channel !== channel || !isHashed(ticket.secret, authorization.linkHash))
    return "link_invalid" as const;
  if (authorization.outcome?.code.startsWith("connected")) return "link_finished" as const;
  return { authorization };
}

async function consentUrlOf(
  { channel, asked }: ShopAuthorization,
  { state, codeChallenge }: { state: string; codeChallenge: string },
  deps: Deps,
): Promise<URL | "misconfigured"> {
  try {
    const session = await openAppSession(channel, deps);
    const authorization = authorizationOf(session.connector);
    if (!authorization) return "misconfigured";
    const redirectUri = redirectUriOf(deps.connectUrl, channel);
    const request = { state, redirectUri, asked: asked as Asked, ...(authorization.pkce && { codeChallenge }) };
    return await session.call(async ({ app }) => authorization.consentUrl(request, app));
  } catch (fault) {
    if (!isSuiteError(fault, "misconfigured")) throw fault;
    log.error("the consent page cannot be opened", { channel, ...faultFields(fault) });
    return "misconfigured";
  }
}

const authorizationOf = ({ authorization }: Connector): Authorization<unknown, unknown> | undefined => authorization;

// ── Back ────────────────────────────────────────────────────────────────────────────────────────────────────────────

async function comeBack({ call, channel, language }: Visit, deps: Deps): Promise<PageAnswer> {
  const { query } = call;
  if (new Set(query.keys()).size !== query.size) return fail("callback_invalid", channel, language);
  const ticket = readTicket(query.get("state"));
  const authorization = ticket && (await find(ticket, deps));
  const { round } = authorization ?? {};
  if (!authorization || !round || !isHashed(ticket.secret, round.stateHash))
    return fail("state_unknown", channel, language);
  // A mix-up is answered before the state is spent, and spends nothing: the right channel may still answer.
  if (authorization.channel !== channel) return fail("channel_mixed_up", channel, language);
  const browserSecret = cookieIn(call.cookies, authorization.authorizationId);
  if (!browserSecret || !isHashed(browserSecret, round.browserHash)) return fail("browser_other", channel, language);
  if (!(await deps.authorizations.spend(authorization, round.stateHash, instant(deps.clock.now()))))
    return fail("state_spent", channel, language);

  const outcome = await outcomeOf(query, authorization, browserSecret, deps);
  await deps.authorizations.end(authorization, round.stateHash, outcome);
  told(outcome.code, channel);
  const { tenantId, personId, authorizationId } = authorization;
  log.info("authorization came back", { tenantId, channel, personId, shopId: outcome.shopId, reason: outcome.code });
  return { status: 303, location: `${deps.connectUrl}/${channel}/result?of=${tenantId}.${authorizationId}` };
}

type Outcome = NonNullable<ShopAuthorization["outcome"]>;

/** Faults that a person can do something about, as what they are told. The rest is ours and goes on. */
const outcomeByFault: Readonly<Partial<Record<ErrorCode, AuthorizationOutcome>>> = {
  credentials_rejected: "code_refused",
  payload_invalid: "channel_away",
  channel_unavailable: "channel_away",
  answer_unclear: "channel_away",
  rate_limited: "channel_away",
  channel_refused: "code_refused",
  misconfigured: "misconfigured",
  shop_taken: "shop_taken",
};

async function outcomeOf(
  query: URLSearchParams,
  authorization: ShopAuthorization,
  browserSecret: string,
  deps: Deps,
): Promise<Outcome> {
  // The channel's own words are for nobody's eyes: anybody can write them into an address.
  if (query.has("error")) return { code: query.get("error") === "access_denied" ? "denied" : "code_refused" };
  try {
    const callback = {
      query: Object.fromEntries(query),
      asked: authorization.asked,
      redirectUri: redirectUriOf(deps.connectUrl, authorization.channel),
      codeVerifier: codeVerifierOf(browserSecret).verifier,
    };
    return await exchangeAndConnect(callback, authorization, deps);
  } catch (fault) {
    const code = isSuiteError(fault) ? outcomeByFault[fault.code] : undefined;
    if (!code) throw fault;
    log.warn("a shop was not connected", { channel: authorization.channel, ...faultFields(fault) });
    return { code };
  }
}

/** What came of it, for the browser that went through it. Safe to load again. */
async function showResult({ call, channel, language }: Visit, deps: Deps): Promise<PageAnswer> {
  const ticket = readTicket(`${only(call.query, "of")}.${"-".repeat(43)}`);
  const authorization = ticket && (await find(ticket, deps));
  const { round, outcome } = authorization ?? {};
  if (!authorization || !round || !outcome || authorization.channel !== channel)
    return outcomePage(language, { code: "link_invalid" });
  const browserSecret = cookieIn(call.cookies, authorization.authorizationId);
  if (!browserSecret || !isHashed(browserSecret, round.browserHash))
    return outcomePage(language, { code: "browser_other" });
  return outcomePage(language, { ...outcome, channel, tenantId: authorization.tenantId });
}

// ── Shared ──────────────────────────────────────────────────────────────────────────────────────────────────────────

const find = ({ tenantId, authorizationId }: Ticket, { authorizations, clock }: Deps) =>
  authorizations.get(tenantId, authorizationId, clock.now());

/** A parameter that is there once. */
function only(params: URLSearchParams, name: string): string | undefined {
  const all = params.getAll(name);
  return all.length === 1 ? all[0] : undefined;
}

function cookieIn(cookies: readonly string[], authorizationId: string): string | undefined {
  const begin = `${cookieOf(authorizationId)}=`;
  return cookies.find((each) => each.startsWith(begin))?.slice(begin.length);
}

function isHashed(secret: string, hash: string): boolean {
  const [given, kept] = [Buffer.from(hashOf(secret)), Buffer.from(hash)];
  return given.length === kept.length && timingSafeEqual(given, kept);
}

function fail(code: AuthorizationOutcome, channel: Channel, language: Language): PageAnswer {
  told(code, channel);
  log.warn("authorization refused", { channel, reason: code });
  return outcomePage(language, { code, channel });
}

function told(code: AuthorizationOutcome, channel: Channel): void {
  if (code.startsWith("connected")) count("ShopAuthorized", 1, { channel });
  else count("AuthorizationFailed", 1, { channel, kind: code });
}
