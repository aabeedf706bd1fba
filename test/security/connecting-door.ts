import { createHmac } from "node:crypto";
import type { APIGatewayProxyEventV2, Context } from "aws-lambda";
import type { HttpRequest, HttpResponse } from "#connectors/contract.ts";
import { connectorOf } from "#connectors/registry.ts";
import { answer, app } from "#connectors/shopify/fixtures/world.ts";
import { hashOf, newAuthorizationId, newTicket, writeTicket } from "#shared/authorization-link.ts";
import type { Channel } from "#shared/case/channel.ts";
import { shopIdSchema, type TenantId, tenantIdSchema } from "#shared/case/ids.ts";
import { onPage } from "#shared/lambda/on-page.ts";
import { createStore } from "#shared/store/index.ts";
import { authorizeShop, type Deps } from "../../functions/authorize-shop/authorize-shop.ts";
import { outcomePage } from "../../functions/authorize-shop/page.ts";
import { glassVault, listen } from "../builders/fakes.ts";
import type { TestTable } from "../engine.ts";

/** Each opening has shops of its own, so that the tests of a file can share a table. */
let openings = 0;
export const code = "canary-code-0907a61c0c8d55e99d";
const startsAt = Date.parse("2026-11-25T08:00:00.000Z");

/** Shopify's answers: tokens for a code, and nothing to list. What it is asked is kept. */
function shopify() {
  const asked: HttpRequest[] = [];
  const tokens = {
    ...{ access_token: "shpat_canary_token", scope: "write_returns,write_orders", expires_in: 3600 },
    ...{ refresh_token: "shprt_canary_token", refresh_token_expires_in: 7_776_000 },
  };
  const http = async (request: HttpRequest): Promise<HttpResponse> => {
    asked.push(request);
    return request.url.endsWith("/access_token") ? answer(tokens) : answer({ errors: [{ message: "no" }] });
  };
  return { http, asked };
}

/** Signs the parameters of a way back as Shopify does. */
export function signedByShopify(query: Record<string, string>, secret = app.clientSecret): URLSearchParams {
  const message = Object.entries(query)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map((pair) => pair.map(encodeURIComponent).join("="))
    .join("&");
  return new URLSearchParams({ ...query, hmac: createHmac("sha256", secret).update(message).digest("hex") });
}

interface Ask {
  method?: "GET" | "POST";
  query?: URLSearchParams | string;
  form?: string;
  cookies?: readonly string[];
}

/** The pages as the gateway calls them, with a table, a clock and a Shopify of their own. */
export function openPages(table: TestTable) {
  const store = createStore(table);
  openings += 1;
  const [ownShop, evilShop] = ["acme", "evil"].map((name) => `${name}-${openings}.myshopify.com`) as [string, string];
  const { http, asked } = shopify();
  const clock = { at: startsAt, now: () => new Date(clock.at) };
  const deps: Deps = {
    ...{ shops: store.shops, feeds: store.feeds, authorizations: store.authorizations, vault: glassVault },
    ...{ connectorOf, http, clock },
    channelSettings: async () => [app],
    resume: async () => {},
    connectUrl: "https://suite.example/connect",
  };
  const failed = outcomePage("en", { code: "misconfigured" });
  const handler = onPage((call) => authorizeShop(call, deps), { failed });

  async function open(path: string, { method = "GET", query = "", form, cookies = [] }: Ask = {}) {
    const [channel, step] = path.split("/");
    const event = {
      routeKey: `${method} /connect/{channel}${step ? `/${step}` : ""}`,
      ...{ rawQueryString: String(query), pathParameters: { channel }, headers: {}, cookies, body: form },
      requestContext: { http: { method } },
    } as unknown as APIGatewayProxyEventV2;
    const heard = listen();
    try {
      const { statusCode = 0, headers = {}, body = "", cookies: set = [] } = await handler(event, {} as Context);
      const said = heard.said();
      const why = said.map(({ reason }) => reason).findLast((each) => each !== undefined);
      return { status: statusCode, headers, body, set, said, why, location: String(headers.location ?? "") };
    } finally {
      heard.end();
    }
  }

  /** What an admin of the tenant makes: the text of a link. */
  async function link(tenant = "acme", { shop = ownShop, channel = "shopify" as Channel, personId = "lin" } = {}) {
    const tenantId = tenantIdSchema.parse(tenant);
    const ticket = newTicket({ tenantId, authorizationId: newAuthorizationId() });
    await store.authorizations.open({
      ...{ tenantId, authorizationId: ticket.authorizationId, channel, personId, asked: { shop } },
      linkHash: hashOf(ticket.secret),
      expiresAt: new Date(clock.at + 15 * 60_000).toISOString(),
    });
    return writeTicket(ticket);
  }

  /** Somebody goes through the first page: the state that the channel is sent, and the cookie that the browser keeps. */
  async function setOut(text: string, query = "") {
    const { location, set } = await open("shopify", { method: "POST", form: `link=${text}`, query });
    const [cookie = ""] = set.map((each) => each.split(";")[0] ?? "");
    return { location, cookie, cookieText: set.join(), state: new URL(location).searchParams.get("state") ?? "" };
  }

  /** A genuine way back of a round; what is given is laid over it before it is signed. */
  const wayBack = (state: string, parts: Record<string, string> = {}) => ({
    ...{ code, shop: ownShop, state, timestamp: String(Math.floor(clock.at / 1000)) },
    ...parts,
  });

  const connected = async (shop = ownShop, tenantId: TenantId = tenantIdSchema.parse("acme")) =>
    (await store.shops.get({ tenantId, channel: "shopify", shopId: shopIdSchema.parse(shop) })) !== undefined;

  return { ownShop, evilShop, store, clock, asked, open, link, setOut, wayBack, connected };
}

export type Pages = ReturnType<typeof openPages>;

/** How a way back ended: the status, why, and whether any shop is connected now. */
export async function ended(pages: Pages, { status, why }: { status: number; why: unknown }): Promise<string> {
  const isConnected = (await pages.connected()) || (await pages.connected(pages.evilShop));
  return `${status} ${why}, ${isConnected ? "A SHOP IS CONNECTED" : "nothing connected"}`;
}

/** Goes through consent and comes back with what is given laid over the way back; for whom the page is then opened. */
export async function resultFor(
  table: TestTable,
  cookies: (own: string) => string[],
  parts: Record<string, string> = {},
) {
  const pages = openPages(table);
  const { state, cookie } = await pages.setOut(await pages.link());
  const query = signedByShopify(pages.wayBack(state, parts));
  const came = await pages.open("shopify/callback", { query, cookies: [cookie] });
  const { search } = new URL(came.location);
  const page = await pages.open("shopify/result", { query: search.slice(1), cookies: cookies(cookie) });
  return { pages, came, state, page };
}

/** A link in the hands of whoever: how the page answers. */
export async function opened(
  table: TestTable,
  use: (pages: Pages, link: string) => Promise<{ status: number; why: unknown }>,
): Promise<string> {
  const pages = openPages(table);
  const { status, why } = await use(pages, await pages.link());
  return `${status} ${why}`;
}
