import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { jd } from "#connectors/jd/index.ts";
import { taobao } from "#connectors/taobao/index.ts";
import type { Channel } from "#shared/case/channel.ts";
import { shopIdSchema, tenantIdSchema } from "#shared/case/ids.ts";
import { httpClient } from "#shared/http.ts";
import type { PageAnswer } from "#shared/lambda/on-page.ts";
import { createStore, type Store } from "#shared/store/index.ts";
import { authorizeShop, type Deps } from "../../functions/authorize-shop/authorize-shop.ts";
import { createJd, type Jd } from "../../local/marketplaces/jd/index.ts";
import { ManualClock } from "../../local/marketplaces/kit/manual-clock.ts";
import { createTaobao, type Taobao } from "../../local/marketplaces/taobao/index.ts";
import { glassVault, listen } from "../builders/fakes.ts";
import { useTable } from "../engine.ts";
import { linkPath } from "./connecting-pages.ts";

// The whole flow against the simulator's consent page and token address, each request as a browser makes it.
const publicUrl = "https://suite.example";
const startsAt = "2026-11-25T02:00:00.000Z";
const acme = tenantIdSchema.parse("acme");
const rival = tenantIdSchema.parse("rival");

const table = useTable();
const clock = new ManualClock(startsAt);
let platform: Taobao;
let jdPlatform: Jd;
let store: Store;
let deps: Deps;
let heard: ReturnType<typeof listen>;
let shopId: string;
let jdShopId: string;

beforeAll(async () => {
  platform = createTaobao({ clock });
  await platform.start();
  ({ shopId } = await platform.openShop("虚构旗舰店"));
  jdPlatform = createJd({ clock });
  await jdPlatform.start();
  ({ shopId: jdShopId } = await jdPlatform.openShop("虚构京东店"));
});
afterAll(() => Promise.all([platform.stop(), jdPlatform.stop()]));
beforeEach(() => {
  store = createStore(table());
  heard = listen();
  deps = {
    shops: store.shops,
    feeds: store.feeds,
    authorizations: store.authorizations,
    connectorOf: (channel) => (channel === "jd" ? jd : taobao) as never,
    channelSettings: async (channel) => [(channel === "jd" ? jdPlatform : platform).appSettings()],
    vault: glassVault,
    http: httpClient(),
    clock,
    resume: async () => {},
    connectUrl: `${publicUrl}/connect`,
  };
});
afterEach(() => heard.end());

/** A browser: it keeps cookies and asks for pages. */
function browser(language = "en") {
  const cookies = new Map<string, string>();
  const open = async (url: string, form?: URLSearchParams): Promise<PageAnswer> => {
    const { pathname, searchParams } = new URL(url);
    const [, , channel, step] = pathname.split("/");
    const method = form ? "POST" : "GET";
    const answer = await authorizeShop(
      {
        method,
        routeKey: `${method} /connect/{channel}${step ? `/${step}` : ""}`,
        params: { channel },
        query: searchParams,
        form: form ?? new URLSearchParams(),
        cookies: [...cookies].map(([name, value]) => `${name}=${value}`),
        acceptLanguage: language,
      },
      deps,
    );
    for (const cookie of answer.cookies ?? []) {
      expect(cookie).toMatch(/^__Host-[^;]+; Path=\/; Max-Age=900; HttpOnly; Secure; SameSite=Lax$/);
      const [pair = ""] = cookie.split(";");
      const [name = "", value = ""] = pair.split("=");
      cookies.set(name, value);
    }
    return answer;
  };
  return {
    open,
    /** Opens the link and goes on; the address of the channel's page. */
    async setOut(link: string): Promise<string> {
      const form = new URLSearchParams({ link: new URL(link).searchParams.get("link") ?? "" });
      return (await open(link, form)).location ?? "";
    },
    /** Opens a callback and the page it leads to. */
    async comeBack(callback: string) {
      const answer = await open(callback);
      return answer.location ? { ...(await open(answer.location)), came: answer } : { ...answer, came: answer };
    },
  };
}

/** What the merchant does on the channel's page; where the channel sends the browser then. */
async function decide(consentUrl: string, decision: "allow" | "deny"): Promise<string> {
  expect((await (await fetch(consentUrl)).text()).includes("授权并登录")).toBe(true);
  return sendDecision(consentUrl, { shop: shopId, decision });
}

async function sendDecision(consentUrl: string, given: { shop: string; decision: string }): Promise<string> {
  const { origin, pathname, search } = new URL(consentUrl);
  const form = new URLSearchParams([...new URLSearchParams(search), ...Object.entries(given)]);
  const answer = await fetch(`${origin}${pathname}`, { method: "POST", body: form, redirect: "manual" });
  return answer.headers.get("location") ?? "";
}

const linkFor = async (tenantId = acme, parts: { shopId?: string; channel?: Channel } = {}) =>
  `${publicUrl}${await linkPath({ store, clock }, { tenantId, ...parts })}`;

const shopOf = (tenantId = acme) =>
  store.shops.get({ tenantId, channel: "taobao", shopId: shopIdSchema.parse(shopId) });
const titleOf = ({ html = "" }: PageAnswer) => /<title>(.*?) · Casebridge<\/title>/.exec(html)?.[1];
const failures = () => heard.metric("AuthorizationFailed").length;

describe("connecting a shop in the browser", () => {
  it.each([
    ["en", "The shop is connected"],
    ["zh-CN,zh;q=0.9,en;q=0.5", "店铺已连接"],
  ])("connects the shop that was granted and says so: %s", async (language, title) => {
    const person = browser(language);
    const link = await linkFor();
    const start = await person.open(link);
    expect(start.html).toContain("lin &#60;b&#62;");
    expect(start.headers?.["content-security-policy"]).toMatch(/default-src 'none'.*form-action 'self' http:\/\/127/);
    const consent = await person.setOut(link);
    const callback = await decide(consent, "allow");
    const page = await person.comeBack(callback);
    expect([page.status, titleOf(page)]).toEqual([200, title]);
    expect(page.html).toContain(shopId);
    expect((await shopOf())?.shop).toMatchObject({ mode: "observe", status: "connected" });
    expect(heard.metric("ShopAuthorized")).toEqual([1]);

    const stored = JSON.parse(Buffer.from((await shopOf())?.credentials ?? []).toString());
    const { searchParams } = new URL(callback);
    const secrets = [searchParams.get("code"), searchParams.get("state"), stored.accessToken];
    const left = page.html + JSON.stringify([page.came, heard.said()]);
    for (const secret of secrets) expect(left).not.toContain(secret);
  });

  it("keeps the mode of a shop that grants anew", async () => {
    for (const round of [1, 2]) {
      const person = browser();
      await person.comeBack(await decide(await person.setOut(await linkFor()), "allow"));
      if (round === 1)
        await store.shops.setMode({ tenantId: acme, channel: "taobao", shopId: shopIdSchema.parse(shopId) }, "auto");
    }
    expect(await shopOf()).toMatchObject({ shop: { mode: "auto" }, credentialsVersion: 2 });
  });

  it("connects nothing when the merchant declines, and lets the same link be used again", async () => {
    const person = browser();
    const link = await linkFor();
    const page = await person.comeBack(await decide(await person.setOut(link), "deny"));
    expect(page.html).toContain("access was declined");
    expect(await shopOf()).toBeUndefined();
    const again = await person.comeBack(await decide(await person.setOut(link), "allow"));
    expect(titleOf(again)).toBe("The shop is connected");
    expect((await person.open(link)).status).toBe(409);
  });

  it("takes a state once", async () => {
    const person = browser();
    const callback = await decide(await person.setOut(await linkFor()), "allow");
    await person.comeBack(callback);
    const replayed = await person.comeBack(callback);
    expect([replayed.status, replayed.html?.includes("counts once")]).toEqual([400, true]);
    expect(await shopOf()).toMatchObject({ credentialsVersion: 1 });
  });

  it("takes a state once of two at the same time", async () => {
    const person = browser();
    const callback = await decide(await person.setOut(await linkFor()), "allow");
    const statuses = (await Promise.all([person.open(callback), person.open(callback)])).map(({ status }) => status);
    expect(statuses.toSorted()).toEqual([303, 400]);
  });

  it("does not take another tenant's state, nor an answer that another browser fetched", async () => {
    const [ours, stranger] = [browser(), browser()];
    await ours.setOut(await linkFor());
    const theirs = await decide(await stranger.setOut(await linkFor(rival)), "allow");
    expect((await ours.comeBack(theirs)).status).toBe(403);
    expect([await shopOf(), await shopOf(rival)]).toEqual([undefined, undefined]);
    expect(failures()).toBe(1);
    // It was not spent: whoever set out may still come back.
    expect(titleOf(await stranger.comeBack(theirs))).toBe("The shop is connected");
  });

  it("leaves a shop with the tenant that has it", async () => {
    const person = browser();
    await person.comeBack(await decide(await person.setOut(await linkFor(rival)), "allow"));
    const page = await person.comeBack(await decide(await person.setOut(await linkFor(acme)), "allow"));
    expect(page.status).toBe(409);
    expect(await shopOf(acme)).toBeUndefined();
  });

  it("takes no other shop than the one that the link is for", async () => {
    const person = browser();
    const link = await linkFor(acme, { shopId: "2200000000001" });
    expect((await person.comeBack(await decide(await person.setOut(link), "allow"))).status).toBe(409);
    expect(await shopOf()).toBeUndefined();
  });

  it("says that a code is refused, and that the channel is away", async () => {
    const person = browser();
    const callback = new URL(await decide(await person.setOut(await linkFor()), "allow"));
    callback.searchParams.set("code", "0".repeat(24));
    expect((await person.comeBack(callback.href)).status).toBe(400);
    const later = await decide(await person.setOut(await linkFor()), "allow");
    deps = { ...deps, channelSettings: async () => [{ ...platform.appSettings(), oauth: "http://127.0.0.1:1" }] };
    expect((await person.comeBack(later)).status).toBe(503);
    expect(await shopOf()).toBeUndefined();
  });

  it("knows a link for a quarter of an hour", async () => {
    const person = browser();
    const link = await linkFor();
    const callback = await decide(await person.setOut(link), "allow");
    clock.advance(15 * 60_000);
    expect((await person.open(link)).status).toBe(404);
    expect((await person.comeBack(callback)).status).toBe(400);
    expect(await shopOf()).toBeUndefined();
  });
});

describe("connecting a shop of JD", () => {
  const jdShop = () => store.shops.get({ tenantId: acme, channel: "jd", shopId: shopIdSchema.parse(jdShopId) });
  const setOut = async (person: ReturnType<typeof browser>) => person.setOut(await linkFor(acme, { channel: "jd" }));

  it("connects the shop whose account agreed, as the channel tells it", async () => {
    const person = browser();
    const consent = await setOut(person);
    expect(await (await fetch(consent)).text()).toContain("虚构京东店");
    const callback = await sendDecision(consent, { shop: jdShopId, decision: "allow" });
    expect(new URL(callback).pathname).toBe("/connect/jd/callback");
    const page = await person.comeBack(callback);
    expect([page.status, titleOf(page)]).toEqual([200, "The shop is connected"]);
    expect(page.html).toContain(`虚构京东店 (${jdShopId})`);
    expect((await jdShop())?.shop).toMatchObject({ name: "虚构京东店", mode: "observe", status: "connected" });
    expect((await person.comeBack(callback)).html).toContain("counts once");
    expect(await jdShop()).toMatchObject({ credentialsVersion: 1 });
  });

  it("keeps the merchant's switches when the shop grants anew", async () => {
    for (const _ of [1, 2]) {
      const person = browser();
      await person.comeBack(await sendDecision(await setOut(person), { shop: jdShopId, decision: "allow" }));
      const held = await jdShop();
      const credentials = JSON.parse(Buffer.from(held?.credentials ?? []).toString());
      if (held?.credentialsVersion === 2) {
        expect(credentials).toMatchObject({ switches: { readOrders: true } });
        continue;
      }
      const sealed = Buffer.from(JSON.stringify({ ...credentials, switches: { readOrders: true } }));
      const place = { tenantId: acme, channel: "jd" as const, shopId: shopIdSchema.parse(jdShopId) };
      await store.shops.replaceCredentials(place, sealed, 1);
    }
  });

  it("connects nothing when the merchant declines", async () => {
    const person = browser();
    const page = await person.comeBack(await sendDecision(await setOut(person), { shop: jdShopId, decision: "deny" }));
    expect(page.html).toContain("access was declined");
    expect(await jdShop()).toBeUndefined();
  });

  it("takes no code that JD did not give", async () => {
    const person = browser();
    const callback = new URL(await sendDecision(await setOut(person), { shop: jdShopId, decision: "allow" }));
    callback.searchParams.set("code", "c0000000000000000");
    expect((await person.comeBack(callback.href)).status).toBe(400);
    expect(await jdShop()).toBeUndefined();
  });

  it.each([
    "app_key",
    "response_type",
    "redirect_uri",
    "state",
    "scope",
  ])("is asked for no consent without %s", async (name) => {
    const url = new URL(await setOut(browser()));
    url.searchParams.delete(name);
    expect((await fetch(url)).status).toBe(400);
  });
});

const leadTo = (path: string) => (url: URL) => {
  url.pathname = path;
};

describe("what an attacker may try", () => {
  it.each<[string, (url: URL) => void, number]>([
    ["a parameter twice", (url) => url.searchParams.append("code", "another"), 400],
    ["the state twice", (url) => url.searchParams.append("state", "another"), 400],
    ["no state", (url) => url.searchParams.delete("state"), 400],
    [
      "a state that is made up",
      (url) => url.searchParams.set("state", `acme.${"a".repeat(22)}.${"b".repeat(43)}`),
      400,
    ],
    [
      "a state with another tenant's name",
      (url) => url.searchParams.set("state", (url.searchParams.get("state") ?? "").replace("acme", "rival")),
      400,
    ],
    ["another channel's address", leadTo("/connect/jd/callback"), 400],
    ["a channel that is none", leadTo("/connect/__proto__/callback"), 404],
  ])("connects nothing: %s", async (_, spoil, status) => {
    const person = browser();
    const genuine = await decide(await person.setOut(await linkFor()), "allow");
    const url = new URL(genuine);
    spoil(url);
    expect((await person.comeBack(url.href)).status).toBe(status);
    expect(await shopOf()).toBeUndefined();
    expect(titleOf(await person.comeBack(genuine)), "the state is not spent by it").toBe("The shop is connected");
  });

  it("fixes no state: a later round with the link ends the earlier one", async () => {
    const [attacker, victim] = [browser(), browser()];
    const link = await linkFor();
    const early = await decide(await attacker.setOut(link), "allow");
    const late = await decide(await victim.setOut(link), "allow");
    expect((await attacker.comeBack(early)).status).toBe(400);
    expect((await victim.comeBack(early)).status).toBe(400);
    expect(titleOf(await victim.comeBack(late))).toBe("The shop is connected");
  });

  it("is sent nowhere but to the channel and to our own page, whatever the address asks for", async () => {
    const person = browser();
    const consent = await person.setOut(`${await linkFor()}&redirect_uri=https://evil.example&returnTo=//evil.example`);
    expect(new URL(consent).origin).toBe(platform.url);
    expect(new URL(consent).searchParams.get("redirect_uri")).toBe(`${publicUrl}/connect/taobao/callback`);
    const callback = `${await decide(consent, "allow")}&next=https://evil.example`;
    const { location } = await person.open(callback);
    expect(location).toMatch(/^https:\/\/suite\.example\/connect\/taobao\/result\?of=acme\.[\w-]{22}$/);
  });

  it("shows a result to the browser that it belongs to, and to no other", async () => {
    const person = browser();
    const { location = "" } = await person.open(await decide(await person.setOut(await linkFor()), "allow"));
    const page = await browser().open(location);
    expect(page.status).toBe(403);
    expect(page.html).not.toContain(shopId);
  });
});
