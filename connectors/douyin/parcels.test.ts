import { describe, expect, it } from "vitest";
import type { HttpResponse } from "#connectors/contract.ts";
import type { Case } from "#shared/case/case.ts";
import type { Action, CommandArgs } from "#shared/case/command.ts";
import { caseOf } from "../../test/contract/case-of.ts";
import { scriptedHttp, worldOf } from "../../test/contract/scripted-http.ts";
import { actions } from "./actions.ts";
import { commandOf, intercepted, outbound } from "./fixtures/actions.ts";
import { caseFile, failure, success } from "./fixtures/build.ts";
import { fixtures } from "./fixtures/index.ts";
import { normalize } from "./normalize.ts";

const types = [0, 1, 2, 3, 4, 5, 6, 7, 8];
const statuses = [0, 3, 6, 7, 8, 11, 12, 13, 14, 27, 28, 29, 51, 53];
const cells = types.flatMap((type) => statuses.map((status) => ({ type, status })));
const version = 1_790_000_600;

function caseAt(type: number, status: number, more: Record<string, unknown> = {}): Case {
  const payload = structuredClone(caseFile("refund-shipped-requested").raw.payload) as {
    process_info: { after_sale_info: Record<string, unknown> };
  };
  const codes = { after_sale_type: type, after_sale_status: status };
  Object.assign(payload.process_info.after_sale_info, { ...codes, got_pkg: 0, ...more });
  return caseOf(normalize({ payload }, { shopId: fixtures.shopId, observedAt: fixtures.now }));
}

async function send(action: Action, subject: Case, wish: Wish) {
  const { http, requests } = scriptedHttp(wish.answers ?? []);
  const command = commandOf(action, wish.args ?? {}, version, wish.askedBy);
  const end = await actions[action]?.send({ subject, command }, worldOf(fixtures, http)).then(
    () => "accepted",
    (fault: unknown) => fault,
  );
  return { end, bodies: requests.map(({ body }) => JSON.parse(String(body))) };
}
interface Wish {
  answers?: readonly HttpResponse[];
  args?: CommandArgs;
  askedBy?: string;
}

describe("the parcel of a return, entered for the buyer", () => {
  const args = { carrier: "shunfeng", trackingNo: "SF1" };

  it.each(cells)("is taken of a return and of an exchange that wait for it: type $type at status $status", async ({
    type,
    status,
  }) => {
    const offer = actions.fill_return_waybill?.offered(caseAt(type, status));
    if ([0, 3].includes(type) && status === 7) expect(offer).toEqual({ offered: true });
    else expect(offer).toEqual({ offered: false, task: expect.stringContaining("merchant's console") });
  });

  it.each([[{ carrier: "shunfeng" }], [{ trackingNo: "SF1" }], [{}]])("needs all of it: not %j", async (given) => {
    const { end, bodies } = await send("fill_return_waybill", caseAt(0, 7), { args: given });
    expect(end).toMatchObject({ code: "channel_refused" });
    expect(bodies).toEqual([]);
  });

  it.each([
    [19009, { code: "channel_refused", details: { manualOnly: true }, message: expect.stringContaining("console") }],
    [602001, { code: "channel_refused", details: { manualOnly: undefined } }],
    [12001, { code: "channel_refused", details: { manualOnly: undefined } }],
    [11000, { code: "channel_refused", details: { manualOnly: undefined } }],
  ])("is refused with %i for what it is", async (number, expected) => {
    const answers = [failure(50002, `isv.business-failed:${number}`)];
    expect((await send("fill_return_waybill", caseAt(0, 7), { args, answers })).end).toMatchObject(expected);
  });
});

describe("a parcel that is turned round", () => {
  it.each(cells)("is one of a refund that may be on its way: type $type at status $status", ({ type, status }) => {
    const subject = caseAt(type, status);
    const isOpen = [1, 2].includes(type) && [6, 12, 27].includes(status);
    expect(actions.intercept_parcel?.offered(subject).offered).toBe(isOpen);
    expect(actions.intercept_parcel?.offered(caseAt(1, status, { got_pkg: 1 }))).toEqual({
      offered: false,
      task: expect.stringContaining("ask the carrier"),
    });
  });

  it("is each that the order has, or the one that is named, as the case shows it now", async () => {
    const all = await send("intercept_parcel", caseAt(1, 6), { answers: [outbound(), intercepted(true, true)] });
    expect(all.end).toBe("accepted");
    expect(all.bodies[1]).toMatchObject({
      op_from: 1,
      intercept_targets: [{ tracking_no: "YT1" }, { tracking_no: "SF2" }],
    });
    const one = await send("intercept_parcel", caseAt(1, 6), {
      answers: [outbound(), intercepted(true)],
      args: { trackingNo: "SF2" },
    });
    expect(one.bodies[1].intercept_targets).toEqual([{ company_code: "shunfeng", tracking_no: "SF2" }]);
  });

  it.each<[string, Wish, object]>([
    ["by a rule", { askedBy: "policy:any", answers: [] }, { code: "channel_refused" }],
    ["of a case that has changed", { answers: [outbound(version + 1)] }, { code: "case_changed" }],
    ["of another order", { answers: [outbound()], args: { trackingNo: "YT9" } }, { code: "channel_refused" }],
    ["where there is none", { answers: [outbound(version, "")] }, { code: "channel_refused" }],
    [
      "whose carrier is not said",
      { answers: [outbound(version, '{"tracking_no":"YT1"}')] },
      { code: "channel_refused" },
    ],
  ])("is not asked for %s", async (_, wish, expected) => {
    const { end, bodies } = await send("intercept_parcel", caseAt(1, 6), wish);
    expect(end).toMatchObject(expected);
    expect(bodies).toHaveLength(wish.answers?.length ?? 0);
  });

  it.each<[string, HttpResponse, object]>([
    [
      "none",
      intercepted(false, false),
      { code: "channel_refused", details: { channelCode: "intercept 2", failed: 2 } },
    ],
    ["some", intercepted(true, false), { code: "channel_refused", details: { manualOnly: true, failed: 1 } }],
    ["none, by number alone", success('{"failed_count":1}'), { code: "channel_refused" }],
    ["who knows how many", success('{"intercept_results":[{}]}'), { code: "answer_unclear" }],
  ])("is told apart where the carrier takes %s", async (_, answer, expected) => {
    const { end } = await send("intercept_parcel", caseAt(1, 6), { answers: [outbound(), answer] });
    expect(end).toMatchObject(expected);
  });
});
