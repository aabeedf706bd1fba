import { describe, expect, it } from "vitest";
import type { HttpRequest, HttpResponse } from "#connectors/contract.ts";
import type { HeldFile } from "#shared/case/evidence.ts";
import { caseOf } from "../../test/contract/case-of.ts";
import { describeConnector } from "../../test/contract/describe-connector.ts";
import { suiteErrorOf } from "../../test/contract/leaks.ts";
import { scriptedHttp, worldOf } from "../../test/contract/scripted-http.ts";
import { actions as actionFixtures } from "./fixtures/actions.ts";
import { answer } from "./fixtures/answers.ts";
import { agreedReturn, pendingReturn, sentBackReturn, unshippedRefund } from "./fixtures/cases.ts";
import { fixtures } from "./fixtures/index.ts";
import { refund, refundCase } from "./fixtures/refunds.ts";
import { taobao } from "./index.ts";
import { offerFor } from "./offers.ts";
import { exchangeSteps, refundSteps } from "./status.ts";

describeConnector(taobao, fixtures);

const context = { shopId: fixtures.shopId, observedAt: fixtures.now };
const formOf = ({ body }: HttpRequest) => new URLSearchParams(String(body));

describe("a call", () => {
  it("says the time of China, asks for JSON, and signs what it sends", async () => {
    const { http, requests } = scriptedHttp([answer("taobao.refund.get", { refund })]);
    const [read] = "lacks" in fixtures.fetch ? [] : fixtures.fetch;
    if (read) await taobao.fetch?.(read.notice, worldOf(fixtures, http));
    const [request] = requests;
    const form = request && formOf(request);
    expect(form?.get("timestamp")).toBe("2026-06-01 17:00:00");
    expect(form?.get("format")).toBe("json");
    expect(form?.get("sign")).toMatch(/^[0-9A-F]{64}$/);
    expect(request?.headers?.["content-type"]).toBe("application/x-www-form-urlencoded;charset=utf-8");
  });

  it("goes to whatever gateway the settings name, a relay for example", async () => {
    const { http, requests } = scriptedHttp([answer("taobao.logistics.address.search", { addresses: {} })]);
    const app = { ...fixtures.app, gateway: "https://relay.example.com/top" };
    expect(await taobao.listAddresses?.({ ...worldOf(fixtures, http), app })).toEqual([]);
    expect(requests[0]?.url).toBe("https://relay.example.com/top");
  });
});

describe("every raw status of the sheet", () => {
  const known = [
    ...Object.keys(refundSteps).map((raw) => ["refund", raw]),
    ...Object.keys(exchangeSteps).map((raw) => ["exchange", raw]),
  ];
  it.each(known)("of a %s is known as the platform spells it: %s", (kind, status) => {
    const raw =
      kind === "refund"
        ? refundCase({ status })
        : {
            payload: {
              shop: "tmall",
              exchange: { dispute_id: "1", status, created: refund.created, modified: refund.modified },
            },
          };
    const { facts } = taobao.normalize(raw, context);
    expect(facts.state).toMatchObject({ known: true, raw: status });
  });

  it.each(["WAIT_SELLER_CONSIGN_GOODSS", "NO_REFUND", "17", ""])("no other is: %s", (status) => {
    expect(taobao.normalize(refundCase({ status }), context).facts.state?.known).toBe(false);
  });
});

describe("a dispute", () => {
  it.each([
    [0, "none"],
    [1, "none"],
    [2, "under_review"],
    [5, "under_review"],
    [6, "none"],
    [7, "withdrawn"],
    [8, "decided_for_buyer"],
    [9, "decided_for_merchant"],
    [10, "evidence_due"],
    [11, "under_review"],
  ])("with cs_status %s is %s, and the state underneath stays", (cs_status, value) => {
    const { facts } = taobao.normalize(refundCase({ cs_status }), context);
    expect(facts.dispute?.status).toMatchObject({ known: true, value });
    expect(facts.state).toMatchObject({ value: "requested" });
  });

  it("with a status nobody listed stays unknown and is reviewed by a person", () => {
    const { facts } = taobao.normalize(refundCase({ cs_status: 12 }), context);
    expect(facts.dispute?.status).toEqual({ known: false, raw: "12" });
    expect(facts.flags).toContain("needs_review");
  });
});

describe("what cannot be told for certain", () => {
  it("a type the platform adds stays unknown, OTHERS is told by the goods", () => {
    expect(taobao.normalize(refundCase({ dispute_type: "RENTAL" }), context).facts.type).toEqual({
      known: false,
      raw: "RENTAL",
    });
    expect(taobao.normalize(refundCase({ dispute_type: "OTHERS" }), context).facts.type).toMatchObject({
      value: "return_refund",
    });
  });

  it("a deadline that cannot be read is flagged and never guessed", () => {
    const { facts } = taobao.normalize(
      refundCase({ refund_remind_timeout: { exist_timeout: true, timeout: "2026-02-30 10:00:00" } }),
      context,
    );
    expect(facts.deadlines).toEqual([]);
    expect(facts.flags).toContain("deadline_unreadable");
  });

  it("without a version the second of the last change counts", () => {
    const { version } = taobao.normalize(refundCase({ refund_version: null }), context);
    expect(version).toBe(Date.parse("2026-06-01T08:00:00Z"));
  });
});

describe("a refusal", () => {
  const offered = (raw: ReturnType<typeof refundCase>) =>
    taobao.actions?.refuse?.offered(caseOf(taobao.normalize(raw, context))).offered;

  it("is not offered before shipment, for a no-reason return, or where the platform forbids it", () => {
    expect(taobao.actions?.refuse?.offered(caseOf(unshippedRefund.observation)).offered).toBe(false);
    expect(offered(refundCase({ reason: "7天无理由退换货" }))).toBe(false);
    expect(offered(refundCase({ operation_contraint: "cannot_refuse" }))).toBe(false);
    expect(offered(refundCase())).toBe(true);
  });

  it.each<[string, HttpResponse]>([
    ["a picture that is none", { status: 200, headers: {}, body: Buffer.from("<html>") }],
    [
      "a picture over 130,000 bytes",
      { status: 200, headers: {}, body: Buffer.concat([Buffer.from([0xff, 0xd8, 0xff]), Buffer.alloc(130_000)]) },
    ],
    ["a picture that is not there", { status: 404, headers: {}, body: Buffer.from("") }],
    ["a picture that is elsewhere", { status: 302, headers: { location: "http://10.0.0.1/" }, body: Buffer.from("") }],
  ])("is not sent with %s", async (_, picture) => {
    const [example] = actionFixtures.refuse ?? [];
    if (!example) throw new Error("no example");
    const { http, requests } = scriptedHttp([...(example.reads ?? []).slice(0, 1), picture]);
    const error = await suiteErrorOf(() => taobao.actions?.refuse?.send(example, worldOf(fixtures, http)));
    expect(error).toMatchObject({ code: "channel_refused", details: { channelCode: "not sent" } });
    expect(requests).toHaveLength(2);
  });

  it("is sent with a file of ours, which is asked for nowhere, and not with one that is too large or no picture", async () => {
    const [example] = actionFixtures.refuse ?? [];
    if (!example) throw new Error("no example");
    const evidenceId = "0f".repeat(16);
    const command = { ...example.command, args: { ...example.command.args, evidence: [{ evidenceId }] } };
    const send = async (content: Buffer, bytes = content.length) => {
      const { http, requests } = scriptedHttp([...(example.reads ?? []).slice(0, 1), example.accepted]);
      const file = { evidenceId, kind: "photo", bytes, read: async () => content } as unknown as HeldFile;
      const files = new Map([[evidenceId, file]]);
      const { subject } = example;
      const end = await taobao.actions?.refuse?.send({ subject, command, files }, worldOf(fixtures, http)).then(
        () => "sent",
        (fault: { code: string }) => fault.code,
      );
      return { end, body: Buffer.from(requests[1]?.body ?? "") };
    };
    const jpeg = Buffer.from([0xff, 0xd8, 0xff, 0xe0, 7, 7, 7]);
    const sent = await send(jpeg);
    expect([sent.end, sent.body.includes(jpeg)]).toEqual(["sent", true]);
    expect(await send(jpeg, 130_001)).toEqual({ end: "channel_refused", body: Buffer.alloc(0) });
    expect(await send(Buffer.from("%PDF-1.7"))).toEqual({ end: "channel_refused", body: Buffer.alloc(0) });
  });

  it.each([
    "http://evidence.example.com/1.png",
    "https://169.254.169.254/latest/meta-data/",
    "https://10.0.0.8/1.png",
  ])("asks nothing of %s, where no buyer's picture lies", async (url) => {
    const [example] = actionFixtures.refuse ?? [];
    if (!example) throw new Error("no example");
    const { http, requests } = scriptedHttp((example.reads ?? []).slice(0, 1));
    const command = { ...example.command, args: { ...example.command.args, evidence: [{ kind: "photo", url }] } };
    const error = await suiteErrorOf(() =>
      taobao.actions?.refuse?.send({ ...example, command }, worldOf(fixtures, http)),
    );
    expect(error).toMatchObject({ code: "channel_refused", details: { channelCode: "not sent" } });
    expect(requests).toHaveLength(1);
  });
});

describe("acting", () => {
  it("leaves to a person what only the web takes, what the platform decides, and what has no call", () => {
    const web = caseOf(taobao.normalize(refundCase({ operation_contraint: "refund_onweb" }), context));
    expect(taobao.actions?.agree_return?.offered(web)).toEqual({
      offered: false,
      task: "The platform takes this case only in the seller's console.",
    });
    const cashBack = caseOf(taobao.normalize(refundCase({ special_refund_type: "cashBack" }), context));
    expect(taobao.actions?.agree_refund?.offered(cashBack).offered).toBe(false);
    const reissue = caseOf(taobao.normalize(refundCase({ dispute_type: "RESHIPPING" }), context));
    for (const action of Object.values(taobao.actions ?? {}))
      if (action !== taobao.actions?.message_buyer) expect(action.offered(reissue).offered).toBe(false);
  });

  it("fills in the buyer's waybill in a Tmall shop when it is at hand", async () => {
    const subject = caseOf(agreedReturn.observation);
    const args = { carrier: "YTO", trackingNo: "YT001" };
    const confirm = taobao.actions?.confirm_receipt;
    expect(confirm?.offered(subject).offered).toBe(false);
    expect(confirm?.offered(subject, args)).toEqual({ offered: true });
    const [example] = actionFixtures.confirm_receipt ?? [];
    if (!example) throw new Error("no example");
    const { http, requests } = scriptedHttp([answer("taobao.rp.returngoods.refill", { is_success: true })]);
    await confirm?.send({ subject, command: { ...example.command, args } }, worldOf(fixtures, http));
    expect(requests[0] && formOf(requests[0]).get("logistics_waybill_no")).toBe("YT001");
  });

  it("marks a case as reviewed first, where the shop wants that", async () => {
    const [, example] = actionFixtures.agree_refund ?? [];
    if (!example) throw new Error("no example");
    const { http, requests } = scriptedHttp([
      answer("taobao.rp.refund.review", { is_success: true }),
      example.accepted,
    ]);
    const app = { ...fixtures.app, reviewBeforeRefund: true, skipSmsCode: true };
    await taobao.actions?.agree_refund?.send(example, { ...worldOf(fixtures, http), app });
    const [review, agree] = requests.map(formOf);
    expect(Object.fromEntries(review ?? [])).toMatchObject({
      operator: "虚构旗舰店:售后01",
      result: "true",
      refund_version: String(refund.refund_version),
    });
    expect(agree?.get("ignore_code")).toBe("true");
  });

  it("never refunds more than is claimed, nor after the permission to write has ended", async () => {
    const subject = caseOf(sentBackReturn.observation);
    const [, example] = actionFixtures.agree_refund ?? [];
    if (!example) throw new Error("no example");
    const world = worldOf(fixtures, scriptedHttp([]).http);
    const args = { amount: { amountMinor: 15_901, currency: "CNY" } };
    const tooMuch = { subject, command: { ...example.command, args } };
    expect((await suiteErrorOf(() => taobao.actions?.agree_refund?.send(tooMuch, world))).code).toBe("channel_refused");
    const credentials = { ...fixtures.credentials, writableUntil: "2026-06-01T08:59:59.000Z" };
    const late = await suiteErrorOf(() => taobao.actions?.agree_refund?.send(example, { ...world, credentials }));
    expect(late.details.manualOnly).toBe(true);
  });

  it("does not write an unknown address of a Taobao shop", async () => {
    const [, example] = actionFixtures.agree_return ?? [];
    if (!example) throw new Error("no example");
    const command = { ...example.command, args: { addressId: "1" } };
    const { http, requests } = scriptedHttp(example.reads ?? []);
    const error = await suiteErrorOf(() =>
      taobao.actions?.agree_return?.send({ ...example, command }, worldOf(fixtures, http)),
    );
    expect([error.code, requests.length]).toEqual(["channel_refused", 1]);
  });
});

describe("a carrier", () => {
  const companies = answer("taobao.logistics.companies.get", {
    logistics_companies: {
      logistics_company: [
        { code: "YTO", name: "圆通速递" },
        { code: "SF", name: "顺丰速运" },
      ],
    },
  });
  const ship = (carrier: string, answers: HttpResponse[]) => {
    const [example] = actionFixtures.ship_replacement ?? [];
    if (!example) throw new Error("no example");
    const scripted = scriptedHttp([...answers, example.accepted]);
    const command = { ...example.command, args: { carrier, trackingNo: "XS1" } };
    const sent = taobao.actions?.ship_replacement?.send({ ...example, command }, worldOf(fixtures, scripted.http));
    return { sent, requests: scripted.requests };
  };

  it("is told by its name where the platform wants that, whichever was given", async () => {
    const { sent, requests } = ship("YTO", [companies]);
    await sent;
    expect(requests.map((each) => formOf(each).get("logistics_company_name"))).toEqual([null, "圆通速递"]);
    const named = ship("圆通速递", []);
    await named.sent;
    expect(named.requests.map((each) => formOf(each).get("logistics_company_name"))).toEqual(["圆通速递"]);
  });

  it("is told by its code where the platform wants that", async () => {
    const subject = caseOf(agreedReturn.observation);
    const [example] = actionFixtures.confirm_receipt ?? [];
    if (!example) throw new Error("no example");
    const { http, requests } = scriptedHttp([companies, answer("taobao.rp.returngoods.refill", { is_success: true })]);
    const command = { ...example.command, args: { carrier: "顺丰速运", trackingNo: "SF1" } };
    await taobao.actions?.confirm_receipt?.send({ subject, command }, worldOf(fixtures, http));
    expect(requests[1] && formOf(requests[1]).get("logistics_company_code")).toBe("SF");
  });

  it("that the platform does not list is refused before anything is written", async () => {
    const { sent, requests } = ship("NOBODY", [companies]);
    expect((await suiteErrorOf(() => sent)).message).toContain("does not list this carrier");
    expect(requests).toHaveLength(1);
  });
});

describe("AliGenius", () => {
  const aliGenius = { warehouseName: "虚构退货仓", paysWhenShipmentCancelled: true };
  const joined = { ...fixtures.credentials, aliGenius };
  const unshipped = caseOf(unshippedRefund.observation);

  it("hears of nothing in a shop that has not said so", () => {
    const offers = (credentials: typeof fixtures.credentials | undefined) =>
      [
        offerFor("agree_refund", unshipped, {}, credentials)?.call,
        offerFor("confirm_receipt", caseOf(sentBackReturn.observation), {}, credentials)?.call,
      ] as const;
    expect(offers(fixtures.credentials)).toEqual(["taobao.rp.refunds.agree", undefined]);
    expect(offers(undefined)).toEqual(["taobao.rp.refunds.agree", undefined]);
    expect(offers(joined)).toEqual([
      "taobao.rdc.aligenius.sendgoods.cancel",
      "taobao.rdc.aligenius.warehouse.reverse.uploading",
    ]);
  });

  it("hears of a cancelled shipment with ids as bare numbers and the claim in fen, and of no other amount", async () => {
    const [example] = actionFixtures.agree_refund ?? [];
    if (!example) throw new Error("no example");
    const { http, requests } = scriptedHttp([
      answer("taobao.rdc.aligenius.sendgoods.cancel", { result: { success: true, error_code: "", error_info: "" } }),
    ]);
    const world = { ...worldOf(fixtures, http), credentials: joined };
    const part = { ...example.command, args: { amount: { amountMinor: 1, currency: "CNY" } } };
    const refused = await suiteErrorOf(() =>
      taobao.actions?.agree_refund?.send({ subject: unshipped, command: part }, world),
    );
    expect([refused.code, requests.length]).toEqual(["channel_refused", 0]);
    await taobao.actions?.agree_refund?.send({ subject: unshipped, command: { ...example.command, args: {} } }, world);
    const param = requests[0] && formOf(requests[0]).get("param");
    expect(param).toContain(`"refund_id":${unshipped.channelCaseId},`);
    expect(param).toContain(`"tid":${unshipped.facts.orders[0]?.orderId}}`);
    expect(param).toContain(`"refund_fee":${unshipped.facts.money.claimed?.amountMinor},`);
    expect(param).toContain('"status":"SUCCESS"');
  });

  it("is not asked twice when its answer is unclear", async () => {
    const [example] = actionFixtures.agree_refund ?? [];
    if (!example) throw new Error("no example");
    const { http, requests } = scriptedHttp([{ status: 502, headers: {}, body: new Uint8Array() }]);
    const world = { ...worldOf(fixtures, http), credentials: joined };
    const request = { subject: unshipped, command: { ...example.command, args: {} } };
    expect((await suiteErrorOf(() => taobao.actions?.agree_refund?.send(request, world))).code).toBe("answer_unclear");
    expect(requests).toHaveLength(1);
  });
});

describe("feeds", () => {
  it("of Tmall alone ask nothing in a Taobao shop", async () => {
    const world = worldOf(
      { ...fixtures, credentials: { ...fixtures.credentials, shopKind: "taobao" as const } },
      scriptedHttp([]).http,
    );
    for (const feed of ["exchanges", "disputes"])
      expect((await taobao.feeds?.[feed]?.list(undefined, world))?.next).toEqual({ when: "later" });
  });

  it("set a row aside alone, and begin the next window before the end of the last", async () => {
    const rows = { refund: [{ refund_id: "1", modified: "2026-06-01 16:59:00" }, { modified: "2026-06-01 16:59:00" }] };
    const { http } = scriptedHttp([answer("taobao.refunds.receive.get", { has_next: false, refunds: rows })]);
    const from = fixtures.now.getTime() / 1000 - 600;
    const page = await taobao.feeds?.refunds?.list(
      { from, to: null, page: 1, length: 86_400 },
      worldOf(fixtures, http),
    );
    expect(page?.notices).toHaveLength(1);
    expect(page?.rejected).toHaveLength(1);
    expect(page?.bookmark.from).toBe(fixtures.now.getTime() / 1000 - 1800);
  });
});

describe("renewal", () => {
  it("asks for nothing where the platform renews nothing", async () => {
    const { refreshableUntil: _, ...credentials } = fixtures.credentials;
    const world = worldOf({ ...fixtures, credentials }, scriptedHttp([]).http);
    expect((await suiteErrorOf(() => taobao.tokens?.refresh(world))).code).toBe("credentials_rejected");
  });

  it("does not take another shop's grant", async () => {
    const { shopId: _, ...rest } = fixtures;
    const world = worldOf(
      { ...rest, shopId: pendingReturn.observation.shopId },
      scriptedHttp("lacks" in fixtures.tokens ? [] : fixtures.tokens.answers).http,
    );
    const other = { ...world, shopId: "3300000000999" as typeof world.shopId };
    expect((await suiteErrorOf(() => taobao.tokens?.refresh(other))).code).toBe("credentials_rejected");
  });

  it("opens the case in the console of its own shop", () => {
    const subject = caseOf(pendingReturn.observation);
    expect(taobao.consoleLink?.(subject)).toBe(
      "https://refund2.tmall.com/dispute/detail.htm?disputeId=196000000000000501",
    );
  });
});
