import { type Defences, off, offEach } from "./defence.ts";

const wayBack = "connecting";
const pages = "connecting-pages";
const authorize = "functions/authorize-shop/authorize-shop.ts";
const exchange = "functions/authorize-shop/exchange.ts";
const page = "functions/authorize-shop/page.ts";
const onPage = "shared/lambda/on-page.ts";
const shopify = "connectors/shopify/authorization.ts";
const authorizations = "shared/store/authorizations.ts";

export const connectingDefences: Defences = {
  "a parameter comes once": off(
    wayBack,
    authorize,
    "if (new Set(query.keys()).size !== query.size)",
    "if (query.size < 0)",
  ),
  "a state is one that we gave": off(
    wayBack,
    authorize,
    "!round || !isHashed(ticket.secret, round.stateHash))",
    "!round)",
  ),
  "a state is found under its own tenant": offEach(
    wayBack,
    [
      "shared/store/keys.ts",
      "const tenantPk = (tenantId: TenantId) => `T#",
      "const tenantPk = (tenantId: TenantId) => tenantId && `T#acme` || `",
    ],
    ["shared/case/ids.ts", "/^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/", "/^/"],
  ),
  "a state that names nothing is refused": off(
    wayBack,
    authorize,
    "if (!authorization || !round || !isHashed(ticket.secret, round.stateHash))",
    "if (authorization && !round)",
  ),
  "a state counts once": off(
    wayBack,
    authorizations,
    "#authorization.#round.#stateHash = :stateHash AND attribute_not_exists(#authorization.#round.#spentAt)",
    "#authorization.#round.#stateHash = :stateHash",
  ),
  "a state ends after 15 minutes": off(wayBack, authorizations, "found.expiresAt > instant(now)", "instant(now)"),
  "the way back ends in the browser that set out": offEach(
    wayBack,
    [authorize, 'return fail("browser_other", channel, language);', "void 0;"],
    [
      authorize,
      "codeVerifier: codeVerifierOf(browserSecret).verifier",
      "codeVerifier: codeVerifierOf(String(browserSecret)).verifier",
    ],
  ),
  "the cookie stays with this host, away from scripts": off(wayBack, authorize, "; HttpOnly; Secure; SameSite=Lax", ""),
  "each channel has a way back of its own": off(
    wayBack,
    authorize,
    'if (authorization.channel !== channel) return fail("channel_mixed_up", channel, language);',
    "",
  ),
  "the way back is signed by the channel": off(
    wayBack,
    exchange,
    'if (!verification.ok) return { code: "callback_invalid" };',
    "void verification;",
  ),
  "the way back is of now": off(wayBack, shopify, "return ofNow(query.timestamp, now) ?? { ok", "return ofNow && { ok"),
  "only the shop that was asked for is connected": off(
    wayBack,
    shopify,
    "if (!shopDomain.test(shopId) || shopId !== asked.shop) {",
    'if (shopId === "") {',
  ),
  "a code is short": off(wayBack, exchange, "if (!code || code.length > largestCode)", "if (code === undefined)"),
  "a shop belongs to one tenant": off(
    wayBack,
    "shared/store/shops.ts",
    '"attribute_not_exists(#pk) OR #tenantId = :tenantId"',
    '"attribute_not_exists(#pk) OR attribute_exists(#tenantId)"',
  ),

  "a link is made for a shop of the channel": off(
    pages,
    "functions/operator-api/authorizations.ts",
    "if (fits && (!choices || choices.includes(answer))) return [];",
    "if (fits || answer) return [];",
  ),
  "a link is a secret": off(pages, authorize, " || !isHashed(ticket.secret, authorization.linkHash))", ")"),
  "a link is for one channel": off(
    pages,
    authorize,
    "!authorization || authorization.channel !== channel || !isHashed(ticket.secret, authorization.linkHash)",
    "!authorization",
  ),
  "a link is there once": off(pages, authorize, "all.length === 1 ? all[0] : undefined", "all[0]"),
  "a link ends when a shop is connected": off(
    pages,
    authorize,
    'if (authorization.outcome?.code.startsWith("connected")) return "link_finished" as const;',
    "",
  ),
  "a form is small": off(pages, onPage, 'body.length > largestFormBytes ? "" : body', "largestFormBytes && body"),
  "a request names nowhere to go": offEach(
    pages,
    [authorize, "location: consent.href,", 'location: call.query.get("redirect_uri") ?? consent.href,'],
    [authorize, "return { status: 303, location: `", 'return { status: 303, location: query.get("return_to") ?? `'],
  ),
  "a result is shown to its own browser": off(
    pages,
    authorize,
    'return outcomePage(language, { code: "browser_other" });',
    "void 0;",
  ),
  "the channel's words are not shown": off(
    pages,
    authorize,
    '? "denied" : "code_refused" };',
    '? "denied" : "code_refused", shopId: "x", name: query.get("error_description") ?? "" } as Outcome;',
  ),
  "what is filled in is escaped": off(pages, "functions/authorize-shop/html.ts", ": escaped(value)", ": value"),
  "no page runs, loads or frames anything": offEach(
    pages,
    [page, "`default-src 'none'; style-src", "`style-src"],
    [onPage, '"x-frame-options": "DENY",', ""],
  ),
  "no page is kept or told to the next site": offEach(
    pages,
    [onPage, '"cache-control": "no-store",', ""],
    [onPage, '"referrer-policy": "no-referrer",', ""],
  ),
  "neither code, state nor token is left in an address, a page or a log": off(
    pages,
    authorize,
    "  told(outcome.code, channel);\n  const {",
    "  log.info(String(query));\n  const {",
  ),
  "secrets of links and states are compared in constant time": off(
    pages,
    authorize,
    "timingSafeEqual(given, kept)",
    "given.equals(kept)",
  ),
};
