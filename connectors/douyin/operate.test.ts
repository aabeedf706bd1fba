import { describe, expect, it } from "vitest";
import type { Case } from "#shared/case/case.ts";
import type { Action, CommandArgs } from "#shared/case/command.ts";
import { caseOf } from "../../test/contract/case-of.ts";
import { scriptedHttp, worldOf } from "../../test/contract/scripted-http.ts";
import { actions } from "./actions.ts";
import { commandOf, done, reasons } from "./fixtures/actions.ts";
import { caseFile, failure, success } from "./fixtures/build.ts";
import { fixtures } from "./fixtures/index.ts";
import { normalize } from "./normalize.ts";

// Written again from the sheet, not from operate.ts: code, case type, statuses.
const expected: Readonly<
  Partial<Record<Action, readonly (readonly [code: number, type: number, statuses: number[]])[]>>
> = {
  agree_return: [[101, 0, [6, 27]]],
  agree_exchange: [[301, 3, [6, 27]]],
  agree_reissue: [[501, 7, [6, 27]]],
  agree_repair: [[601, 8, [6, 27]]],
  agree_refund: [
    [121, 0, [6, 27]],
    [111, 0, [7, 11, 29]],
    [201, 1, [6, 27]],
    [401, 2, [6]],
    [321, 3, [6, 7, 11, 29]],
    [621, 8, [6, 7, 8, 11, 27, 29]],
  ],
  agree_refund_if_delivery_refused: [[203, 1, [6]]],
  refuse: [
    [102, 0, [6]],
    [112, 0, [11]],
    [202, 1, [6]],
    [302, 3, [6]],
    [312, 3, [11]],
    [502, 7, [6]],
    [603, 8, [6]],
    [612, 8, [11]],
  ],
  ship_replacement: [
    [311, 3, [7, 11, 29]],
    // At 8 by fillLogistics.
    [611, 8, [7, 11]],
  ],
};
const types = [0, 1, 2, 3, 4, 5, 6, 7, 8];
const statuses = [0, 3, 6, 7, 8, 11, 12, 13, 14, 27, 28, 29, 51, 53];
const addressId = "7310000000000000457";
const args: Readonly<Partial<Record<Action, CommandArgs>>> = {
  agree_return: { addressId },
  agree_exchange: { addressId },
  agree_repair: { addressId },
  refuse: { reasonCode: "5" },
  ship_replacement: { carrier: "shunfeng", trackingNo: "SF1" },
};

/** A case of this type at this status, as the channel would give it. */
function caseAt(type: number, status: number, more: Record<string, unknown> = {}): Case {
  const payload = structuredClone(caseFile("return-requested").raw.payload) as {
    process_info: { after_sale_info: Record<string, unknown> };
  };
  Object.assign(payload.process_info.after_sale_info, {
    ...{ after_sale_type: type, after_sale_status: status },
    ...more,
  });
  return caseOf(normalize({ payload }, { shopId: fixtures.shopId, observedAt: fixtures.now }));
}

async function send(action: Action, subject: Case, given: CommandArgs, { askedBy = "person:anna" } = {}) {
  const answers = action === "refuse" ? [reasons, done] : [done];
  const { http, requests } = scriptedHttp(answers);
  await actions[action]?.send(
    { subject, command: commandOf(action, given, 1_790_000_600, askedBy) },
    worldOf(fixtures, http),
  );
  return requests;
}

describe.each(Object.keys(expected) as Action[])("%s", (action) => {
  const cells = types.flatMap((type) =>
    statuses.map((status) => {
      const code = expected[action]?.find(([, forType, at]) => forType === type && at.includes(status))?.[0];
      return { type, status, code };
    }),
  );
  const isFilled = (type: number, status: number) =>
    action === "ship_replacement" && [7, 8].includes(type) && status === 8;

  it.each(cells.filter(({ code }) => code))("sends $code for type $type at status $status", async ({
    type,
    status,
    code,
  }) => {
    const subject = caseAt(type, status);
    expect(actions[action]?.offered(subject)).toEqual({ offered: true });
    const write = (await send(action, subject, args[action] ?? {})).at(-1);
    const body = JSON.parse(String(write?.body));
    expect(new URL(write?.url ?? "").pathname).toBe("/afterSale/operate");
    expect(body).toMatchObject({
      type: code,
      items: [{ aftersale_id: subject.channelCaseId, update_time: 1_790_000_600 }],
    });
    expect(body.items).toHaveLength(1);
  });

  it.each(
    cells.filter(({ code, type, status }) => !code && !isFilled(type, status)),
  )("is a person's task for type $type at status $status", async ({ type, status }) => {
    const subject = caseAt(type, status);
    expect(actions[action]?.offered(subject)).toEqual({ offered: false, task: expect.stringMatching(/^[A-Z].*\.$/) });
  });
});

describe("acting", () => {
  it("agrees to a repair without a return where no address is given", async () => {
    const [write] = await send("agree_repair", caseAt(8, 6), {});
    expect(JSON.parse(String(write?.body))).toMatchObject({ type: 602 });
  });

  it("writes an address id as bare digits and a case id as text", async () => {
    const [write] = await send("agree_return", caseAt(0, 6), { addressId });
    expect(write?.body).toContain('"receiver_address_id":7310000000000000457');
    expect(write?.body).toContain('"aftersale_id":"7480000000000001473"');
  });

  it.each([
    ["agree_return", 0, 6, {}],
    ["agree_return", 0, 6, { addressId: "not a number" }],
    ["agree_exchange", 3, 6, {}],
    ["ship_replacement", 3, 11, { carrier: "shunfeng" }],
    ["ship_replacement", 7, 8, { trackingNo: "SF1" }],
    ["agree_refund", 0, 11, { amount: { amountMinor: 26_899, currency: "CNY" } }],
    ["agree_refund", 0, 11, { amount: { amountMinor: 26_900, currency: "USD" } }],
    ["agree_refund_if_delivery_refused", 1, 6, { amount: { amountMinor: 26_899, currency: "CNY" } }],
    ["refuse", 0, 6, {}],
    ["refuse", 2, 6, {}],
    ["agree_return", 0, 12, { addressId }],
    ["remark", 0, 6, {}],
  ] as const)("sends nothing for %s of type %i at %i with %j", async (action, type, status, given) => {
    const { http, requests } = scriptedHttp([]);
    const request = { subject: caseAt(type, status), command: commandOf(action, given) };
    await expect(actions[action]?.send(request, worldOf(fixtures, http))).rejects.toMatchObject({
      code: "channel_refused",
    });
    expect(requests).toEqual([]);
  });

  it.each([
    [0, 7],
    [3, 6],
    [3, 7],
    [8, 6],
    [8, 7],
    [8, 27],
  ])("lets no rule pay before the goods are back: type %i at %i", async (type, status) => {
    const amount = { amountMinor: 26_900, currency: "CNY" };
    const byRule = send("agree_refund", caseAt(type, status), { amount }, { askedBy: "policy:any" });
    await expect(byRule).rejects.toMatchObject({ code: "channel_refused" });
    expect(await send("agree_refund", caseAt(type, status), { amount })).toHaveLength(1);
  });

  it("lets no rule agree to pay once the delivery is refused, and nobody twice", async () => {
    const byRule = send("agree_refund_if_delivery_refused", caseAt(1, 6), {}, { askedBy: "policy:any" });
    await expect(byRule).rejects.toMatchObject({ code: "channel_refused" });
    const agreed = caseAt(1, 6, { agree_refuse_sign: 1 });
    expect(agreed.facts.money.agreedIfDeliveryRefused).toBe(true);
    expect(actions.agree_refund_if_delivery_refused?.offered(agreed)).toMatchObject({ offered: false });
    for (const sign of [0, 2, 257, 258])
      expect(caseAt(1, 6, { agree_refuse_sign: sign }).facts.money.agreedIfDeliveryRefused).toBeUndefined();
  });

  it.each([
    ["a reason that this case does not have", { reasonCode: "99" }],
    ["a reason that demands evidence, without any", { reasonCode: "6" }],
  ])("refuses nothing with %s", async (_, given) => {
    const { http, requests } = scriptedHttp([reasons]);
    const request = { subject: caseAt(0, 6), command: commandOf("refuse", given) };
    await expect(actions.refuse?.send(request, worldOf(fixtures, http))).rejects.toMatchObject({
      code: "channel_refused",
    });
    expect(requests).toHaveLength(1);
  });

  it("refuses a refund before shipment by shipping the order, where a waybill is at hand", async () => {
    const subject = caseAt(2, 6);
    const waybill = { carrier: "shunfeng", trackingNo: "SF999" };
    expect(actions.refuse?.offered(subject)).toMatchObject({
      offered: false,
      task: expect.stringContaining("waybill"),
    });
    expect(actions.refuse?.offered(subject, waybill)).toEqual({ offered: true });
    const { http, requests } = scriptedHttp([success("{}")]);
    await actions.refuse?.send({ subject, command: commandOf("refuse", waybill) }, worldOf(fixtures, http));
    expect(new URL(requests[0]?.url ?? "").pathname).toBe("/order/logisticsAdd");
    expect(requests[0]?.body).toBe(
      '{"company_code":"shunfeng","is_reject_refund":true,"logistics_code":"SF999","order_id":"6990000000000000011"}',
    );
  });

  it("takes at most four pictures in a dispute", async () => {
    const subject = caseOf(caseFile("refused-evidence-due").observation);
    const evidence = Array.from({ length: 5 }, () => ({ kind: "photo", url: "https://p9.example.com/1.jpg" }));
    const { http, requests } = scriptedHttp([]);
    const request = { subject, command: commandOf("submit_evidence", { evidence }) };
    await expect(actions.submit_evidence?.send(request, worldOf(fixtures, http))).rejects.toThrow(/at most 4/);
    expect(requests).toEqual([]);
  });

  it.each([
    "cancelled-by-system",
    "over-whatever-the-status",
    "unknown-status",
    "unknown-type-and-dispute",
  ])("offers no answer on %s", (name) => {
    const subject = caseOf(caseFile(name).observation);
    for (const action of [
      ...(Object.keys(expected) as Action[]),
      ...(["extend_time", "submit_evidence", "fill_return_waybill", "intercept_parcel"] as const),
    ]) {
      expect(actions[action]?.offered(subject, { carrier: "a", trackingNo: "b" })).toMatchObject({ offered: false });
    }
  });
});

describe("shipping at status 8", () => {
  it.each([
    [7, 1],
    [8, 4],
  ])("of type %i fills in the waybill with send_type %i", async (type, sendType) => {
    const subject = caseAt(type, 8);
    expect(actions.ship_replacement?.offered(subject)).toEqual({ offered: true });
    const [write] = await send("ship_replacement", subject, { carrier: "shunfeng", trackingNo: "SF1" });
    expect(new URL(write?.url ?? "").pathname).toBe("/afterSale/fillLogistics");
    expect(write?.body).toBe(
      `{"aftersale_id":${subject.channelCaseId},"company_code":"shunfeng","send_type":${sendType},"tracking_no":"SF1"}`,
    );
  });
});

describe("agreeing in a shop with refund rules", () => {
  const version = 1_790_000_600;
  const detail = (updateTime = version, parcel = {}) =>
    success(
      JSON.stringify({
        process_info: { after_sale_info: { update_time: updateTime }, logistics_info: { return: parcel } },
      }),
    );
  const entered = { tracking_no: "SF7", company_code: "shunfeng" };
  const nowSeconds = Math.floor(fixtures.now.getTime() / 1000);
  const both = { shipmentStopped: true, goodsBookedIn: true };
  const reports: Readonly<Record<string, string>> = {
    "2/6": "CancelSendGoodsSuccess",
    "0/11": "returnGoodsToWareHouseSuccess",
  };

  async function agree(
    subject: Case,
    { rules = both as object | null, answers = [detail(), success("{}")], args: given = {} as CommandArgs } = {},
  ) {
    const { http, requests } = scriptedHttp(answers);
    const credentials = { ...fixtures.credentials, ...(rules && { refundRules: rules }) };
    const request = { subject, command: commandOf("agree_refund", given, version) };
    const end = await actions.agree_refund?.send(request, { ...worldOf(fixtures, http), credentials } as never).then(
      () => undefined,
      (error: unknown) => error,
    );
    return { end, calls: requests.map(({ url }) => new URL(url).pathname), body: requests.at(-1)?.body };
  }

  it.each(
    types.flatMap((type) => statuses.map((status) => ({ type, status }))),
  )("reports only what a rule pays, and leaves the rest to operate: type $type at $status", async ({
    type,
    status,
  }) => {
    const subject = caseAt(type, status);
    const reported = reports[`${type}/${status}`];
    const isOffered = actions.agree_refund?.offered(subject).offered;
    const answers = reported ? [detail(version, entered), success("{}")] : [done];
    const { calls, end } = await agree(subject, { answers });
    if (reported) expect(calls).toEqual(["/afterSale/Detail", `/afterSale/${reported}`]);
    else expect(calls).toEqual(isOffered ? ["/afterSale/operate"] : []);
    expect(end === undefined).toBe(isOffered);
  });

  it.each([
    ["no rules", null, 2, 6],
    ["rules that are off", { shipmentStopped: false, goodsBookedIn: false }, 2, 6],
    ["the other rule", { shipmentStopped: false, goodsBookedIn: true }, 2, 6],
    ["the other rule", { shipmentStopped: true, goodsBookedIn: false }, 0, 11],
  ])("operates with %s", async (_, rules, type, status) => {
    expect((await agree(caseAt(type, status), { rules, answers: [done] })).calls).toEqual(["/afterSale/operate"]);
  });

  it("tells when, and of a return which parcel: the buyer's, or the one that a person names", async () => {
    const stopped = caseAt(2, 6);
    expect((await agree(stopped)).body).toBe(`{"aftersale_id":"${stopped.channelCaseId}","op_time":${nowSeconds}}`);
    const returned = caseAt(0, 11);
    const answers = [detail(version, entered), success("{}")];
    const body = (parcel: string) => `{"aftersale_id":"${returned.channelCaseId}",${parcel}}`;
    expect((await agree(returned, { answers: [...answers] })).body).toBe(
      body(`"logistics_company_code":"shunfeng","op_time":${nowSeconds},"tracking_no":"SF7"`),
    );
    const args: CommandArgs = { carrier: "yuantong", trackingNo: "YT8" };
    expect((await agree(returned, { answers: [...answers], args })).body).toBe(
      body(`"logistics_company_code":"yuantong","op_time":${nowSeconds},"tracking_no":"YT8"`),
    );
  });

  it.each([
    ["on another version", 2, 6, [detail(version + 1)], {}, "case_changed"],
    ["of a return without a parcel", 0, 11, [detail()], {}, "channel_refused"],
    ["of another amount than is claimed", 2, 6, [], { amount: { amountMinor: 1, currency: "CNY" } }, "channel_refused"],
  ] as const)("reports nothing %s", async (_, type, status, answers, args, code) => {
    const { end, calls } = await agree(caseAt(type, status), { answers: [...answers], args });
    expect(end).toMatchObject({ code });
    expect(calls).toHaveLength(answers.length);
  });

  it.each([
    [50002, "isv.business-failed:12001", { code: "case_changed" }],
    [50002, "isv.business-failed:11002", { code: "channel_refused", details: { manualOnly: true } }],
    [20000, "isp.service-error:10002", { code: "answer_unclear" }],
    [50002, "isv.business-failed:12000", { code: "channel_refused", details: { manualOnly: undefined } }],
  ])("takes %i %s for what it is", async (code, subCode, expectedEnd) => {
    expect((await agree(caseAt(2, 6), { answers: [detail(), failure(code, subCode)] })).end).toMatchObject(expectedEnd);
  });
});
