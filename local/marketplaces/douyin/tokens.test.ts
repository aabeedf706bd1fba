import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { dayMs, hourMs, minuteMs, startDouyin } from "./test-client.ts";

let sim: Awaited<ReturnType<typeof startDouyin>>;
beforeEach(async () => {
  sim = await startDouyin();
});
afterEach(() => sim.douyin.stop());

const refresh = (token: unknown) =>
  sim.call("/token/refresh", { grant_type: "refresh_token", refresh_token: token }, { access_token: "" });
const create = (params: Record<string, string>) => sim.call("/token/create", params, { access_token: "" });
const works = async (token: unknown) =>
  (await sim.call("/afterSale/List", { page: 0, size: 1 }, { access_token: String(token) })).subCode || "yes";
const first = () => ({ access: sim.shop.credentials.accessToken, refresh: sim.shop.credentials.refreshToken });

describe("refreshing", () => {
  it("gives the same pair with the same end while more than an hour is left", async () => {
    await sim.clock.advance(6 * dayMs);
    const { data } = await refresh(first().refresh);
    expect(data).toMatchObject({ access_token: first().access, refresh_token: first().refresh, expires_in: 86_400 });
  });

  it("gives a new pair in the last hour and lets the old one live an hour more", async () => {
    await sim.clock.advance(7 * dayMs - 30 * minuteMs);
    const { data } = await refresh(first().refresh);
    expect(data).toMatchObject({ expires_in: 604_800 });
    expect(data.access_token).not.toBe(first().access);
    await sim.clock.advance(59 * minuteMs);
    expect([await works(first().access), await works(data.access_token)]).toEqual(["yes", "yes"]);
    await sim.clock.advance(2 * minuteMs);
    expect([await works(first().access), await works(data.access_token)]).toEqual(["isv.access-token-expired", "yes"]);
  });

  it("gives a new pair when the old one was ended before its time", async () => {
    sim.douyin.endAccess(sim.shop.shopId);
    expect(await works(first().access)).toBe("isv.access-token-expired");
    const { data } = await refresh(first().refresh);
    expect([await works(first().access), await works(data.access_token)]).toEqual(["isv.access-token-expired", "yes"]);
  });

  it("gives a new pair after the end, and the old one is dead", async () => {
    await sim.clock.advance(8 * dayMs);
    expect(await works(first().access)).toBe("isv.access-token-expired");
    const { data } = await refresh(first().refresh);
    expect([await works(first().access), await works(data.access_token)]).toEqual(["isv.access-token-expired", "yes"]);
  });

  it("ends after fourteen days", async () => {
    await sim.clock.advance(14 * dayMs);
    expect((await refresh(first().refresh)).subCode).toBe("dop.token-generate-failed:token-expired");
  });

  it("tells the slower of two at once to call again, which then gets the new pair", async () => {
    await sim.clock.advance(7 * dayMs - 30 * minuteMs);
    const { data } = await refresh(first().refresh);
    expect(await refresh(first().refresh)).toMatchObject({ code: 50002, subCode: "isv.business-failed:31012" });
    expect((await refresh(first().refresh)).data.access_token).toBe(data.access_token);
  });

  it("names a missing and an unknown refresh token", async () => {
    expect((await refresh("")).subCode).toBe("isv.business-failed:31009");
    expect((await refresh("nobody")).subCode).toBe("dop.token-generate-failed:token-invalid");
  });
});

describe("granting", () => {
  it("gives a self-use app the shop's pair without a browser", async () => {
    const { data } = await create({ code: "", grant_type: "authorization_self", shop_id: sim.shop.shopId });
    expect(data).toMatchObject({ access_token: first().access, shop_id: Number(sim.shop.shopId) });
    const other = await create({ code: "", grant_type: "authorization_self", shop_id: "1" });
    expect(other.subCode).toBe("dop.token-generate-failed:no-authorization");
  });

  it("takes a consent code once, within ten minutes", async () => {
    const code = sim.douyin.consentCode(sim.shop.shopId);
    const late = sim.douyin.consentCode((await sim.douyin.openShop("第二家")).shopId);
    expect((await create({ code, grant_type: "authorization_code" })).code).toBe(10000);
    expect((await create({ code, grant_type: "authorization_code" })).subCode).toMatch(/code-invalid$/);
    await sim.clock.advance(hourMs);
    expect((await create({ code: late, grant_type: "authorization_code" })).subCode).toMatch(/code-expired$/);
  });

  it("wants the code present even where it is empty", async () => {
    expect((await create({ grant_type: "authorization_self", shop_id: sim.shop.shopId })).code).toBe(40002);
  });

  it("opens the test shop on demand", async () => {
    const { data } = await create({ code: "", grant_type: "authorization_self", test_shop: "1" });
    expect(data.shop_name).toBe("测试店铺");
  });
});
