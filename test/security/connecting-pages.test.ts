import { useTable } from "../engine.ts";
import { openApi } from "./api-door.ts";
import { describeAttacks } from "./attacks.ts";
import { comparisonsIn } from "./comparisons.ts";
import { code, opened, openPages, resultFor, signedByShopify } from "./connecting-door.ts";

const table = useTable({ shared: true });

async function startPage(personId: string) {
  const pages = openPages(table());
  return pages.open("shopify", { query: `link=${await pages.link("acme", { personId })}` });
}

describeAttacks("Connecting a shop: links and pages", "connecting-pages", {
  "a link is made for a shop of the channel": [
    "evil.example",
    "acme.myshopify.com.evil.example",
    "acme.myshopify.com/admin",
    "user@acme.myshopify.com",
    "acme.myshopify.com\n.evil.example",
    "-acme.myshopify.com",
  ].map((shop) => ({
    attack: `a link for the shop ${JSON.stringify(shop)}`,
    answer: "400 request_invalid asked.shop",
    run: async () => {
      const ask = openApi(openPages(table()).store);
      const { status, body } = await ask("start_authorization", { body: { channel: "shopify", asked: { shop } } });
      return `${status} ${body.code} ${body.fields?.[0]?.field}`;
    },
  })),
  "a link is a secret": [
    {
      attack: "a link whose secret is made up",
      answer: "404 link_invalid",
      run: () =>
        opened(table(), (pages, link) =>
          pages.open("shopify", { query: `link=${link.slice(0, -43)}${"b".repeat(43)}` }),
        ),
    },
  ],
  "a link is for one channel": [
    {
      attack: "a link for Shopify opened as one for Taobao",
      answer: "404 link_invalid",
      run: () => opened(table(), (pages, link) => pages.open("taobao", { query: `link=${link}` })),
    },
  ],
  "a link is there once": [
    {
      attack: "two links in one address",
      answer: "404 link_invalid",
      run: () => opened(table(), (pages, link) => pages.open("shopify", { query: `link=${link}&link=${link}` })),
    },
  ],
  "a link ends when a shop is connected": [
    {
      attack: "the link again, after a shop is connected",
      answer: "409 link_finished",
      run: () =>
        opened(table(), async (pages, link) => {
          const { state, cookie } = await pages.setOut(link);
          await pages.open("shopify/callback", { query: signedByShopify(pages.wayBack(state)), cookies: [cookie] });
          return pages.open("shopify", { query: `link=${link}` });
        }),
    },
  ],
  "a form is small": [
    {
      attack: "a form of 5 KB with a link in it",
      answer: "404 link_invalid",
      run: () =>
        opened(table(), (pages, link) =>
          pages.open("shopify", { method: "POST", form: `link=${link}&x=${"a".repeat(5000)}` }),
        ),
    },
  ],
  "a request names nowhere to go": [
    {
      attack: "set out with `redirect_uri` and `return_to` of another site",
      answer: "to the shop, and back to https://suite.example/connect/shopify/callback",
      run: async () => {
        const pages = openPages(table());
        const query = "redirect_uri=https://evil.example&return_to=//evil.example";
        const { host, searchParams } = new URL((await pages.setOut(await pages.link(), query)).location);
        return `to ${host === pages.ownShop ? "the shop" : host}, and back to ${searchParams.get("redirect_uri")}`;
      },
    },
    {
      attack: "come back with `return_to` of another site",
      answer: "https://suite.example/connect/shopify/result",
      run: async () => {
        const { came } = await resultFor(table(), () => [], { return_to: "https://evil.example" });
        const { origin, pathname } = new URL(came.location);
        return origin + pathname;
      },
    },
  ],
  "a result is shown to its own browser": [
    {
      attack: "open another's result",
      answer: "403, without the shop",
      run: async () => {
        const { pages, page } = await resultFor(table(), () => []);
        return `${page.status}, ${page.body.includes(pages.ownShop) ? "WITH" : "without"} the shop`;
      },
    },
  ],
  "the channel's words are not shown": [
    {
      attack: "a refusal whose description is an attacker's",
      answer: "200, without the words",
      run: async () => {
        const words = "Call 13800138000 and give your password";
        const { page } = await resultFor(table(), (own) => [own], { error: "access_denied", error_description: words });
        return `${page.status}, ${page.body.includes("13800138000") ? "WITH" : "without"} the words`;
      },
    },
  ],
  "what is filled in is escaped": [
    ...["<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "' onfocus='alert(1)"].map((personId) => ({
      attack: `an operator named \`${personId}\``,
      answer: "200, as text",
      run: async () => {
        const { status, body } = await startPage(personId);
        return `${status}, ${body.includes(personId) ? "AS MARKUP" : "as text"}`;
      },
    })),
  ],
  "no page runs, loads or frames anything": [
    {
      attack: "run a script, load a picture or frame the page",
      answer: "default-src 'none'; base-uri 'none'; frame-ancestors 'none'; DENY; nosniff",
      run: async () => {
        const { headers } = await startPage("lin");
        const policy = String(headers["content-security-policy"]).split("; ");
        const stated = policy.filter((each) => /^(default-src|base-uri|frame-ancestors|script-src)/.test(each));
        return [...stated, headers["x-frame-options"], headers["x-content-type-options"]].join("; ");
      },
    },
  ],
  "no page is kept or told to the next site": [
    {
      attack: "read the link from a cache or from a referrer",
      answer: "no-store; no-referrer; max-age=31536000",
      run: async () => {
        const { headers } = await startPage("lin");
        return ["cache-control", "referrer-policy", "strict-transport-security"]
          .map((each) => headers[each])
          .join("; ");
      },
    },
  ],
  "neither code, state nor token is left in an address, a page or a log": [
    {
      attack: "look for them in the browser's history, in the page and in the log",
      answer: "none found",
      run: async () => {
        const { came, state, page } = await resultFor(table(), (own) => [own]);
        const left = JSON.stringify([came.location, came.said, page.body, page.said]);
        const found = [code, state, "shpat_canary_token", "shprt_canary_token"].filter((each) => left.includes(each));
        return found.length === 0 ? "none found" : `FOUND ${found}`;
      },
    },
  ],
  "secrets of links and states are compared in constant time": [
    {
      attack: "the time of comparing a link and a state measured",
      answer: "43 with 43, 43 with 43, 43 with 43",
      run: async () => {
        const pages = openPages(table());
        const link = await pages.link();
        const seen = await comparisonsIn(async () => {
          const { state, cookie } = await pages.setOut(link);
          const wrong = signedByShopify(pages.wayBack(`${state.slice(0, -43)}${"b".repeat(43)}`));
          await pages.open("shopify/callback", { query: wrong, cookies: [cookie] });
          await pages.open("shopify", { query: `link=${link.slice(0, -43)}${"b".repeat(43)}` });
        });
        return seen.join(", ");
      },
    },
  ],
});
