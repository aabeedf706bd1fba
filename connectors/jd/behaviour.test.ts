import { describe, expect, it } from "vitest";
import type { HttpRequest, World } from "#connectors/contract.ts";
import type { Action, CommandArgs } from "#shared/case/command.ts";
import { caseOf } from "../../test/contract/case-of.ts";
import { suiteErrorOf } from "../../test/contract/leaks.ts";
import { scriptedHttp, worldOf } from "../../test/contract/scripted-http.ts";
import { actions } from "./actions.ts";
import { commandOf } from "./fixtures/actions.ts";
import { answer, caseFile, formOf, gatewayError, part, refundPage, single } from "./fixtures/build.ts";
import { credentials, fixtures } from "./fixtures/index.ts";
import { refunds } from "./refund-feeds.ts";
import { credentialsSchema, type JdApp, type JdCredentials, switchesSchema } from "./settings.ts";
import { expectTable, openRefundStatuses, refundTable, ticketTable } from "./status.ts";
import { tokens } from "./tokens.ts";
import { following, isWhole, windowOf } from "./windows.ts";

const off: JdCredentials = credentialsSchema.parse({ accessToken: "token" });
const offered = (action: Action, file: string, given: JdCredentials | undefined, args?: CommandArgs) =>
  actions[action]?.offered(caseOf(caseFile(file).observation), args, given);

describe("what nobody has confirmed", () => {
  it("is off until a shop switches it on", () => {
    expect(off.switches).toEqual(switchesSchema.parse({}));
    expect(Object.values(off.switches).filter((value) => value === true)).toEqual([]);
  });

  it.each([
    ["agree_refund", "ticket-return-received"],
    ["confirm_receipt", "ticket-return-in-transit"],
    ["ship_replacement", "ticket-exchange-received"],
    ["provide_address", "ticket-return-agreed"],
    ["agree_return", "ticket-return-wait-audit"],
    ["refuse", "ticket-return-wait-feedback"],
  ] as const)("makes %s a task for a person", (action, file) => {
    for (const given of [off, undefined]) {
      expect(offered(action, file, given)).toMatchObject({ offered: false, task: expect.stringContaining("console") });
    }
    expect(offered(action, file, credentials)).toEqual({ offered: true });
  });

  it("is refused before anything is sent, should somebody send it all the same", async () => {
    const { observation } = caseFile("ticket-return-received");
    const { http, requests } = scriptedHttp([]);
    const request = { subject: caseOf(observation), command: commandOf("agree_refund", {}, observation.version) };
    const error = await suiteErrorOf(() =>
      actions.agree_refund?.send(request, { ...worldOf(fixtures, http), credentials: off }),
    );
    expect(error).toMatchObject({ code: "channel_refused", details: { channelCode: "not sent" } });
    expect(requests).toEqual([]);
  });
});

describe("a write", () => {
  it.each([
    ["agree_return", "ticket-return-wait-audit", {}],
    ["refuse", "ticket-return-wait-audit", { reasonCode: "130", note: "超期" }],
    ["refuse", "ticket-return-received", { carrier: "467 顺丰速运", trackingNo: "SF1" }],
    ["agree_refund", "ticket-return-received", {}],
    ["confirm_receipt", "ticket-return-in-transit", {}],
  ] as const)("%s is not sent on a version that has moved: %s", async (action, file, args) => {
    const { observation } = caseFile(file);
    const moved = part(file, "bill").replace(/"sysVersion":\d+/, `"sysVersion":${observation.version + 1}`);
    const { http, requests } = scriptedHttp([single("jingdong.asc.query.view", moved)]);
    const request = { subject: caseOf(observation), command: commandOf(action, args, observation.version) };
    expect((await suiteErrorOf(() => actions[action]?.send(request, worldOf(fixtures, http)))).code).toBe(
      "case_changed",
    );
    expect(requests).toHaveLength(1);
  });

  it("to a cancellation is not sent once somebody has answered it", async () => {
    const { observation } = caseFile("refund-requested-unshipped");
    const answered = part("refund-requested-unshipped", "refundApply").replace('"status":0', '"status":1');
    const { http } = scriptedHttp([refundPage([answered])]);
    const request = { subject: caseOf(observation), command: commandOf("agree_refund", {}, observation.version) };
    expect((await suiteErrorOf(() => actions.agree_refund?.send(request, worldOf(fixtures, http)))).code).toBe(
      "case_changed",
    );
  });

  it.each([
    [
      "an amount of its own",
      "refund-requested-unshipped",
      { amount: { amountMinor: 1, currency: "CNY" } },
      "person:anna",
    ],
    ["no word on whether the order has left", "refund-requested", {}, "policy:cancel"],
    ["a reply that is none", "refund-requested-unshipped", { reasonCode: "3" }, "person:anna"],
  ] as const)("that agrees to a cancellation is refused here with %s", async (_, file, args, askedBy) => {
    const { observation } = caseFile(file);
    const { http } = scriptedHttp([]);
    const request = {
      subject: caseOf(observation),
      command: commandOf("agree_refund", args, observation.version, askedBy),
    };
    expect((await suiteErrorOf(() => actions.agree_refund?.send(request, worldOf(fixtures, http)))).code).toBe(
      "channel_refused",
    );
  });

  it("fills the return block with the shop's own address where the shop says so", async () => {
    const { observation } = caseFile("ticket-return-wait-audit");
    const addresses = answer(
      '{"r":{"code":"0","returnAddressResult":{"is_success":true,"return_address_s":{"id":7,"contact":"示例店","phone":"0571-1","zip_code":"310000","full_address":"示例路 1 号","full_area_id":"15_1213_3411_0"}}}}',
    );
    const { http, requests } = scriptedHttp([
      single("jingdong.asc.query.view", part("ticket-return-wait-audit", "bill")),
      addresses,
      single("jingdong.asc.audit.send", "true"),
    ]);
    const shops = { ...credentials, switches: { ...credentials.switches, returnBlock: "shop" as const } };
    const request = { subject: caseOf(observation), command: commandOf("agree_return", { addressId: "7" }, 1) };
    await actions.agree_return?.send(request, { ...worldOf(fixtures, http), credentials: shops });
    expect(JSON.parse(formOf(requests[2]).json)).toMatchObject({
      returnContactName: "示例店",
      returnProvince: 15,
      returnCounty: 3411,
      returnDetailAddress: "示例路 1 号",
    });
  });
});

describe("windows", () => {
  const now = new Date("2026-09-28T06:00:00Z");
  it("end a minute ago, last a day at most, and overlap by ten minutes", () => {
    const first = windowOf(undefined, now);
    expect(first.to - first.from).toBe(86_400);
    expect(first.until).toBe(now.getTime() / 1000 - 60);
  });

  it("shrink until a page holds them, and never stand still", () => {
    let window = { from: 0, to: 86_400, until: 86_400, page: 0 };
    for (let steps = 0; window.to - window.from > 1; steps++) {
      expect(steps).toBeLessThan(10);
      expect(isWhole(window, 5000)).toBe(false);
      window = following(window, 5000) ?? window;
    }
    const walk = [];
    for (let next = following(window, 5000); next && next.from === 0; next = following(next, 5000))
      walk.push(next.page);
    expect(walk[0]).toBe(100);
    expect(walk.at(-1)).toBe(1);
    expect(walk).toHaveLength(100);
  });

  it("that the channel ignores stop the feed with a word on what to set", async () => {
    const later = '{"id":5,"orderId":"6","applyTime":"2026-09-28 13:00:00","status":0}';
    const { http } = scriptedHttp([refundPage([later])]);
    const error = await suiteErrorOf(() => refunds.list(undefined, worldOf(fixtures, http)));
    expect(error).toMatchObject({ code: "misconfigured", message: expect.stringContaining("refundWindow") });
  });

  it("go by the time of application where the app is set to it", async () => {
    const { http, requests } = scriptedHttp([refundPage([])]);
    const app: JdApp = { ...fixtures.app, refundWindow: "applied" };
    await refunds.list(undefined, { ...worldOf(fixtures, http), app });
    expect(Object.keys(JSON.parse(formOf(requests[0]).json))).toContain("applyTimeStart");
  });
});

describe("tables", () => {
  it("name every code of the sheet", () => {
    expect(Object.keys(refundTable).map(Number)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 16, 17, 18, 19, 27]);
    expect(Object.keys(ticketTable)).toHaveLength(17);
    expect(Object.keys(expectTable).map(Number)).toEqual([10, 11, 20, 30, 40, 50, 60, 70, 80, 90, 100]);
  });

  it("sweep exactly the applications that may still move", () => {
    const final = ["refunded", "closed"];
    const open = Object.entries(refundTable).filter(([code, { state }]) => !final.includes(state) && code !== "2");
    expect([...openRefundStatuses].sort((a, b) => a - b)).toEqual(open.map(([code]) => Number(code)));
  });
});

describe("access", () => {
  const world = (answers: Parameters<typeof scriptedHttp>[0], given: Partial<JdCredentials>) => {
    const { http, requests } = scriptedHttp(answers);
    const all: World<JdApp, JdCredentials> = { ...worldOf(fixtures, http), credentials: { ...credentials, ...given } };
    return { all, requests: requests as readonly HttpRequest[] };
  };
  const pair = answer('{"access_token":"new-access","expires_in":"86400","refresh_token":"new-refresh"}');

  it("is taken up with the code, for the shop that granted it and no other", async () => {
    const code = { code: "c-1", accessToken: undefined, refreshToken: undefined };
    const vender = (id: number) => answer(`{"r_responce":{"code":"0","vender_info_result":{"vender_id":${id}}}}`);
    const mine = world([pair, vender(10706)], code);
    const renewed = await tokens.refresh(mine.all);
    expect(renewed).toMatchObject({
      accessToken: "new-access",
      refreshToken: "new-refresh",
      expiresAt: "2026-09-29T06:00:00.000Z",
    });
    expect(renewed.code).toBeUndefined();
    expect(formOf(mine.requests[1]).form.get("access_token")).toBe("new-access");
    expect((await suiteErrorOf(() => tokens.refresh(world([pair, vender(999)], code).all))).code).toBe(
      "credentials_rejected",
    );
  });

  it("is renewed in the last hours only, because earlier the channel refuses", () => {
    expect(tokens.refreshBeforeMs).toBeLessThan(86_400_000);
    expect(tokens.expiresAt({ ...credentials, accessToken: undefined })).toEqual(new Date(0));
  });

  it("that cannot be renewed wants a person", async () => {
    for (const answers of [[answer('{"code":"400","msg":"未到刷新时间"}')], [gatewayError('"19"')]])
      expect((await suiteErrorOf(() => tokens.refresh(world(answers, {}).all))).code).toBe("credentials_rejected");
    expect((await suiteErrorOf(() => tokens.refresh(world([], { refreshToken: undefined }).all))).code).toBe(
      "credentials_rejected",
    );
  });
});
