import { describe, expect, it } from "vitest";
import type { ChannelAction, Connector } from "#connectors/contract.ts";
import type { Case } from "#shared/case/case.ts";
import { caseIdSchema } from "#shared/case/ids.ts";
import { defaultPolicy, type Policy } from "#shared/case/policy.ts";
import type { ShopMode } from "#shared/case/shop.ts";
import type { Limits } from "#shared/store/index.ts";
import { inState, names, someCase } from "../../test/builders/case-builder.ts";
import { atNoon, holding, shopsOf, someConnector, someShop } from "../../test/builders/fakes.ts";
import { decideResponse } from "./decide-response.ts";

const action = (needs: ChannelAction<unknown, unknown>["needs"] = []): ChannelAction<unknown, unknown> => ({
  needs,
  offered: () => ({ offered: true }),
  send: async () => {},
});
const limits = { get: async () => undefined } as unknown as Limits;

async function decideOn(
  subject = someCase(),
  {
    mode = "auto",
    actions = { agree_return: action() },
    policy = defaultPolicy,
    times = 1,
    rest = [],
  }: {
    mode?: ShopMode;
    actions?: Connector["actions"];
    policy?: Policy;
    times?: number;
    rest?: readonly Case[];
  } = {},
) {
  const { cases, held } = holding(subject, ...rest);
  const references = { find: async () => [subject, ...rest].map(({ caseId }) => caseId) };
  const { shops } = shopsOf(someShop({ mode }));
  const deps = {
    cases,
    references,
    shops,
    limits,
    connectorOf: () => someConnector({ actions }),
    policy,
    clock: atNoon,
  };
  for (let time = 0; time < times; time++) await decideResponse(subject, deps);
  const after = held();
  if (!after) throw new Error("the case is gone");
  return after;
}

describe("a no-reason return inside the window", () => {
  it("is agreed to in mode auto: decision and command in one revision", async () => {
    const after = await decideOn();
    expect(after.revision).toBe(2);
    expect(names(after)).toEqual(["decision.made", "command.planned"]);
    expect(after.commands).toMatchObject([
      { action: "agree_return", status: "planned", askedBy: "policy:no_reason_return_in_window", decidedOnVersion: 1 },
    ]);
  });

  it("waits for a person's yes in mode assist", async () => {
    expect((await decideOn(undefined, { mode: "assist" })).commands).toMatchObject([{ status: "proposed" }]);
  });

  it("is decided in the shadow in mode observe, and nothing is planned", async () => {
    const after = await decideOn(undefined, { mode: "observe" });
    expect(after).toMatchObject({ decision: { action: "agree_return", shadow: true }, commands: [] });
  });

  it("is left to whoever finds the address where the channel wants one with the agreement", async () => {
    const after = await decideOn(undefined, { actions: { agree_return: action(["addressId"]) } });
    expect(after).toMatchObject({ decision: { action: "agree_return", shadow: false }, commands: [] });
  });

  it("is decided once, however often it is told of", async () => {
    expect((await decideOn(undefined, { times: 3 })).revision).toBe(2);
  });
});

describe("a request that the channel keeps in parts", () => {
  const groupKey = "apply-1";
  const part = (id: string, facts: Partial<Case["facts"]> = {}): Case => ({
    ...someCase({ groupKey, ...facts }),
    caseId: caseIdSchema.parse(`douyin:10437917:${id}`),
  });
  const defect = { reason: { code: "quality.defect", rawCode: "7" } as const };

  it("is answered by a rule where the rule fits every part", async () => {
    const after = await decideOn(part("1"), { rest: [part("2"), part("3")] });
    expect(after.decision?.action).toBe("agree_return");
  });

  it("is a person's, all of it, where one part is", async () => {
    const after = await decideOn(part("1"), { rest: [part("2"), part("3", defect)] });
    expect(after).toMatchObject({ decision: { action: "ask_person" }, commands: [] });
  });

  it.each([
    ["another request of the same order", { ...defect, openedAt: "2026-11-24T00:00:00.000Z" }],
    ["of another type", { ...defect, type: { known: true, value: "exchange", raw: "2" } as const }],
    ["answered already", { ...defect, ...inState("approved") }],
  ])("does not wait for what is %s", async (_, facts) => {
    const after = await decideOn(part("1"), { rest: [part("2", facts)] });
    expect(after.decision?.action).toBe("agree_return");
  });
});

describe("everything else", () => {
  it.each([
    ["a defect", { reason: { code: "quality.defect", rawCode: "7" } as const }],
    ["another type", { type: { known: true, value: "refund_only", raw: "1" } as const }],
    ["a type that nobody knows", { type: { known: false, raw: "99" } as const }],
    ["a status that nobody knows", { state: { known: false, raw: "77" } as const }],
    ["a dispute", { dispute: { status: { known: true, value: "negotiating", raw: "1" } as const } }],
    ["a case that is marked for review", { flags: ["needs_review" as const] }],
    ["a return outside the window", { deliveredAt: "2026-11-10T00:00:00.000Z" }],
  ])("asks a person: %s", async (_, facts) => {
    const after = await decideOn(someCase(facts));
    expect(after).toMatchObject({ decision: { action: "ask_person" }, commands: [] });
  });

  it.each([
    ["waits for the buyer", { waitingOn: "buyer" as const, ...inState("approved") }],
    ["is over", { waitingOn: "nobody" as const, ...inState("refunded") }],
    ["cannot be acted upon", { flags: ["not_actionable" as const] }],
  ])("needs no answer: a case that %s", async (_, facts) => {
    expect(await decideOn(someCase(facts))).toMatchObject({ revision: 1 });
  });

  it("fails when nobody has connected the shop", async () => {
    const { cases } = holding(someCase());
    const { shops } = shopsOf(undefined);
    const references = { find: async () => [] };
    const deps = {
      cases,
      references,
      shops,
      limits,
      connectorOf: () => someConnector(),
      policy: defaultPolicy,
      clock: atNoon,
    };
    await expect(decideResponse(someCase(), deps)).rejects.toMatchObject({ code: "shop_unknown" });
  });
});
