import { describe, expect, it } from "vitest";
import { dayMs, hourMs, minuteMs, refundFeed, startAmazon } from "./testing.ts";

const reports = "/reports/2021-06-30";
const feeds = "/feeds/2021-06-30";
const returnsReport = (toMs: number, days = 30) => ({
  reportType: "GET_FLAT_FILE_RETURNS_DATA_BY_RETURN_DATE",
  marketplaceIds: ["ATVPDKIKX0DER"],
  dataStartTime: new Date(toMs - days * dayMs).toISOString(),
  dataEndTime: new Date(toMs).toISOString(),
});
const errorOf = ({ json }: { json: Record<string, unknown> }) => (json.errors as { code: string }[])[0]?.code;

describe("Login with Amazon", () => {
  it("gives tokens that end, and none to a wrong secret or for a grant that has ended", async () => {
    const { amazon, clock, shop, call } = await startAmazon();
    const login = async (secret: string) => {
      const form = { grant_type: "refresh_token", refresh_token: String(shop.credentials.refreshToken) };
      const { clientId } = amazon.appSettings();
      const body = new URLSearchParams({ ...form, client_id: String(clientId), client_secret: secret });
      const response = await fetch(`${amazon.url}/auth/o2/token`, { method: "POST", body });
      return (await response.json()) as Record<string, unknown>;
    };
    const secret = String(amazon.appSettings().clientSecret);
    expect(await login("wrong")).toMatchObject({ error: "invalid_client" });
    await clock.advance(2 * hourMs);
    expect(await call("GET", `${reports}/reports/1`)).toMatchObject({ status: 403 });
    const { access_token: token, expires_in: seconds } = await login(secret);
    expect(seconds).toBe(3600);
    expect((await call("GET", `${reports}/reports/1`, undefined, String(token))).status).toBe(404);
    await clock.advance(minuteMs);
    amazon.endAccess(shop.shopId);
    expect(await call("GET", `${reports}/reports/1`, undefined, String(token))).toMatchObject({ status: 403 });
    const { access_token: next } = await login(secret);
    expect((await call("GET", `${reports}/reports/1`, undefined, String(next))).status).toBe(404);
    amazon.authorise(shop.shopId, false);
    expect(await login(secret)).toMatchObject({ error: "invalid_grant" });
    await amazon.stop();
  });
});

describe("reports", () => {
  it("take their time, end empty without returns, and are had at an address for five minutes", async () => {
    const { amazon, clock, shop, call } = await startAmazon();
    const make = async () => {
      const { json } = await call("POST", `${reports}/reports`, returnsReport(clock.now().getTime()));
      const path = `${reports}/reports/${json.reportId}`;
      expect((await call("GET", path)).json.processingStatus).toBe("IN_QUEUE");
      await clock.advance(5 * minuteMs);
      return (await call("GET", path)).json;
    };
    expect(await make()).toMatchObject({ processingStatus: "CANCELLED" });
    await amazon.openCase({ shopId: shop.shopId, plan: "return_in_policy", seed: 1 });
    const done = await make();
    expect(done).toMatchObject({ processingStatus: "DONE" });
    const { json } = await call("GET", `${reports}/documents/${done.reportDocumentId}`);
    expect(json.compressionAlgorithm).toBe("GZIP");
    const response = await fetch(String(json.url));
    expect(response.headers.get("content-type")).toBe("text/plain; charset=UTF-8");
    expect(new Uint8Array(await response.arrayBuffer()).slice(0, 2)).toEqual(new Uint8Array([0x1f, 0x8b]));
    await clock.advance(6 * minuteMs);
    expect((await fetch(String(json.url))).status).toBe(403);
    await amazon.stop();
  });

  it("cover at most 60 days, and are made once a minute", async () => {
    const { amazon, clock, call } = await startAmazon();
    const now = clock.now().getTime();
    expect(errorOf(await call("POST", `${reports}/reports`, returnsReport(now, 61)))).toBe("InvalidInput");
    const statuses: number[] = [];
    for (let asked = 0; asked < 16; asked++) {
      statuses.push((await call("POST", `${reports}/reports`, returnsReport(now))).status);
    }
    expect(statuses.slice(-2)).toEqual([429, 429]);
    const throttled = await call("POST", `${reports}/reports`, returnsReport(now));
    expect(errorOf(throttled)).toBe("QuotaExceeded");
    expect(throttled.headers.get("x-amzn-ratelimit-limit")).toBeNull();
    await amazon.stop();
  });
});

describe("a refund feed", () => {
  it("is carried out in its own time and tells failures by order, and Finances shows the rest late", async () => {
    const { amazon, clock, shop, call } = await startAmazon();
    const { channelCaseId } = await amazon.openCase({ shopId: shop.shopId, plan: "return_in_policy", seed: 3 });
    const found = amazon.case(channelCaseId);
    if (!found) throw new Error("no return");
    const send = async (amounts: Readonly<Record<string, string>>) => {
      const contentType = "text/xml; charset=UTF-8";
      const { json: place } = await call("POST", `${feeds}/documents`, { contentType });
      const body = refundFeed(shop.shopId, found, amounts);
      const put = await fetch(String(place.url), { method: "PUT", headers: { "content-type": contentType }, body });
      expect(put.status).toBe(200);
      const feed = {
        feedType: "POST_PAYMENT_ADJUSTMENT_DATA",
        marketplaceIds: ["ATVPDKIKX0DER"],
        inputFeedDocumentId: place.feedDocumentId,
      };
      const { status, json } = await call("POST", `${feeds}/feeds`, feed);
      expect(status).toBe(202);
      await clock.advance(15 * minuteMs);
      return (await call("GET", `${feeds}/feeds/${json.feedId}`)).json;
    };
    const failed = await send({ Principal: "99999.00" });
    expect(failed).toMatchObject({ processingStatus: "DONE" });
    const { json } = await call("GET", `${feeds}/documents/${failed.resultFeedDocumentId}`);
    const { gunzipSync } = await import("node:zlib");
    const report = gunzipSync(Buffer.from(await (await fetch(String(json.url))).arrayBuffer())).toString();
    expect(report).toContain(`<AmazonOrderID>${found.orderId}</AmazonOrderID>`);
    expect(amazon.ledger()).toEqual([]);

    await send({ Principal: "10.00" });
    expect(amazon.ledger()).toMatchObject([{ channelCaseId, amountMinor: 1000, executedBy: "merchant_api" }]);
    const events = async () => {
      const token = String((await amazon.openShop("Harbour Goods")).credentials.accessToken);
      const path = `/finances/v0/orders/${found.orderId}/financialEvents`;
      return JSON.stringify((await call("GET", path, undefined, token)).json).includes('"CurrencyAmount":-10');
    };
    expect(await events()).toBe(false);
    await clock.advance(9 * hourMs);
    expect(await events()).toBe(true);
    await amazon.stop();
  });
});
