import { useTable } from "../engine.ts";
import { describeAttacks } from "./attacks.ts";
import { ended, opened, openPages, type Pages, signedByShopify } from "./connecting-door.ts";

const table = useTable({ shared: true });

interface Round {
  pages: Pages;
  state: string;
  cookie: string;
}

/** Goes through consent and comes back as the attacker would have it: how that ended, and whether a shop is connected. */
async function comeBack(
  spoil: (round: Round) => {
    query?: URLSearchParams;
    parts?: Record<string, string>;
    cookies?: string[];
    path?: string;
  },
): Promise<string> {
  const pages = openPages(table());
  const { state, cookie } = await pages.setOut(await pages.link());
  const { query, parts, cookies = [cookie], path = "shopify/callback" } = spoil({ pages, state, cookie });
  const came = await pages.open(path, { query: query ?? signedByShopify(pages.wayBack(state, parts)), cookies });
  return ended(pages, came);
}

const nothing = (status: number, why: string) => `${status} ${why}, nothing connected`;
const withQuery = (change: (query: URLSearchParams) => void) => () =>
  comeBack(({ pages, state }) => {
    const query = signedByShopify(pages.wayBack(state));
    change(query);
    return { query };
  });
const withSigned = (parts: Record<string, string>) => () => comeBack(() => ({ parts }));
const madeUp = (tenant: string) => `${tenant}.${"a".repeat(22)}.${"b".repeat(43)}`;

/** The way back, sent twice; the second time with what is given. */
async function twice(later: number): Promise<string> {
  const pages = openPages(table());
  const { state, cookie } = await pages.setOut(await pages.link());
  const query = signedByShopify(pages.wayBack(state));
  const first = await pages.open("shopify/callback", { query, cookies: [cookie] });
  pages.clock.at += later;
  const second = await pages.open("shopify/callback", { query, cookies: [cookie] });
  return `${first.status} ${first.why}, then ${second.status} ${second.why}`;
}

describeAttacks("Connecting a shop: the way back", "connecting", {
  "a parameter comes once": ["code", "state", "shop", "hmac"].map((name) => ({
    attack: `\`${name}\` twice`,
    answer: nothing(400, "callback_invalid"),
    run: withQuery((query) => query.append(name, query.get(name) ?? "")),
  })),
  "a state is one that we gave": [
    {
      attack: "a state that is made up",
      answer: nothing(400, "state_unknown"),
      run: () =>
        comeBack(({ pages, state }) => {
          const [tenant, id] = state.split(".");
          return { query: signedByShopify(pages.wayBack(`${tenant}.${id}.${"b".repeat(43)}`)) };
        }),
    },
    {
      attack: "the link itself as the state",
      answer: nothing(400, "state_unknown"),
      run: async () => {
        const pages = openPages(table());
        const link = await pages.link();
        const { cookie } = await pages.setOut(link);
        const query = signedByShopify(pages.wayBack(link));
        return ended(pages, await pages.open("shopify/callback", { query, cookies: [cookie] }));
      },
    },
    {
      attack: "a state of an earlier round with the same link",
      answer: nothing(400, "state_unknown"),
      run: async () => {
        const pages = openPages(table());
        const link = await pages.link();
        const early = await pages.setOut(link);
        const late = await pages.setOut(link);
        const query = signedByShopify(pages.wayBack(early.state));
        return ended(pages, await pages.open("shopify/callback", { query, cookies: [late.cookie] }));
      },
    },
  ],
  "a state is found under its own tenant": [
    {
      attack: "a state with Rival's name before it",
      answer: nothing(400, "state_unknown"),
      run: () => comeBack(({ state }) => ({ parts: { state: state.replace("acme", "rival") } })),
    },
    {
      attack: "a state with a key before it",
      answer: nothing(400, "state_unknown"),
      run: () => comeBack(({ state }) => ({ parts: { state: state.replace("acme", "acme#C") } })),
    },
  ],
  "a state that names nothing is refused": [
    {
      attack: "no state",
      answer: nothing(400, "state_unknown"),
      run: withSigned({ state: "" }),
    },
    {
      attack: "a state that names nothing",
      answer: nothing(400, "state_unknown"),
      run: withSigned({ state: madeUp("acme") }),
    },
  ],
  "a state counts once": [
    {
      attack: "the way back a second time",
      answer: "303 connected_without_addresses, then 400 state_spent",
      run: () => twice(0),
    },
  ],
  "a state ends after 15 minutes": [
    {
      attack: "the way back after a quarter of an hour",
      answer: nothing(400, "state_unknown"),
      run: () =>
        comeBack(({ pages, state }) => {
          pages.clock.at += 15 * 60_000;
          return { query: signedByShopify(pages.wayBack(state)) };
        }),
    },
    {
      attack: "the link after a quarter of an hour",
      answer: "404 link_invalid",
      run: () =>
        opened(table(), async (pages, link) => {
          pages.clock.at += 15 * 60_000;
          return pages.open("shopify", { query: `link=${link}` });
        }),
    },
  ],
  "the way back ends in the browser that set out": [
    {
      attack: "a browser without the cookie, into which an attacker put his own consent",
      answer: nothing(403, "browser_other"),
      run: () => comeBack(() => ({ cookies: [] })),
    },
    {
      attack: "the cookie of another round",
      answer: nothing(403, "browser_other"),
      run: () => comeBack(({ cookie }) => ({ cookies: [`${cookie.split("=")[0]}=${"c".repeat(43)}`] })),
    },
    {
      attack: "the cookie under a name that any site below ours could set",
      answer: nothing(403, "browser_other"),
      run: () => comeBack(({ cookie }) => ({ cookies: [cookie.replace("__Host-", "")] })),
    },
  ],
  "the cookie stays with this host, away from scripts": [
    {
      attack: "read or set the cookie from a script, another host or plain HTTP",
      answer: "__Host-casebridge-…; Path=/; Max-Age=900; HttpOnly; Secure; SameSite=Lax",
      run: async () => {
        const pages = openPages(table());
        const { cookieText } = await pages.setOut(await pages.link());
        return cookieText.replace(/casebridge-[\w-]{22}=[\w-]{43}/, "casebridge-…");
      },
    },
  ],
  "each channel has a way back of its own": ["taobao", "jd", "amazon", "douyin"].map((channel) => ({
    attack: `Shopify's answer passed off as one of ${channel}`,
    answer: nothing(400, "channel_mixed_up"),
    run: () => comeBack(() => ({ path: `${channel}/callback` })),
  })),
  "the way back is signed by the channel": [
    {
      attack: "another code than was signed",
      answer: nothing(303, "callback_invalid"),
      run: withQuery((query) => query.set("code", "attackers-code")),
    },
    {
      attack: "a parameter more than was signed",
      answer: nothing(303, "callback_invalid"),
      run: withQuery((query) => query.set("host", "evil")),
    },
    {
      attack: "no signature",
      answer: nothing(303, "callback_invalid"),
      run: withQuery((query) => query.delete("hmac")),
    },
    {
      attack: "signed with another app's secret",
      answer: nothing(303, "callback_invalid"),
      run: () =>
        comeBack(({ pages, state }) => ({ query: signedByShopify(pages.wayBack(state), "another app's secret") })),
    },
  ],
  "the way back is of now": [
    ...[
      ["91 seconds old", 91],
      ["91 seconds ahead", -91],
    ].map(([what, age]) => ({
      attack: `signed, and ${what}`,
      answer: nothing(303, "callback_invalid"),
      run: () =>
        comeBack(({ pages }) => ({ parts: { timestamp: String(Math.floor(pages.clock.at / 1000) - Number(age)) } })),
    })),
    ...["", "NaN", "1e12", "-1", "1795593600000", "1795593600,1795593600"].map((timestamp) => ({
      attack: `signed, of the time \`${timestamp}\``,
      answer: nothing(303, "callback_invalid"),
      run: withSigned({ timestamp }),
    })),
  ],
  "only the shop that was asked for is connected": [
    {
      attack: "an attacker's own shop, signed by Shopify, in the merchant's round",
      answer: `${nothing(303, "code_refused")}, nobody asked`,
      run: () => otherShop(({ evilShop }) => evilShop),
    },
    ...[".evil.example", "/x"].map((behind) => ({
      attack: `the shop with \`${behind}\` behind it, to be sent our secret`,
      answer: `${nothing(303, "code_refused")}, nobody asked`,
      run: () => otherShop(({ ownShop }) => `${ownShop}${behind}`),
    })),
  ],
  "a code is short": [
    {
      attack: "a code of 3,000 letters",
      answer: nothing(303, "callback_invalid"),
      run: withSigned({ code: "a".repeat(3000) }),
    },
    { attack: "no code", answer: nothing(303, "callback_invalid"), run: withSigned({ code: "" }) },
  ],
  "a shop belongs to one tenant": [
    {
      attack: "connect a shop that Rival has, with its owner's consent",
      answer: nothing(303, "shop_taken"),
      run: async () => {
        const pages = openPages(table());
        for (const tenant of ["rival", "acme"]) {
          const { state, cookie } = await pages.setOut(await pages.link(tenant));
          const query = signedByShopify(pages.wayBack(state));
          const came = await pages.open("shopify/callback", { query, cookies: [cookie] });
          if (tenant === "acme") return ended(pages, came);
        }
        return "";
      },
    },
  ],
});

async function otherShop(named: (pages: Pages) => string): Promise<string> {
  const pages = openPages(table());
  const { state, cookie } = await pages.setOut(await pages.link());
  const query = signedByShopify(pages.wayBack(state, { shop: named(pages) }));
  const came = await pages.open("shopify/callback", { query, cookies: [cookie] });
  const asked = pages.asked.map(({ url }) => new URL(url).host);
  return `${await ended(pages, came)}, ${asked.length === 0 ? "nobody asked" : `ASKED ${asked}`}`;
}
