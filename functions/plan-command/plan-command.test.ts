import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { ChannelAction } from "#connectors/contract.ts";
import type { Case } from "#shared/case/case.ts";
import { plan } from "#shared/case/commands.ts";
import { caseIdSchema } from "#shared/case/ids.ts";
import { instant } from "#shared/case/instant.ts";
import type { ShopMode } from "#shared/case/shop.ts";
import { type TenantLimits, tenantLimitsSchema } from "#shared/case/write-limits.ts";
import type { Limits } from "#shared/store/index.ts";
import { inState, someCase } from "../../test/builders/case-builder.ts";
import { atNoon, holding, listen, noon, shopsOf, someConnector, someShop } from "../../test/builders/fakes.ts";
import { planCommand, planRequestSchema } from "./plan-command.ts";

let heard: ReturnType<typeof listen>;
beforeEach(() => {
  heard = listen();
});
afterEach(() => heard.end());

const whom = { tenantId: "t1", caseId: someCase().caseId, personId: "erika" };
const needs: ChannelAction<unknown, unknown> = {
  needs: ["addressId"],
  offered: () => ({ offered: true }),
  send: async () => {},
};

async function ask(
  wish: object,
  {
    subject = someCase(),
    mode = "auto",
    isConnected = true,
    rest = [],
    limitsSaved,
  }: {
    subject?: Case;
    mode?: ShopMode;
    isConnected?: boolean;
    rest?: readonly Case[];
    limitsSaved?: TenantLimits;
  } = {},
) {
  const { cases, held } = holding(subject, ...rest);
  const references = { find: async () => [subject, ...rest].map(({ caseId }) => caseId) };
  const { shops } = shopsOf(isConnected ? someShop({ mode }) : undefined);
  const limits = { get: async () => limitsSaved } as unknown as Limits;
  const connectorOf = () => someConnector({ actions: { agree_return: needs } });
  const request = planRequestSchema.parse({ ...whom, ...wish });
  const answer = await planCommand(request, { cases, references, shops, limits, connectorOf, clock: atNoon });
  const ofRest = await Promise.all(
    rest.map(async ({ tenantId, caseId }) => (await cases.get(tenantId, caseId))?.commands),
  );
  return { answer, commands: held()?.commands ?? [], ofRest: ofRest.map((each) => each?.map(({ status }) => status)) };
}

describe("a person's word", () => {
  it("plans a command in the person's name", async () => {
    const { answer, commands } = await ask({ action: "agree_refund" });
    expect(answer).toEqual({ ok: true, commandId: "agree_refund-2", status: "planned" });
    expect(commands).toMatchObject([{ askedBy: "person:erika", status: "planned" }]);
  });

  it.each([
    ["an argument is missing", { action: "agree_return" }, {}, "argument_missing"],
    [
      "the state does not allow it",
      { action: "agree_return", args: { addressId: "72" } },
      { subject: someCase(inState("refunding")) },
      "not_allowed_from_state",
    ],
    ["the shop is only observed", { action: "agree_refund" }, { mode: "observe" as const }, "shop_observes_only"],
    [
      "more is asked than may be paid",
      { action: "agree_refund", args: { amount: { amountMinor: 15_901, currency: "CNY" } } },
      {},
      "amount_above_ceiling",
    ],
    ["nothing was proposed", { approve: "agree_refund-2" }, {}, "not_proposed"],
  ])("is answered with a reason and a sentence, and changes nothing, when %s", async (_, wish, stage, reason) => {
    const { answer, commands } = await ask(wish, stage);
    expect(answer).toMatchObject({ ok: false, reason, sentence: expect.stringMatching(/\.$/) });
    expect(commands).toEqual([]);
    expect(heard.metric("CommandObjected")).toEqual([1]);
  });

  it("lets a rule's proposal go", async () => {
    const wish = {
      action: "agree_refund",
      args: {},
      askedBy: "policy:x",
      mode: "assist",
      decidedOnVersion: 1,
    } as const;
    const proposed = plan(someCase(), { ...wish, now: instant(noon) });
    if (!proposed.ok) throw new Error(proposed.reason);
    const { answer, commands } = await ask(
      { approve: proposed.command.commandId },
      { subject: proposed.next, mode: "assist" },
    );
    expect(answer).toMatchObject({ ok: true, status: "planned" });
    expect(commands).toMatchObject([{ status: "planned", askedBy: "person:erika" }]);
  });

  it("meets a case of another tenant as one that does not exist", async () => {
    await expect(ask({ action: "agree_refund" }, { isConnected: false })).rejects.toMatchObject({
      code: "case_not_found",
    });
  });
});

describe("a request", () => {
  it.each([
    ["a member too many", { action: "agree_refund", status: "confirmed" }],
    ["an unknown action", { action: "pay_everybody" }],
    ["an argument too many", { action: "agree_refund", args: { force: true } }],
    ["a person's name that is none", { action: "agree_refund", personId: "erika\npolicy:x" }],
    ["both a plan and an approval", { action: "agree_refund", approve: "x" }],
  ])("is refused with %s", (_, wish) => {
    expect(planRequestSchema.safeParse({ ...whom, ...wish }).success).toBe(false);
  });
});

describe("a word on a whole request", () => {
  const unit = (id: string, facts: Partial<Case["facts"]> = {}): Case => ({
    ...someCase({ groupKey: "apply-1", ...facts }),
    caseId: caseIdSchema.parse(`douyin:10437917:${id}`),
  });
  const wish = { action: "agree_return", args: { addressId: "7200000000000000123" }, wholeRequest: true };

  it("is planned on every unit, and each answers for itself", async () => {
    const subject = someCase({ groupKey: "apply-1" });
    const rest = [unit("2"), unit("3", inState("refunding")), unit("4", { openedAt: "2026-11-20T00:00:00.000Z" })];
    const { answer, ofRest } = await ask(wish, { subject, rest });
    expect(answer).toMatchObject({
      ...{ ok: true, commandId: "agree_return-2", status: "planned" },
      others: [
        { caseId: unit("2").caseId, ok: true, status: "planned" },
        { caseId: unit("3").caseId, ok: false, reason: "not_allowed_from_state" },
      ],
    });
    // The last is another request on the same order.
    expect(ofRest).toEqual([["planned"], [], []]);
  });

  it("is planned nowhere when the case that was named refuses it", async () => {
    const subject = someCase({ groupKey: "apply-1", ...inState("refunding") });
    const { answer, ofRest } = await ask(wish, { subject, rest: [unit("2")] });
    expect(answer).toMatchObject({ ok: false, reason: "not_allowed_from_state" });
    expect(ofRest).toEqual([[]]);
  });

  it("needs a second person where the whole is above the limit, though no part is", async () => {
    const limitsSaved = tenantLimitsSchema.parse({ all: { twoPeopleAboveMinor: { CNY: 20_000 } } });
    const stage = { subject: someCase({ groupKey: "apply-1" }), rest: [unit("2")], limitsSaved };
    const whole = await ask({ action: "agree_refund", wholeRequest: true }, stage);
    expect([whole.answer, ...whole.ofRest]).toMatchObject([{ ok: true, status: "proposed" }, ["proposed"]]);
    expect((await ask({ action: "agree_refund" }, stage)).answer).toMatchObject({ ok: true, status: "planned" });
    expect((await ask(wish, stage)).answer).toMatchObject({ ok: true, status: "planned" });
  });

  it.each([
    ["an amount", { amount: { amountMinor: 100, currency: "CNY" } }],
    ["a waybill", { carrier: "SF", trackingNo: "SF1" }],
  ])("takes no %s, which belongs to one case", async (_, args) => {
    const asked = ask({ action: "agree_refund", args, wholeRequest: true }, { rest: [unit("2")] });
    await expect(asked).rejects.toMatchObject({ code: "payload_invalid", message: expect.stringMatching(/one case/) });
  });
});
