import { existsSync, readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import type { HttpResponse, RawCase, World } from "#connectors/contract.ts";
import type { Action } from "#shared/case/command.ts";
import type { ChannelCaseId, ShopId } from "#shared/case/ids.ts";
import type { Notice } from "#shared/case/notice.ts";
import type { Facts } from "#shared/case/observation.ts";
import { isSuiteError } from "#shared/errors.ts";
import { parseLossless } from "#shared/json.ts";
import { scriptedHttp, worldOf } from "../../test/contract/scripted-http.ts";
import { businessFailure } from "./business-failure.ts";
import { outerNodeOf } from "./client.ts";
import { fixtures } from "./fixtures/index.ts";
import { taobao } from "./index.ts";
import { listOf, tokenSchema } from "./schema.ts";
import { signMethods, type TaobaoApp, type TaobaoCredentials } from "./settings.ts";
import { signatureOf } from "./verify.ts";

const folder = new URL("../../../shared/channels/samples/taobao/", import.meta.url);
const isThere = existsSync(folder);
const why = isThere ? "" : " (skipped: the shared samples are not beside this checkout)";
const textOf = (name: string) => readFileSync(new URL(name, folder), "utf8");
const sample = (name: string) => parseLossless(textOf(name)) as Record<string, unknown>;
const answerOf = (name: string): HttpResponse => ({ status: 200, headers: {}, body: Buffer.from(textOf(name)) });
const context = { shopId: "2200000000001" as ShopId, observedAt: new Date("2026-03-20T00:00:00Z") };

const inner = (name: string, method: string) =>
  (sample(name)[outerNodeOf(method)] ?? sample(name)) as Record<string, unknown>;
const refundOf = (name: string, method = "taobao.refund.get"): RawCase => ({
  payload: { shop: "tmall", refund: inner(name, method).refund },
});

/** State, type, whose turn, claimed fen, deadline kind and flags, as the sheet's mapping gives them. */
type Expected = [state: string, type: string, turn: string, fen: number | undefined, deadline: string | undefined];
function summary({ facts }: { facts: Partial<Facts> }): Expected {
  const { state, type, waitingOn, money, deadlines } = facts;
  const [deadline] = deadlines ?? [];
  return [
    state?.known ? state.value : "unknown",
    type?.known ? type.value : "unknown",
    waitingOn ?? "",
    money?.claimed?.amountMinor,
    deadline && `${deadline.kind} ${deadline.dueAt} ${deadline.onExpiry}`,
  ];
}

const refunds: Record<string, Expected> = {
  "refund-get.wait-seller-agree.refund-only-unshipped.json": [
    "requested",
    "refund_only",
    "merchant",
    19900,
    "respond 2026-03-02T01:12:03.000Z auto_refund",
  ],
  "refund-get.wait-seller-agree.refund-only-in-transit.json": [
    "requested",
    "refund_only",
    "merchant",
    8880,
    "respond 2026-03-05T00:05:44.000Z auto_refund",
  ],
  "refund-get.wait-seller-agree.return-refund.json": [
    "requested",
    "return_refund",
    "merchant",
    25900,
    "respond 2026-03-06T03:20:00.000Z auto_approve",
  ],
  "refund-get.wait-buyer-return-goods.json": [
    "approved",
    "return_refund",
    "buyer",
    25900,
    "buyer_return 2026-03-11T07:02:31.000Z auto_close",
  ],
  "refund-get.wait-seller-confirm-goods.json": [
    "return_in_transit",
    "return_refund",
    "merchant",
    25900,
    "confirm_receipt 2026-03-16T10:40:12.000Z auto_refund",
  ],
  "refund-get.seller-refuse-buyer.json": [
    "rejected",
    "refund_only",
    "buyer",
    8880,
    "buyer_appeal 2026-03-09T02:00:05.000Z auto_close",
  ],
  "refund-get.success.json": ["refunded", "return_refund", "nobody", 25900, undefined],
  "refund-get.closed.json": ["closed", "return_refund", "nobody", 25900, undefined],
  "refund-get.disputed.cs-intervened.json": [
    "requested",
    "return_refund",
    "channel",
    25900,
    "respond 2026-03-08T08:30:00.000Z unknown",
  ],
  "refund-get.aftersale-partial.json": [
    "requested",
    "refund_only",
    "merchant",
    1200,
    "respond 2026-03-12T00:00:01.000Z auto_refund",
  ],
  "refund-get.reshipping.json": [
    "requested",
    "reissue",
    "merchant",
    undefined,
    "respond 2026-03-14T11:44:10.000Z unknown",
  ],
};

describe.skipIf(!isThere)(`the samples of the sheet${why}`, () => {
  it.each(Object.entries(refunds))("normalises %s", (name, expected) => {
    expect(summary(taobao.normalize(refundOf(name), context))).toEqual(expected);
  });

  it("leaves no sample of a refund out", () => {
    const names = readdirSync(folder).filter((name) => name.startsWith("refund-get."));
    expect(names.sort()).toEqual(Object.keys(refunds).sort());
  });

  it("keeps ids above 2^53 with every digit, and echoes the version in milliseconds", () => {
    const { facts, version, channelCaseId } = taobao.normalize(refundOf("refund-get.success.json"), context);
    expect(facts.orders).toEqual([{ orderId: "2398715623451100033", lineId: "2398715623451100034" }]);
    expect([version, channelCaseId]).toEqual([1772932540012, "186000000000000103"]);
    expect(facts.goods?.wayBack).toEqual({
      carrier: "申通快递",
      trackingNo: "7730000000001",
      reportedAt: "2026-03-06T10:40:12.000Z",
    });
    expect(facts.money).toMatchObject({ status: "paid", settled: { amountMinor: 25900, currency: "CNY" } });
  });

  it("marks a disputed case that only the web takes", () => {
    const { facts } = taobao.normalize(refundOf("refund-get.disputed.cs-intervened.json"), context);
    expect(facts.flags).toEqual(["web_only"]);
    expect(facts.dispute?.status).toEqual({ known: true, value: "under_review", raw: "3" });
  });

  it("takes price protection for what it is", () => {
    const raw = refundOf("special-refund-get.price-protect.json", "taobao.special.refund.get");
    const observation = taobao.normalize(raw, context);
    expect(summary(observation)).toEqual(["refunded", "price_protection", "nobody", 2000, undefined]);
    expect(observation.facts.outcome).toBe("partially_refunded");
  });

  it.each(["page", "page.total-results", "page.simplify"])("reads the rows of refunds-receive-get.%s", (name) => {
    const rows = listOf(inner(`refunds-receive-get.${name}.json`, "taobao.refunds.receive.get").refunds, "refund");
    expect(rows.length).toBeGreaterThan(0);
    for (const refund of rows) {
      const { facts } = taobao.normalize({ payload: { shop: "tmall", refund } }, context);
      expect(facts.state?.known && facts.type?.known).toBe(true);
      expect(facts.deadlines).toEqual([]);
    }
  });

  it.each([
    "page",
    "page.total-results",
    "page.simplify",
    "empty",
  ])("sweeps over refunds-receive-get.%s", async (name) => {
    const page = await listed("refunds", answerOf(`refunds-receive-get.${name}.json`));
    const rows = listOf(inner(`refunds-receive-get.${name}.json`, "taobao.refunds.receive.get").refunds, "refund");
    expect(page?.notices).toHaveLength(rows.length);
    expect(page?.rejected).toEqual([]);
  });

  it("normalises a row of the list of disputes, numbered status and all", () => {
    const { result } = inner("tmall-dispute-receive-get.page.json", "tmall.dispute.receive.get") as {
      result: { results: unknown };
    };
    const [refund] = listOf(result.results, "dispute");
    const typed = { ...(refund as object), dispute_type: undefined };
    const observation = taobao.normalize({ payload: { shop: "tmall", refund: typed } }, context);
    expect(summary(observation)).toEqual([
      "return_in_transit",
      "return_refund",
      "merchant",
      25900,
      "confirm_receipt 2026-03-16T10:40:12.000Z auto_refund",
    ]);
  });

  it("normalises exchanges, by Chinese text and by number", () => {
    const { result } = inner("tmall-exchange-get.pending.json", "tmall.exchange.get") as {
      result: { exchange: unknown };
    };
    const rows = listOf(
      inner("tmall-exchange-receive-get.page.json", "tmall.exchange.receive.get").results,
      "exchange",
    );
    const summaries = [result.exchange, ...rows].map((exchange) =>
      summary(taobao.normalize({ payload: { shop: "tmall", exchange } }, context)),
    );
    expect(summaries).toEqual([
      ["requested", "exchange", "merchant", undefined, "respond 2026-03-07T01:00:00.000Z auto_approve"],
      ["return_in_transit", "exchange", "merchant", undefined, "confirm_receipt 2026-03-18T04:00:00.000Z auto_confirm"],
      ["received", "exchange", "merchant", undefined, "ship_replacement 2026-03-12T04:00:00.000Z unknown"],
      ["closed", "exchange", "nobody", undefined, undefined],
    ]);
  });

  it("reads the message queue: every message but its shop's end of authorisation names a case", async () => {
    const page = await listed("messages", answerOf("tmc-messages-consume.json"));
    expect(page?.receipts).toHaveLength(7);
    expect(page?.notices.map(({ subject }) => (subject.kind === "case" ? subject.channelCaseId : subject.by))).toEqual([
      "186000000000000101",
      "186000000000000103",
      "186000000000000103",
      "186000000000000111",
      "186000000000000401",
      "186000000000000109",
      "authorisation",
    ]);
    expect((await listed("messages", answerOf("tmc-messages-consume.empty.json")))?.next).toEqual({ when: "later" });
    const { http } = scriptedHttp([answerOf("tmc-messages-confirm.json")]);
    await taobao.feeds?.messages?.confirm?.(["1"], world(http));
  });

  it("asks for the shop's messages", async () => {
    expect((await listed("subscription", answerOf("tmc-user-permit.json")))?.notices).toEqual([]);
  });

  it.each([
    ["flow-limit", "rate_limited"],
    ["invalid-session", "credentials_rejected"],
    ["invalid-signature", "misconfigured"],
    ["invalid-timestamp", "misconfigured"],
    ["isp-timeout", "channel_unavailable"],
    ["isv-invalid-parameter", "channel_refused"],
    ["permission", "misconfigured"],
  ])("explains error-response.%s", (name, code) => {
    expect(taobao.explain(answerOf(`error-response.${name}.json`))?.code).toBe(code);
  });

  it("waits as long as the ban says, and a second", () => {
    expect(taobao.explain(answerOf("error-response.flow-limit.json"))?.details.retryAfterMs).toBe(2000);
  });

  it("reads the seller's return address", async () => {
    const { http } = scriptedHttp([answerOf("logistics-address-search.json")]);
    const addresses = await taobao.listAddresses?.(world(http));
    expect(addresses).toEqual([
      { addressId: "3141592653", label: "浙江省杭州市余杭区示例路1号A库 311100", isDefault: true },
    ]);
  });

  it("keeps the five ends of a token apart, and knows that it cannot be renewed", async () => {
    const { create } = await import("./tokens.ts");
    const { http } = scriptedHttp([answerOf("top-auth-token-create.json")]);
    const credentials = await create({ ...world(http), shopId: context.shopId }, "code");
    expect(credentials).toEqual({
      shopKind: "tmall",
      accessToken: "6200example0access0token",
      expiresAt: "2027-02-28T00:00:00.000Z",
      writableUntil: credentials.expiresAt,
      sensitiveWritableUntil: credentials.expiresAt,
      subAccount: "示例旗舰店:售后01",
    });
  });

  it("reproduces every signing vector", () => {
    const { vectors } = JSON.parse(textOf("signing-vectors.json")) as {
      vectors: {
        name: string;
        secret: string;
        params: Record<string, string>;
        expected_sign: string;
        excluded_file_params: string[];
      }[];
    };
    expect(vectors.length).toBeGreaterThan(5);
    for (const { name, secret, params, expected_sign: expected, excluded_file_params: files } of vectors) {
      const method = signMethods.find((each) => each === params.sign_method);
      const texts = Object.fromEntries(Object.entries(params).filter(([param]) => !files.includes(param)));
      expect(method && signatureOf(texts, { secret, method }), name).toBe(expected);
    }
  });

  it.each([
    ["rp-refunds-agree.success.json", undefined],
    ["rp-refunds-agree.partial.json", "case_changed"],
    ["rp-refunds-agree.sms-code-required.json", "channel_refused"],
  ])("tells what %s says about a case", async (name, code) => {
    const example = exampleOf("agree_refund", 0);
    const about = name.includes("partial") ? "186000000000000110" : "186000000000000103";
    const subject = { ...example.subject, channelCaseId: about as ChannelCaseId };
    const { http } = scriptedHttp([answerOf(name)]);
    const end = await taobao.actions?.agree_refund?.send({ subject, command: example.command }, world(http)).then(
      () => undefined,
      (error: unknown) => error,
    );
    expect(isSuiteError(end) ? end.code : end).toBe(code);
    if (name.includes("sms")) expect(isSuiteError(end) && end.details.manualOnly).toBe(true);
  });

  it.each([
    ["rp-returngoods-agree.json", "agree_return", 0],
    ["refund-refuse.json", "refuse", 0],
    ["rp-returngoods-refuse.json", "refuse", 1],
    ["refund-message-add.json", "message_buyer", 0],
    ["tmall-exchange-agree.json", "agree_exchange", 0],
  ] as const)("takes %s for a yes to %s", async (name, action, place) => {
    const { subject, command, reads = [] } = exampleOf(action, place);
    const { http, requests } = scriptedHttp([...reads, answerOf(name)]);
    await taobao.actions?.[action]?.send({ subject, command }, world(http));
    expect(requests).toHaveLength(reads.length + 1);
  });

  it("refuses with a reason of the sample, and with no other", async () => {
    const { subject, command, reads = [], accepted } = exampleOf("refuse", 0);
    const refuse = (reasonCode: string) => {
      const { http } = scriptedHttp([answerOf("refund-refusereason-get.json"), ...reads.slice(1), accepted]);
      const wish = { ...command, args: { ...command.args, reasonCode } };
      return taobao.actions?.refuse?.send({ subject, command: wish }, world(http));
    };
    await refuse("16");
    await expect(refuse("17")).rejects.toMatchObject({ code: "channel_refused" });
  });

  it.each([
    ["refund-detail-get.json", "taobao.refund.detail.get", "1772594400233"],
    ["refund-status-get.json", "taobao.refund.status.get", "2398715623451100034"],
    ["refund-messages-get.json", "taobao.refund.messages.get", "60000000002"],
    ["refund-negotiatereturn-render.json", "taobao.refund.negotiatereturn.render", "8880"],
    ["trade-fullinfo-get.multi-sub-order.json", "taobao.trade.fullinfo.get", "2398715623451100035"],
  ])("finds no failure in %s, whose call we do not make, and every digit in its ids", (name, method, number) => {
    expect(taobao.explain(answerOf(name))).toBeUndefined();
    const body = JSON.stringify(inner(name, method));
    expect(body).toMatch(new RegExp(`[:"]${number}[",}]`));
  });

  it("reads whose shop a token of the classic address opens, and takes its refusal for no token", () => {
    const token = sample("oauth-token.json");
    expect(tokenSchema.parse(token)).toMatchObject({ taobao_user_id: String(context.shopId), re_expires_in: 0 });
    expect(tokenSchema.safeParse(sample("oauth-token.error.json")).success).toBe(false);
  });

  it("leaves no other sample unread", () => {
    const readHere = readFileSync(new URL(import.meta.url), "utf8");
    const byPart = [/^refunds-receive-get\./, /^error-response\./, /^README/];
    const unread = readdirSync(folder).filter(
      (name) => !readHere.includes(name) && !byPart.some((part) => part.test(name)),
    );
    expect(unread).toEqual([]);
    const errors = readdirSync(folder).filter((name) => name.startsWith("error-response."));
    const lists = readdirSync(folder).filter((name) => name.startsWith("refunds-receive-get."));
    const isRead = (part: string, names: string[]) =>
      names.filter((name) => !readHere.includes(`"${name.slice(part.length).replace(".json", "")}"`));
    expect([...isRead("error-response.", errors), ...isRead("refunds-receive-get.", lists)]).toEqual([]);
  });

  it("takes a refused exchange action for a refusal", () => {
    const { result } = inner("tmall-exchange-agree.business-failure.json", "tmall.exchange.agree") as {
      result: { msg_code: string; message: string };
    };
    expect(businessFailure(result.msg_code, result.message)).toMatchObject({
      code: "channel_refused",
      details: { channelCode: "10000" },
    });
  });
});

function exampleOf(action: Action, place: number) {
  const example = "lacks" in fixtures.actions ? undefined : fixtures.actions[action]?.[place];
  if (!example) throw new Error("no example");
  return example;
}

function world(http: World<TaobaoApp, TaobaoCredentials>["http"]) {
  return worldOf(fixtures, http);
}

async function listed(feed: string, answer: HttpResponse) {
  const { http } = scriptedHttp([answer]);
  return taobao.feeds?.[feed]?.list(undefined, world(http)) as
    | Promise<{ notices: Notice[]; rejected: unknown[]; receipts?: string[]; next: unknown }>
    | undefined;
}
