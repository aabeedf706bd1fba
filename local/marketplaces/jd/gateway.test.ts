import { existsSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { defaultSettings } from "./settings.ts";
import { signatureOf } from "./signing.ts";
import { dayMs, startJd } from "./test-client.ts";
import { chinaText } from "./wire.ts";

const waitNum = "jingdong.pop.afs.soa.refundapply.getWaitRefundNum";

describe("the signature", () => {
  const file = new URL("../../../../shared/channels/samples/jd/signing-vectors.json", import.meta.url);
  it.skipIf(!existsSync(file))("of each vector is reproduced (skipped where the samples are not at hand)", () => {
    const { secret, vectors, negative } = JSON.parse(readFileSync(file, "utf8"));
    for (const { params, sign } of vectors) expect(signatureOf(params, secret)).toBe(sign);
    expect(signatureOf(negative.params, secret)).toBe(negative.sign);
  });
});

describe("the gateway", () => {
  it("refuses each way of knocking wrongly with its own code, and with HTTP 200", async () => {
    const { jd, call, clock } = await startJd();
    const codeOf = async (change: Record<string, string>, method = waitNum) => {
      const { status, root, body } = await call(method, {}, change);
      expect(status).toBe(200);
      return root === "error_response" ? body.code : root;
    };
    expect(await codeOf({})).toBe("jingdong_pop_afs_soa_refundapply_getWaitRefundNum_responce");
    expect(await codeOf({ app_key: " " })).toBe("20");
    expect(await codeOf({ app_key: "F".repeat(32) })).toBe("21");
    expect(await codeOf({ method: "" })).toBe("14");
    expect(await codeOf({}, waitNum.toLowerCase())).toBe("15");
    expect(await codeOf({ timestamp: "" })).toBe("7");
    expect(await codeOf({ timestamp: chinaText(clock.now().getTime() - 361_000) })).toBe("8");
    expect(await codeOf({ timestamp: `${chinaText(clock.now().getTime() + 359_000)}.000+0800` })).toMatch(/_responce$/);
    expect(await codeOf({ v: "" })).toBe("4");
    expect(await codeOf({ v: "1.0" })).toBe("5");
    expect(await codeOf({ sign: "" })).toBe("11");
    expect(await codeOf({ sign: "0".repeat(32) })).toBe("12");
    expect(await codeOf({ access_token: "" })).toBe("18");
    expect(await codeOf({ access_token: "nobody's" })).toBe("19");
    expect(await codeOf({ "360buy_param_json": "[]" })).toBe("61");
    await jd.stop();
  });

  it("counts the app's calls of a day in China", async () => {
    const { jd, call, clock } = await startJd({ settings: { callsPerDay: 2 } });
    const outcome = async () => (await call(waitNum, {})).body.code;
    expect([await outcome(), await outcome(), await outcome()]).toEqual(["0", "0", "2"]);
    await clock.advance(dayMs);
    expect(await outcome()).toBe("0");
    await jd.stop();
  });

  it("says a business no with the outer code 0", async () => {
    const { jd, shop, asc, about } = await startJd();
    const [{ key }] = jd.applyForService({ shopId: shop.shopId, plan: "by hand", seed: 1, expect: 10 });
    const { root, body } = await asc("audit.refuse", {
      ...about(key),
      sysVersion: 9,
      approveNotes: "x",
      approveReasonCid1: 130,
    });
    expect(root).toBe("jingdong_asc_audit_refuse_responce");
    expect(body).toMatchObject({ code: "0", result: { success: false, msg: "服务单版本号不一致" } });
    expect(jd.case(key)).toMatchObject({ status: 10001, sysVersion: 1 });
    await jd.stop();
  });

  it("takes ids as bare numbers only, and another merchant's id from nobody", async () => {
    const { jd, shop, asc, about } = await startJd();
    const [{ key, serviceId }] = jd.applyForService({ shopId: shop.shopId, plan: "by hand", seed: 1, expect: 10 });
    expect((await asc("query.view", { ...about(key), serviceId })).body.code).toBe("61");
    // Rounded on the way, as by a client that reads ids into doubles.
    expect((await asc("query.view", { ...about(key), serviceId: BigInt(Number(serviceId)) })).body).toMatchObject({
      result: { success: false },
    });
    expect((await asc("query.view", { ...about(key), buId: "999999" })).body).toMatchObject({
      result: { success: false },
    });
    await jd.stop();
  });

  it("carries a call out before it loses the answer, and never before a server error", async () => {
    const { jd, shop, call } = await startJd();
    const reply = async (seed: number, fault: "answersLost" | "serverError") => {
      const { id, key } = jd.applyForRefund({ shopId: shop.shopId, plan: "by hand", seed, isShipped: false });
      jd.inject({ [fault]: 1 });
      const params = { id: BigInt(id), status: 1, checkUserName: "ops", remark: "同意" };
      await call("jingdong.pop.afs.soa.refundapply.replyRefund", params).catch(() => undefined);
      jd.inject({});
      return jd.case(key)?.status;
    };
    expect(await reply(1, "answersLost")).toBe(1);
    expect(await reply(2, "serverError")).toBe(0);
    await jd.stop();
  });
});

describe("tokens", () => {
  it("are renewed only in their last 24 hours, and both are new then", async () => {
    const { jd, shop, clock, call } = await startJd();
    const { appKey, appSecret } = defaultSettings;
    const ask = async (path: string, more: Record<string, string>) => {
      const query = new URLSearchParams({ app_key: appKey, app_secret: appSecret, ...more });
      return (await (await fetch(`${jd.url}/oauth2/${path}?${query}`)).json()) as Record<string, unknown>;
    };
    const renew = { grant_type: "refresh_token", refresh_token: String(shop.credentials.refreshToken) };
    expect((await ask("refresh_token", renew)).access_token).toBeUndefined();
    await clock.advance(364 * dayMs + 3_600_000);
    const renewed = await ask("refresh_token", renew);
    expect(renewed).toMatchObject({ expires_in: 365 * 86_400, xid: `o*sim-${shop.shopId}` });
    expect((await call(waitNum, {})).body.code).toBe("19");
    expect((await call(waitNum, {}, { access_token: String(renewed.access_token) })).body.code).toBe("0");
    expect((await ask("refresh_token", renew)).access_token).toBeUndefined();

    const code = jd.consentCode(shop.shopId);
    const grant = { grant_type: "authorization_code", code };
    expect((await ask("access_token", grant)).access_token).toBeTypeOf("string");
    expect((await ask("access_token", grant)).access_token).toBeUndefined();
    await jd.stop();
  });
});
