import { existsSync, readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { caseObservationSchema } from "#shared/case/observation.ts";
import { type CanonicalValue, parseLossless } from "#shared/json.ts";
import { caseOf } from "../../test/contract/case-of.ts";
import { scriptedHttp, worldOf } from "../../test/contract/scripted-http.ts";
import { actions } from "./actions.ts";
import { listAddresses } from "./addresses.ts";
import { paramJsonOf } from "./client.ts";
import { explain } from "./explain.ts";
import { updates } from "./feeds.ts";
import { commandOf } from "./fixtures/actions.ts";
import { answer } from "./fixtures/build.ts";
import { fixtures } from "./fixtures/index.ts";
import { normalize } from "./normalize.ts";
import { douyinPush } from "./push.ts";
import { tags } from "./tags.ts";
import { tokens } from "./tokens.ts";
import { signCall, signPush } from "./verify.ts";

// Constructed samples that are kept beside the repository, not in it.
const folder = new URL("../../../shared/channels/samples/douyin/", import.meta.url);
const isThere = existsSync(folder);
const files = isThere ? readdirSync(folder).filter((file) => file.endsWith(".json")) : [];
const textOf = (file: string) => readFileSync(new URL(file, folder), "utf8");
const lossless = (file: string) => parseLossless(textOf(file)) as Record<string, never>;
const app = { ...fixtures.app, appKey: "7000000000000000001", appSecret: "00000000-1111-4222-8333-444444444444" };
const shopId = fixtures.shopId;

describe.skipIf(!isThere)(`the samples${isThere ? "" : " (skipped: they are not beside this checkout)"}`, () => {
  it("are all read here, by name or, the pushes, by what they are", () => {
    const readHere = readFileSync(new URL(import.meta.url), "utf8");
    const isNamed = (file: string) => readHere.includes(`"${file}"`) || readHere.includes(`"${file.slice(0, -5)}"`);
    expect(files.filter((file) => !file.startsWith("webhook-") && !isNamed(file))).toEqual([]);
    expect(files).toHaveLength(57);
  });

  it("give the signatures of every vector", () => {
    const { gateway, webhook } = lossless("signing-vectors.json") as unknown as {
      gateway: Record<string, string>[];
      webhook: Record<string, string>[];
    };
    expect([gateway.length, webhook.length]).toEqual([6, 3]);
    for (const vector of gateway) {
      const { method = "", timestamp = "", param_json: paramJson = "", params } = vector;
      expect(paramJsonOf(withIds(params as unknown as CanonicalValue) as Record<string, CanonicalValue>)).toBe(
        paramJson,
      );
      const call = { method, timestamp, paramJson };
      expect(signCall(app, { ...call, signMethod: "hmac-sha256" })).toBe(vector.sign_hmac_sha256);
      expect(signCall(app, { ...call, signMethod: "md5" })).toBe(vector.sign_md5);
    }
    for (const vector of webhook) {
      const body = new TextEncoder().encode(vector.raw_body);
      expect(signPush(app, body)).toBe(vector.event_sign_md5);
      expect(signPush(app, body, "hmac-sha256")).toBe(vector.event_sign_hmac_sha256);
    }
  });

  it.each(files.filter((file) => file.startsWith("webhook-")))("take the push %s with either signature", (file) => {
    const {
      headers,
      raw_body: rawBody,
      decoded,
      ...rest
    } = lossless(file) as never as {
      headers: Record<string, string>;
      raw_body: string;
      decoded: { tag: string; msg_id: string; data: Record<string, string | number> }[];
      event_sign_if_hmac_sha256_is_configured: string;
      expected_reply: object;
    };
    const body = new TextEncoder().encode(rawBody);
    expect(douyinPush.verify({ headers, body }, [app], fixtures.now)).toEqual({ ok: true, live: 0 });
    const hmac = { ...headers, "event-sign": rest.event_sign_if_hmac_sha256_is_configured };
    expect(douyinPush.verify({ headers: hmac, body }, [app], fixtures.now)).toEqual({ ok: true, live: 0 });
    const { notices, ignored, rejected } = douyinPush.read({ headers, body });
    expect(rejected).toEqual([]);
    const cases = decoded.filter(({ tag }) => Object.hasOwn(tags, tag));
    expect(ignored).toHaveLength(decoded.length - cases.length);
    expect(notices.map((notice) => [notice.topic, notice.noticeId, notice.subject, notice.shopId])).toEqual(
      cases.map(({ tag, msg_id: id, data }) => [
        tag,
        id,
        { kind: "case", channelCaseId: String(data.aftersale_id) },
        String(data.shop_id),
      ]),
    );
    expect(JSON.parse(douyinPush.reply("accepted").body)).toEqual(rest.expected_reply);
  });

  it.each([
    ["detail-06-exchange", "exchange", "requested", "merchant", "none", "respond"],
    ["detail-06-refund-only-unshipped", "refund_only", "requested", "merchant", "pending", "respond"],
    ["detail-06-return-refund", "return_refund", "requested", "merchant", "pending", "respond"],
    ["detail-07-return-refund-wait-buyer", "return_refund", "approved", "buyer", "pending", "buyer_return"],
    ["detail-08-reissue-wait-seller-ship", "reissue", "approved", "merchant", "none", "ship_replacement"],
    ["detail-11-repair", "repair", "return_in_transit", "merchant", "none", "confirm_receipt"],
    [
      "detail-11-return-refund-shipped-back",
      "return_refund",
      "return_in_transit",
      "merchant",
      "pending",
      "confirm_receipt",
    ],
    ["detail-12-price-protection", "price_protection", "refunded", "nobody", "paid", ""],
    ["detail-12-refund-failed", "refund_only", "refunding", "channel", "failed", ""],
    ["detail-12-return-refund-refunded", "return_refund", "refunded", "nobody", "paid", ""],
    ["detail-12-return-refund-refunding", "return_refund", "refunding", "channel", "moving", ""],
    ["detail-13-exchange-replacement-shipped", "exchange", "received", "buyer", "none", "buyer_confirm"],
    ["detail-14-exchange-done", "exchange", "closed", "nobody", "none", ""],
    ["detail-27-disputed-evidence-needed", "return_refund", "rejected", "merchant", "pending", "buyer_appeal,evidence"],
    ["detail-27-refund-only-refused", "refund_only", "rejected", "buyer", "pending", "buyer_appeal"],
    ["detail-28-closed", "refund_only", "closed", "nobody", "none", ""],
    ["detail-29-return-refused-after-receipt", "return_refund", "rejected", "buyer", "pending", "buyer_appeal"],
  ])("read %s as %s, %s", (file, type, state, waitingOn, money, deadlines) => {
    const text = textOf(`${file}.json`);
    const { data: payload } = parseLossless(text) as Record<string, never>;
    const observation = caseObservationSchema.parse(normalize({ payload }, { shopId, observedAt: fixtures.now }));
    const { facts } = observation;
    expect(facts).toMatchObject({
      type: { value: type },
      state: { value: state },
      waitingOn,
      money: { status: money },
    });
    expect(facts.deadlines?.map(({ kind }) => kind).join()).toBe(deadlines);
    // Ids byte for byte, and no cipher text, name or street.
    expect(observation.channelCaseId).toBe(/"after_sale_id": (\d+)/.exec(text)?.[1]);
    expect(facts.orders?.[0]?.orderId).toBe(/"shop_order_id": (\d+)/.exec(text)?.[1]);
    expect(JSON.stringify(observation)).not.toMatch(/c2FtcGxl|示例产业园|海淀|example\.com|南山/);
  });

  it("page through the lists", async () => {
    const { http } = scriptedHttp([answer(textOf("list-page-0.json")), answer(textOf("list-page-1-last.json"))]);
    const world = { ...worldOf(fixtures, http), now: new Date(1_767_229_400_000) };
    const first = await updates.list({ from: 1_767_222_000, to: null, page: 0 }, world);
    const second = await updates.list(first.bookmark, world);
    expect([first.next.when, second.next.when]).toEqual(["now", "later"]);
    const ids = [...first.notices, ...second.notices].map(({ noticeId }) => noticeId);
    expect(ids).toHaveLength(5);
    expect(ids.at(-1)).toBe("list.update_time:7301234567890123401:1767229300");
    const empty = scriptedHttp([answer(textOf("list-empty.json"))]);
    expect((await updates.list(undefined, worldOf(fixtures, empty.http))).notices).toEqual([]);
  });

  it("ask for a window as the sample does, with pages as long as the channel allows", async () => {
    const { method, param_json: expected } = lossless("list-request.json") as never as {
      method: string;
      param_json: Record<string, number>;
    };
    const { http, requests } = scriptedHttp([answer(textOf("list-empty.json"))]);
    const { update_start_time: from = 0, update_end_time: to = 0, page = 0 } = expected;
    await updates.list({ from, to, page }, worldOf(fixtures, http));
    expect(new URL(requests[0]?.url ?? "").searchParams.get("method")).toBe(method);
    expect(JSON.parse(String(requests[0]?.body))).toEqual({ ...expected, size: 100 });
  });

  it("hold no failure in a decryption, a call that we do not make, though one of its rows failed", () => {
    expect(explain(answer(textOf("batch-decrypt-response.json")))).toBeUndefined();
    const { data } = lossless("batch-decrypt-response.json") as never as {
      data: { decrypt_infos: { auth_id: string; err_no: number }[] };
    };
    expect(data.decrypt_infos.map(({ auth_id: id, err_no: code }) => [id, code])).toEqual([
      ["6930000000000000104", 0],
      ["6930000000000000104", 300003],
    ]);
  });

  it.each([
    ["agree_return_101", "agree_return", 0, 6],
    ["agree_received_111", "agree_refund", 0, 11],
    ["agree_refund_only_201", "agree_refund", 1, 6],
    ["agree_exchange_301", "agree_exchange", 3, 6],
    ["ship_exchange_311", "ship_replacement", 3, 11],
    ["agree_unshipped_401", "agree_refund", 2, 6],
    ["refuse_return_102", "refuse", 0, 6],
  ] as const)("are what is sent: %s", async (name, action, type, status) => {
    const requests = lossless("operate-requests.json") as never as Record<string, { items: Record<string, never>[] }>;
    const expected = requests[name];
    const [item = {}] = expected?.items ?? [];
    const { data: payload } = structuredClone(lossless("detail-06-return-refund.json")) as never as {
      data: { process_info: { after_sale_info: object } };
    };
    Object.assign(payload.process_info.after_sale_info, {
      after_sale_id: item.aftersale_id,
      after_sale_type: type,
      after_sale_status: status,
    });
    const subject = caseOf(normalize({ payload }, { shopId, observedAt: fixtures.now }));
    const logistics = (item.logistics ?? {}) as Record<string, string>;
    const args = {
      addressId: logistics.receiver_address_id,
      carrier: logistics.company_code,
      trackingNo: logistics.logistics_code,
      ...(action === "refuse" && {
        reasonCode: "6",
        note: item.remark,
        evidence: [{ kind: "photo", url: "https://p3.example.com/ev1.jpg" }],
      }),
    };
    const reads = action === "refuse" ? [answer(textOf("reject-reason-list.json"))] : [];
    const { http, requests: sent } = scriptedHttp([...reads, answer(textOf("operate-response-success.json"))]);
    const command = commandOf(action, args, Number(item.update_time));
    await actions[action]?.send({ subject, command }, worldOf(fixtures, http));
    const body = JSON.parse(JSON.stringify(parseLossless(String(sent.at(-1)?.body))));
    if (action !== "refuse") return expect(body).toEqual(expected);
    // The reason's text is the channel's, and a description is the kind of evidence.
    const { reason: _, evidence: __, ...rest } = item as Record<string, never>;
    expect(body.items[0]).toMatchObject(rest);
    return expect(body.items[0].reason).toBe("商品影响二次销售");
  });

  it.each([
    ["operate-response-bad-case-id.json", "answer_unclear"],
    ["operate-response-manual-only.json", "channel_refused"],
    ["operate-response-state-changed.json", "case_changed"],
  ])("end a write in %s as %s", async (file, code) => {
    const { http } = scriptedHttp([answer(textOf(file))]);
    const { data: payload } = lossless("detail-06-refund-only-unshipped.json");
    const subject = caseOf(normalize({ payload }, { shopId, observedAt: fixtures.now }));
    const request = { subject, command: commandOf("agree_refund", {}) };
    await expect(actions.agree_refund?.send(request, worldOf(fixtures, http))).rejects.toMatchObject({ code });
  });

  it.each([
    ["token_expired", "credentials_rejected"],
    ["token_unknown", "credentials_rejected"],
    ["bad_signature", "misconfigured"],
    ["throttled", "rate_limited"],
    ["authorisation_closed", "credentials_rejected"],
    ["ip_not_allowed", "misconfigured"],
    ["service_busy", "channel_unavailable"],
    ["refresh_race", "channel_unavailable"],
    ["legacy_shape_without_new_code", undefined],
  ])("explain the error %s as %s", (name, code) => {
    expect(explain(answer(JSON.stringify(lossless("errors.json")[name])))?.code).toBe(code);
  });

  it("give the addresses with all their digits, and the tokens with their end", async () => {
    const { http } = scriptedHttp([answer(textOf("address-list.json"))]);
    const addresses = await listAddresses(worldOf(fixtures, http));
    expect(addresses.map(({ addressId, isDefault }) => [addressId, isDefault])).toEqual([
      ["7200000000000000123", true],
      ["7200000000000000124", false],
    ]);
    expect(JSON.stringify(addresses)).not.toContain("退货组");
    const token = scriptedHttp([answer(textOf("token-create-response.json").replace("10437917", "20558811"))]);
    const renewed = await tokens.refresh(worldOf(fixtures, token.http));
    expect(renewed.expiresAt).toBe("2026-09-28T14:30:00.000Z");
  });
});

/** Long ids of a vector's parameters as the raw integers that they are in the file. */
function withIds(value: CanonicalValue): CanonicalValue {
  if (Array.isArray(value)) return value.map(withIds);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, member]) =>
      key === "receiver_address_id" ? [key, BigInt(String(member))] : [key, withIds(member as CanonicalValue)],
    ),
  );
}
