import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Json } from "#shared/json.ts";
import { fixtures } from "./fixtures/index.ts";
import { bodies, requestOf } from "./fixtures/pushes.ts";
import { douyinPush } from "./push.ts";
import { tags } from "./tags.ts";
import { signPush } from "./verify.ts";

const { app, now } = fixtures;
const bytes = (text: string) => new TextEncoder().encode(text);
const read = (text: string) => douyinPush.read({ headers: {}, body: bytes(text) });
const record = (tag: string, data: string, id = "m") => JSON.stringify([{ tag, msg_id: id, data }]);

describe("verify", () => {
  const genuine = requestOf(app, bytes(bodies.one));

  it.each([
    ["no signature", { "event-sign": undefined }, "signature_missing"],
    ["no app", { "app-id": undefined }, "header_missing"],
    ["another app", { "app-id": "7200000000000000098" }, "app_mismatch"],
    ["two signatures", { "event-sign": `${genuine.headers["event-sign"]},x` }, "signature_malformed"],
  ])("refuses %s", (_, headers, reason) => {
    const request = { ...genuine, headers: { ...genuine.headers, ...headers } };
    expect(douyinPush.verify(request, [app], now)).toEqual({ ok: false, reason });
  });

  it("pays no heed to what a header says about the method", () => {
    const headers = { ...genuine.headers, "sign-method": "none" };
    expect(douyinPush.verify({ ...genuine, headers }, [app], now).ok).toBe(true);
  });

  it("takes a batch that was signed with HMAC", () => {
    const headers = { ...genuine.headers, "event-sign": signPush(app, genuine.body, "hmac-sha256") };
    expect(douyinPush.verify({ ...genuine, headers }, [app], now)).toEqual({ ok: true, live: 0 });
  });

  it("answers an unsigned probe, and stores nothing of it", () => {
    const request = { headers: { "content-type": "application/json" }, body: bytes(bodies.probe) };
    expect(douyinPush.verify(request, [app], now)).toEqual({ ok: true, live: 0 });
    expect(douyinPush.read(request)).toMatchObject({ notices: [], rejected: [] });
    expect(douyinPush.reply("accepted")).toEqual({
      status: 200,
      contentType: "application/json",
      body: '{"code":0,"msg":"success"}',
    });
  });

  it.each([
    ["a probe with a wrong signature", bodies.probe, { "app-id": app.appKey, "event-sign": "0".repeat(32) }],
    ["a record hidden behind a probe", `${bodies.probe.slice(0, -1)},${bodies.one.slice(1)}`, {}],
    ["a long probe", `[{"tag":"0","data":"${"x".repeat(600)}"}]`, {}],
    ["an empty list", "[]", {}],
    ["no JSON", "probe", {}],
  ])("refuses %s", (_, body, headers) => {
    expect(douyinPush.verify({ headers, body: bytes(body) }, [app], now).ok).toBe(false);
  });

  it.each([
    { appKey: "7" },
    { appKey: "7", appSecret: "" },
    { appKey: "x", appSecret: "0".repeat(32) },
  ])("does not start with the settings %j", (settings) => {
    expect(() => douyinPush.app(settings)).toThrow(expect.objectContaining({ code: "misconfigured" }));
  });
});

describe("read", () => {
  it.each(Object.keys(tags))("makes a notice of tag %s", (tag) => {
    const { notices } = read(record(tag, '{"aftersale_id":7480000000000001473,"shop_id":20558811}'));
    expect(notices).toMatchObject([{ topic: tag, opens: tag === "200" || tag === "224" }]);
  });

  it.each(["1", "100", "210", "219", "220", "221", "222", "223", "228", "999"])("acknowledges tag %s", (tag) => {
    const { notices, ignored, rejected } = read(record(tag, "anything"));
    expect([notices.length, ignored.length, rejected.length]).toEqual([0, 1, 0]);
  });

  it.each([
    ["no data", '[{"tag":"200","msg_id":"m"}]', "data is no JSON object"],
    ["data that is a list", record("200", "[]"), "data is no JSON object"],
    ["a rounded id", record("200", '{"aftersale_id":7.48e18,"shop_id":1}'), "no aftersale_id"],
    ["a negative id", record("200", '{"aftersale_id":-1,"shop_id":1}'), "no aftersale_id"],
    ["an id with leading zeros", record("200", '{"aftersale_id":"007","shop_id":1}'), "no aftersale_id"],
    [
      "an id that only a nested object has",
      record("200", '{"x":{"aftersale_id":74800000000000014},"shop_id":1}'),
      "no aftersale_id",
    ],
    ["no shop", record("200", '{"aftersale_id":1}'), "no shop_id"],
    ["no tag", '[{"msg_id":"m","data":"{}"}]', "no tag"],
    ["no object", "[12]", "no tag"],
  ])("sets a record aside that has %s", (_, body, why) => {
    expect(read(body)).toMatchObject({ notices: [], rejected: [{ why }] });
  });

  it("keeps the good records of a batch with bad ones, each alone", () => {
    const { notices, rejected } = read(bodies.mixed);
    expect(notices).toHaveLength(2);
    expect(rejected.map(({ record: kept }) => JSON.parse(kept))).toHaveLength(4);
  });

  it("gives the same id to the same message where the channel gives none", () => {
    const data = '{"aftersale_id":7480000000000001473,"shop_id":20558811}';
    const body = JSON.stringify([{ tag: "200", data }]);
    const [first] = read(body).notices;
    expect(first?.noticeId).toMatch(/^sha256:[0-9a-f]{64}$/);
    expect(read(body).notices[0]).toEqual(first);
    expect(read(JSON.stringify([{ tag: "201", data }])).notices[0]?.noticeId).not.toBe(first?.noticeId);
  });

  it("keeps every digit of an id, whatever else the record holds", () => {
    const json = fc.jsonValue({ maxDepth: 2 }) as fc.Arbitrary<Json>;
    const id = fc.bigInt({ min: 1n, max: 10n ** 19n - 1n }).map(String);
    const key = fc.constantFrom("a", "x", "aftersale_id", "\\u0061ftersale_id", 'b":', "shop");
    fc.assert(
      fc.property(
        id,
        fc.array(fc.tuple(key, json), { maxLength: 3 }),
        fc.constantFrom("", " ", "\n"),
        (digits, rest, gap) => {
          const before = rest.map(
            ([name, value]) => `"n${name.replace('"', "")}":${JSON.stringify({ [name]: value })},`,
          );
          const data = `{${before.join("")}"aftersale_id"${gap}:${gap}${digits},"shop_id":20558811}`;
          expect(read(record("203", data)).notices[0]?.subject).toEqual({ kind: "case", channelCaseId: digits });
        },
      ),
    );
  });

  it("takes the last of two equal keys, as every JSON parser does", () => {
    const data = '{"aftersale_id":7480000000000000001,"aftersale_id":7480000000000000003,"shop_id":1}';
    expect(read(record("203", data)).notices[0]?.subject).toMatchObject({ channelCaseId: "7480000000000000003" });
  });
});

describe("reply", () => {
  it.each([
    ["unauthorized", 401, 40044],
    ["unreadable", 400, 40041],
    ["unsupported_media", 415, 40041],
    ["too_large", 413, 40041],
    ["unavailable", 503, 40044],
  ] as const)("answers %s with %i and the platform's code %i", (outcome, status, code) => {
    const reply = douyinPush.reply(outcome);
    expect([reply.status, JSON.parse(reply.body).code]).toEqual([status, code]);
  });
});

it("loads neither a schema library nor a client", () => {
  const loaded = new Set<string>();
  const visit = (file: URL) => {
    if (loaded.has(file.pathname)) return;
    loaded.add(file.pathname);
    const imports = readFileSync(file, "utf8").matchAll(/^import (?!type )[^;]*?from "([^"]+)";/gm);
    for (const [, from = ""] of imports) {
      if (from.startsWith(".")) visit(new URL(from, file));
      else if (from.startsWith("#shared/")) visit(new URL(`../../shared/${from.slice(8)}`, import.meta.url));
      else expect(from).toMatch(/^node:/);
    }
  };
  visit(new URL("./push.ts", import.meta.url));
  expect([...loaded].map((path) => path.split("/").at(-1)).sort()).toEqual([
    "digest.ts",
    "errors.ts",
    "instant-of.ts",
    "json.ts",
    "push.ts",
    "tags.ts",
    "time.ts",
    "verify.ts",
  ]);
});
