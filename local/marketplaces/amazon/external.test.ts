import { expect, it } from "vitest";
import { minuteMs, startAmazon } from "./testing.ts";

const path = "/externalFulfillment/2024-09-11/returns";

async function startExternal(count: number) {
  const started = await startAmazon();
  const { amazon, shop } = started;
  for (let seed = 1; seed <= count; seed++)
    amazon.ask({ shopId: shop.shopId, plan: "by hand", seed, external: "alone" });
  const list = async (query: string) => {
    const { status, json } = await started.call("GET", `${path}?${query}`);
    return { status, returns: json.returns as { id: string }[], token: json.nextToken as string | undefined };
  };
  return { ...started, list };
}

it("lists in pages, of which the first is empty, and wants the filters again with a token", async () => {
  const { amazon, list } = await startExternal(3);
  const first = await list("maxResults=2");
  expect(first.returns).toEqual([]);
  const second = await list(`maxResults=2&nextToken=${first.token}`);
  expect(second.returns).toHaveLength(2);
  const third = await list(`maxResults=2&nextToken=${second.token}`);
  expect(third.returns).toHaveLength(1);
  expect(third.token).toBeUndefined();
  expect((await list(`maxResults=3&nextToken=${second.token}`)).status).toBe(400);
  await amazon.stop();
});

it("wants a location and a status with the time of change, and no more than a hundred", async () => {
  const { amazon, list } = await startExternal(0);
  expect((await list("lastUpdatedSince=2026-01-01T00:00:00Z")).status).toBe(400);
  expect((await list("maxResults=101")).status).toBe(400);
  await amazon.stop();
});

it("leaves what it shows alone out of the report", async () => {
  const { amazon, clock, shop, call } = await startExternal(1);
  const body = {
    reportType: "GET_FLAT_FILE_RETURNS_DATA_BY_RETURN_DATE",
    marketplaceIds: ["ATVPDKIKX0DER"],
    dataStartTime: new Date(clock.now().getTime() - 86_400_000).toISOString(),
  };
  const statusAfter = async () => {
    const { json } = await call("POST", "/reports/2021-06-30/reports", body);
    await clock.advance(5 * minuteMs);
    return (await call("GET", `/reports/2021-06-30/reports/${json.reportId}`)).json.processingStatus;
  };
  expect(await statusAfter()).toBe("CANCELLED");
  amazon.ask({ shopId: shop.shopId, plan: "by hand", seed: 8, external: "in_report" });
  expect(await statusAfter()).toBe("DONE");
  await amazon.stop();
});
