import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { ChannelAction } from "#connectors/contract.ts";
import type { Case } from "#shared/case/case.ts";
import { defaultClockRules } from "#shared/case/clock-rules.ts";
import { markSent, plan, settle } from "#shared/case/commands.ts";
import { instant } from "#shared/case/instant.ts";
import type { CaseObservation } from "#shared/case/observation.ts";
import type { ShopMode } from "#shared/case/shop.ts";
import { SuiteError } from "#shared/errors.ts";
import type { Message } from "#shared/queue.ts";
import type { Counters, Limits } from "#shared/store/index.ts";
import { inState, someCase, someObservation } from "../../test/builders/case-builder.ts";
import { holding, listen, noon, sessionDeps, shopsOf, someConnector, someShop } from "../../test/builders/fakes.ts";
import { actOnChannel, type Deps } from "./act-on-channel.ts";

let heard: ReturnType<typeof listen>;
beforeEach(() => {
  heard = listen();
});
afterEach(() => heard.end());

const now = new Date(noon.getTime() + 60_000);

/** A case with a refund that a person has asked for. */
function withPlanned(): Case {
  const wish = {
    action: "agree_refund",
    args: {},
    askedBy: "person:erika",
    mode: "auto",
    decidedOnVersion: 1,
  } as const;
  const outcome = plan(someCase(), { ...wish, now: instant(noon) });
  if (!outcome.ok) throw new Error(outcome.reason);
  return outcome.next;
}

interface Stage {
  subject?: Case;
  mode?: ShopMode;
  /** What each call does; it succeeds when left out. */
  send?: () => Promise<void>;
  /** What the channel shows before the call and after it. */
  shows?: readonly CaseObservation[];
  action?: Partial<ChannelAction<unknown, unknown>> | null;
  times?: number;
}

/** Hands the command to the writer and tells what became of it. */
async function act({
  subject = withPlanned(),
  mode = "auto",
  send = async () => {},
  shows = [someObservation(1)],
  action = {},
  times = 1,
}: Stage = {}) {
  const { cases, held } = holding(subject);
  const did: string[] = [];
  const queued: Message[] = [];
  let reading = 0;
  const write: ChannelAction<unknown, unknown> = {
    offered: () => ({ offered: true }),
    send: async () => {
      did.push(`sent while ${held()?.commands[0]?.status}`);
      await send();
    },
    ...action,
  };
  const connector = someConnector({
    fetch: async () => [{ payload: shows[Math.min(reading++, shows.length - 1)] }],
    normalize: ({ payload }) => payload as CaseObservation,
    actions: action === null ? {} : { agree_refund: write },
    consoleLink: () => "https://console.example/case",
  });
  const counters: Partial<Counters> = {
    turn: async () => ({ go: true }),
    today: async () => ({ refunds: 0, amountMinor: 0 }),
    spend: async () => true,
    giveBack: async () => void did.push("gave back"),
    slowDown: async () => void did.push("slowed down"),
  };
  let ids = 0;
  const deps: Deps = {
    ...sessionDeps(connector, shopsOf(someShop({ mode })).shops),
    cases,
    clockRulesOf: async () => defaultClockRules,
    clock: { now: () => now },
    limits: { get: async () => undefined } as unknown as Limits,
    counters: counters as Counters,
    enqueue: async (messages) => void queued.push(...messages),
    setTimer: async (messages) => void did.push(...messages.map(() => "set a timer")),
    random: () => 0.5,
    newId: () => `claim ${++ids}`,
  };
  const { tenantId, caseId } = subject;
  const commandId = subject.commands[0]?.commandId ?? "";
  for (let time = 0; time < times; time++) await actOnChannel({ tenantId, caseId, commandId }, deps);
  const after = held();
  return { command: after?.commands[0], tasks: after?.tasks, did, reread: queued.length };
}

const refunding = someObservation(2, {
  ...inState("refunding"),
  waitingOn: "channel",
  money: { status: "moving", claimed: { amountMinor: 15_900, currency: "CNY" } },
});

describe("a planned command", () => {
  it("is marked before the call, sent once, and confirmed by what the case shows then", async () => {
    const { command, did } = await act({ shows: [someObservation(1), refunding], times: 3 });
    expect(command).toMatchObject({ status: "confirmed" });
    expect(did).toEqual(["sent while sent"]);
  });

  it("stays sent until the case shows it", async () => {
    expect((await act()).command).toMatchObject({ status: "sent" });
  });

  it("is not sent when the case has moved on since the decision", async () => {
    const { command, did } = await act({ shows: [someObservation(2, { shipped: false })] });
    expect([command?.status, command?.problem, did]).toEqual(["expired", "version_moved", []]);
  });

  it("is not sent when what it asks for has happened already", async () => {
    const { command, did } = await act({ shows: [refunding] });
    expect(command?.status).toBe("expired");
    expect(did).toEqual([]);
  });

  it("is not sent in a shop that is only observed", async () => {
    const { command, did } = await act({ mode: "observe" });
    expect([command?.status, command?.problem, did]).toEqual(["expired", "shop_observes_only", []]);
  });

  it.each([
    [
      "not in this case",
      { offered: () => ({ offered: false as const, task: "Agree in the console." }) },
      "Agree in the console.",
    ],
    ["not at all", null, "The channel's API has no agree_refund."],
  ])("becomes a task with a link where the channel's API offers it %s", async (_, action, what) => {
    const { command, tasks, did } = await act({ action });
    expect([command?.status, did]).toEqual(["refused", []]);
    expect(tasks).toMatchObject([{ taskId: "do_agree_refund", what, link: "https://console.example/case" }]);
  });
});

describe("a call that the channel does not accept", () => {
  const fault = (code: ConstructorParameters<typeof SuiteError>[0], details = {}) =>
    new SuiteError(code, "the channel's words", { details });

  it.each([
    ["channel_refused", fault("channel_refused"), "refused", false],
    ["channel_refused that wants a person", fault("channel_refused", { manualOnly: true }), "refused", false],
    ["transition_refused", fault("transition_refused"), "refused", false],
    ["case_changed", fault("case_changed"), "expired", true],
    ["answer_unclear", fault("answer_unclear"), "unclear", false],
    ["payload_invalid", fault("payload_invalid"), "unclear", false],
    ["a mistake of ours", new TypeError("of undefined"), "unclear", false],
  ])("ends it: %s", async (_, thrown, status, reread) => {
    const result = await act({ send: async () => Promise.reject(thrown) });
    expect(result.command?.status).toBe(status);
    expect(result.reread > 0).toBe(reread);
    expect(result.did[0]).toBe("sent while sent");
  });

  it.each([
    ["rate_limited", fault("rate_limited", { retryAfterMs: 4_000 })],
    ["channel_unavailable", fault("channel_unavailable")],
    ["credentials_rejected", fault("credentials_rejected")],
    ["misconfigured", fault("misconfigured")],
  ])("leaves it planned, to go again later, where it certainly was not carried out: %s", async (_, thrown) => {
    const { command, did } = await act({ send: async () => Promise.reject(thrown) });
    expect(command).toMatchObject({ status: "planned", attendAt: expect.stringMatching(/^2026-11-25T/) });
    expect(command?.sentAt).toBeUndefined();
    expect(did).toContain("gave back");
  });

  it("asks a person for what only a person can do", async () => {
    const { tasks } = await act({ send: async () => Promise.reject(fault("channel_refused", { manualOnly: true })) });
    expect(tasks).toMatchObject([{ what: "the channel's words" }]);
  });

  it("is never made a second time when nobody knows what it did", async () => {
    const { did, command } = await act({ send: async () => Promise.reject(fault("answer_unclear")), times: 4 });
    expect(did.filter((each) => each.startsWith("sent"))).toHaveLength(1);
    expect(command?.status).toBe("unclear");
  });
});

describe("a command that is found marked as sent", () => {
  const marked = (agoMs: number): Case => {
    const sent = markSent(withPlanned(), "agree_refund-2", instant(new Date(now.getTime() - agoMs)), "another worker");
    if (!sent) throw new Error("not marked");
    return sent;
  };

  it("is unclear when its worker died", async () => {
    const { command, did } = await act({ subject: marked(600_000) });
    expect(command?.status).toBe("unclear");
    expect(did).toEqual(["set a timer"]);
  });

  it("is confirmed when the case shows it", async () => {
    const { command, did } = await act({ subject: marked(600_000), shows: [refunding] });
    expect([command?.status, did]).toEqual(["confirmed", []]);
  });

  it("is left alone while another worker may be at it", async () => {
    expect((await act({ subject: marked(5_000) })).command?.status).toBe("sent");
  });

  it("is left alone once it has ended", async () => {
    const ended = settle(marked(600_000), "agree_refund-2", { as: "refused", problem: "no", now: instant(now) });
    expect((await act({ subject: ended })).did).toEqual([]);
  });
});
