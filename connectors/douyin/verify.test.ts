import { describe, expect, it } from "vitest";
import { paramJsonOf, signedRequest } from "./client.ts";
import { fixtures } from "./fixtures/index.ts";
import { checkPush, signCall, signPush } from "./verify.ts";

const { app, credentials, now } = fixtures;

// Computed in another language from the published algorithm; not output of the platform.
const calls = [
  {
    method: "afterSale.Detail",
    timestamp: "1790001000",
    paramJson: '{"after_sale_id":"7480000000000001473"}',
    hmac: "541a2b57deb29b9ebd12e0082b9eb44d6ac7dd29f70290092bea144d28bf421a",
    md5: "15a6ac4e85e10c2164fcb49d39ca2b74",
  },
  {
    method: "afterSale.operate",
    timestamp: "1790001060",
    paramJson:
      '{"items":[{"aftersale_id":"7480000000000001473","logistics":{"receiver_address_id":7310000000000000457},"remark":"旧 <1 件> & \'好\' 😀","update_time":1790000600}],"type":101}',
    hmac: "825a24a11e0943307e02ffbf3817122bdeef7f29a8a714b3541d66e6151f9dba",
    md5: "e2e4992e93b28ec79c76505241afd2d8",
  },
  {
    method: "shop.info",
    timestamp: "1790001120",
    paramJson: "{}",
    hmac: "8fb2f5a74d73e8c7dcc1d2013b3904c789cb864c7acf4a6b172d36aa14e8574c",
    md5: "df2df58f72811aa74a098eb032caccee",
  },
];

describe("signatures out", () => {
  it.each(calls)("signs $method with either method", ({ hmac, md5, ...call }) => {
    expect(signCall(app, { ...call, signMethod: "hmac-sha256" })).toBe(hmac);
    expect(signCall(app, { ...call, signMethod: "md5" })).toBe(md5);
  });

  it("writes the parameters in the one form that is signed", () => {
    const params = {
      type: 101,
      items: [
        {
          update_time: 1790000600,
          reason: undefined,
          remark: "旧 \u2028<1 件> & '好' 😀\u2029",
          logistics: { receiver_address_id: 7310000000000000457n },
          aftersale_id: "7480000000000001473",
        },
      ],
    };
    expect(paramJsonOf(params)).toBe(calls[1]?.paramJson);
    expect(paramJsonOf({})).toBe("{}");
  });

  it("sends exactly what it signed, with the token in the query and outside the signature", () => {
    const request = signedRequest({ app, credentials, now }, "/afterSale/Detail", { after_sale_id: "1" });
    const url = new URL(request.url);
    const { sign, access_token: token, ...rest } = Object.fromEntries(url.searchParams);
    expect(url.origin + url.pathname).toBe("https://openapi-fxg.jinritemai.com/afterSale/Detail");
    expect(token).toBe(credentials.accessToken);
    expect(rest).toEqual({
      app_key: app.appKey,
      method: "afterSale.Detail",
      timestamp: "1790001000",
      v: "2",
      sign_method: "hmac-sha256",
    });
    const call = { method: "afterSale.Detail", timestamp: "1790001000", paramJson: String(request.body) };
    expect(sign).toBe(signCall(app, { ...call, signMethod: "hmac-sha256" }));
    expect(request.headers?.["x-open-no-old-err-code"]).toBe("1");
  });

  it("leaves the token out of token calls", () => {
    const request = signedRequest({ app, credentials, now }, "/token/refresh", {}, false);
    expect(request.url).not.toContain("access_token");
  });
});

describe("signatures in", () => {
  const body = new TextEncoder().encode('[{"tag":"0","msg_id":"0","data":"2026-09-21T22:30:00+08:00 快递"}]');
  const md5 = "95a870324fd23b0fc32c10e1fc040c21";
  const hmac = "5e155820d3ca110290674173a7d7e3e9565dc164c5b095e3423076955cf669eb";

  it("signs a push with either method", () => {
    expect(signPush(app, body)).toBe(md5);
    expect(signPush(app, body, "hmac-sha256")).toBe(hmac);
  });

  it.each([
    ["either", md5, "match"],
    ["either", hmac, "match"],
    ["either", hmac.toUpperCase(), "match"],
    ["md5", md5, "match"],
    ["md5", hmac, "signature_malformed"],
    ["hmac-sha256", hmac, "match"],
    ["hmac-sha256", md5, "signature_malformed"],
    ["either", md5.replace("9", "8"), "signature_mismatch"],
    ["either", "sha1=none", "signature_malformed"],
  ] as const)("pinned to %s, answers %s with %s", (pushSigning, signature, expected) => {
    expect(checkPush({ ...app, pushSigning }, body, signature)).toBe(expected);
  });
});
