import { readFile } from "node:fs/promises";
import { type Browser, type BrowserContext, chromium, type Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { taobao } from "#connectors/taobao/index.ts";
import { shopIdSchema, tenantIdSchema } from "#shared/case/ids.ts";
import { httpClient } from "#shared/http.ts";
import { createStore, type Store } from "#shared/store/index.ts";
import type { RunningServer } from "../../local/marketplaces/kit/http-server.ts";
import { ManualClock } from "../../local/marketplaces/kit/manual-clock.ts";
import { createTaobao, type Taobao } from "../../local/marketplaces/taobao/index.ts";
import { glassVault, listen } from "../builders/fakes.ts";
import { useTable } from "../engine.ts";
import { findChromium } from "./chromium.ts";
import { linkPath, servePages } from "./connecting-pages.ts";

// The whole flow in a real browser: it alone knows whether the cookie is kept, whether the policy lets the form through
// to the channel, and what a person sees. Each merchant is a browser of its own, with its own cookies.
const executablePath = findChromium();
if (!executablePath)
  console.warn(
    "SKIPPED connecting in a real browser: no Chromium on the PATH. Install one, or name it in CASEBRIDGE_CHROMIUM.",
  );

const flawsInPage = await readFile(new URL("flaws-in-page.js", import.meta.url), "utf8");
const flawsOf = (page: Page) => page.evaluate<string[]>(flawsInPage);

const acme = tenantIdSchema.parse("acme");
const rival = tenantIdSchema.parse("rival");

// A browser shares two cores with all other tests.
const timeout = 120_000;

describe.skipIf(!executablePath)("connecting a shop in a real browser", { timeout }, () => {
  const table = useTable();
  const clock = new ManualClock("2026-11-25T02:00:00.000Z");
  let browser: Browser;
  let platform: Taobao;
  let pages: RunningServer;
  let store: Store;
  let heard: ReturnType<typeof listen>;
  let shopId: string;
  const open: BrowserContext[] = [];
  /** What the browser complained about, such as a policy that was broken. */
  const complaints: string[] = [];

  beforeAll(async () => {
    platform = createTaobao({ clock });
    await platform.start();
    ({ shopId } = await platform.openShop("虚构旗舰店"));
    pages = await servePages((connectUrl) => ({
      shops: store.shops,
      feeds: store.feeds,
      authorizations: store.authorizations,
      connectorOf: () => taobao as never,
      channelSettings: async () => [platform.appSettings()],
      vault: glassVault,
      http: httpClient(),
      clock,
      resume: async () => {},
      connectUrl,
    }));
    // Containers run as root and have little shared memory.
    browser = await chromium.launch({ executablePath, args: ["--no-sandbox", "--disable-dev-shm-usage"] });
  });
  afterAll(async () => {
    await browser?.close();
    await pages?.close();
    await platform?.stop();
  });
  beforeEach(() => {
    store = createStore(table());
    heard = listen();
  });
  afterEach(async () => {
    heard.end();
    await Promise.all(open.splice(0).map((each) => each.close()));
    expect(complaints.splice(0)).toEqual([]);
  });

  async function person(locale = "en-GB"): Promise<Page> {
    const context = await browser.newContext({ locale, viewport: { width: 390, height: 780 } });
    open.push(context);
    const page = await context.newPage();
    page.on("pageerror", (error) => complaints.push(error.message));
    page.on("console", (message) => {
      // A page of failure is a failed load to the browser; that says nothing about the page.
      const isLoad = /^Failed to load resource/.test(message.text());
      if (message.type() === "error" && !isLoad) complaints.push(message.text());
    });
    return page;
  }

  const linkFor = async (tenantId = acme) => `${pages.url}${await linkPath({ store, clock }, { tenantId })}`;
  const shopOf = (tenantId = acme) =>
    store.shops.get({ tenantId, channel: "taobao", shopId: shopIdSchema.parse(shopId) });

  /** Opens the link and goes on, until the channel's page of consent is there. */
  async function setOut(page: Page, link: string): Promise<void> {
    await page.goto(link);
    await page.getByRole("button").click();
    await page.waitForURL(`${platform.url}/authorize?**`);
  }

  async function allow(page: Page): Promise<void> {
    await page.getByLabel("店铺").selectOption(shopId);
    await page.getByRole("button", { name: "授权并登录" }).click();
    await page.waitForURL(`${pages.url}/connect/**`);
  }

  /** The merchant agrees, and the browser is kept from following: where the channel would have sent it. */
  async function callbackOf(page: Page): Promise<string> {
    let callback: string | undefined;
    // A redirect's target is not to be caught, so the answer that redirects is.
    await page.route(`${platform.url}/authorize`, async (route) => {
      callback = (await route.fetch({ maxRedirects: 0 })).headers().location;
      await route.fulfill({ status: 204 });
    });
    await page.getByRole("button", { name: "授权并登录" }).click();
    await expect.poll(() => callback).toBeDefined();
    return callback ?? "";
  }

  const words = {
    "en-GB": {
      lang: "en",
      start: "Connect a shop",
      connected: "The shop is connected",
      nothing: "Nothing was connected",
      denied: "The marketplace says that access was declined.",
    },
    "zh-CN": {
      lang: "zh-CN",
      start: "连接店铺",
      connected: "店铺已连接",
      nothing: "未连接任何店铺",
      denied: "平台返回：授权被拒绝。",
    },
  };
  const seer = (lang: string) => async (page: Page, title: string, text: string) => {
    expect(await page.getByRole("heading", { level: 1 }).allInnerTexts()).toEqual([title]);
    expect(await page.title()).toBe(`${title} · Casebridge`);
    expect(await page.locator("html").getAttribute("lang")).toBe(lang);
    expect(await page.getByRole("main").innerText()).toContain(text);
  };
  const locales = Object.keys(words) as (keyof typeof words)[];

  describe.each(locales)("in %s", (locale) => {
    const says = words[locale];
    const sees = seer(says.lang);

    it("connects the shop that was granted", async () => {
      const page = await person(locale);
      await page.goto(await linkFor());
      await sees(page, says.start, "lin <b>");
      await page.getByRole("button").click();
      await page.waitForURL(`${platform.url}/authorize?**`);
      const [cookie, ...others] = await page.context().cookies(pages.url);
      expect(others).toEqual([]);
      expect(cookie).toMatchObject({ httpOnly: true, secure: true, sameSite: "Lax", path: "/" });
      expect(cookie?.name).toMatch(/^__Host-casebridge-/);
      await allow(page);
      await sees(page, says.connected, `虚构旗舰店 (${shopId})`);
      expect(page.url()).toMatch(/\/connect\/taobao\/result\?of=acme\.[\w-]{22}$/);
      expect((await shopOf())?.shop).toMatchObject({ mode: "observe", status: "connected" });
      await page.reload();
      await sees(page, says.connected, shopId);
      expect(await shopOf()).toMatchObject({ credentialsVersion: 1 });
    });

    it("connects nothing when the merchant declines, and goes on from the same link", async () => {
      const page = await person(locale);
      const link = await linkFor();
      await setOut(page, link);
      await page.getByRole("button", { name: "取消" }).click();
      await page.waitForURL(`${pages.url}/connect/taobao/result?**`);
      await sees(page, says.nothing, says.denied);
      expect(await shopOf()).toBeUndefined();
      await setOut(page, link);
      await allow(page);
      await sees(page, says.connected, shopId);
    });
  });

  describe("a state", () => {
    const says = words["en-GB"];
    const sees = seer(says.lang);

    it("counts once", async () => {
      const page = await person();
      await setOut(page, await linkFor());
      const callback = await callbackOf(page);
      await page.goto(callback);
      await sees(page, says.connected, shopId);
      expect((await page.goto(callback))?.status()).toBe(400);
      await sees(page, says.nothing, "This answer has been used before, and it counts once.");
      expect(await shopOf()).toMatchObject({ credentialsVersion: 1 });
    });

    it("of another tenant is not taken, and is left unspent", async () => {
      const [ours, stranger] = [await person(), await person()];
      await setOut(ours, await linkFor(acme));
      await setOut(stranger, await linkFor(rival));
      const theirs = await callbackOf(stranger);
      expect((await ours.goto(theirs))?.status()).toBe(403);
      await sees(ours, says.nothing, "This answer came to another browser than the one that set out.");
      expect([await shopOf(acme), await shopOf(rival)]).toEqual([undefined, undefined]);
      await stranger.goto(theirs);
      await sees(stranger, says.connected, shopId);
      expect([await shopOf(acme), (await shopOf(rival))?.shop.status]).toEqual([undefined, "connected"]);
    });
  });

  it("is read by everybody, by day and by night: contrast, one heading, no sideways scrolling on a phone", async () => {
    const page = await person("en-GB");
    const link = await linkFor();
    const flaws = async () => {
      const found: string[] = [];
      for (const colorScheme of ["light", "dark"] as const) {
        await page.emulateMedia({ colorScheme });
        found.push(...(await flawsOf(page)).map((flaw) => `${colorScheme}: ${flaw}`));
      }
      return found;
    };
    await page.goto(link);
    expect(await flaws()).toEqual([]);
    await page.getByRole("button").click();
    await page.getByRole("button", { name: "取消" }).click();
    await page.waitForURL(`${pages.url}/connect/taobao/result?**`);
    expect(await flaws()).toEqual([]);
    await setOut(page, link);
    await allow(page);
    expect(await flaws()).toEqual([]);
  });

  it("is gone through by the keyboard alone, and shows where one is", async () => {
    const page = await person();
    await page.goto(await linkFor());
    await page.keyboard.press("Tab");
    expect(await page.locator("button:focus-visible").allInnerTexts()).toEqual(["Go on to the marketplace"]);
    expect(await page.evaluate("getComputedStyle(document.activeElement).outlineStyle")).toBe("solid");
    await page.keyboard.press("Enter");
    await page.waitForURL(`${platform.url}/authorize?**`);
  });
});
