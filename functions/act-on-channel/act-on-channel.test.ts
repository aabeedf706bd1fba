import { createHash } from "node:crypto";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { ActionRequest, ChannelAction } from "#connectors/contract.ts";
import type { Case } from "#shared/case/case.ts";
import { defaultClockRules } from "#shared/case/clock-rules.ts";
import type { Action, CommandArgs } from "#shared/case/command.ts";
import { markSent, plan, settle } from "#shared/case/commands.ts";
import type { Evidence } from "#shared/case/evidence.ts";
import { caseIdSchema } from "#shared/case/ids.ts";
import { instant } from "#shared/case/instant.ts";
import type { CaseObservation } from "#shared/case/observation.ts";
import { sentenceOf } from "#shared/case/refused.ts";
import type { ShopMode } from "#shared/case/shop.ts";
import { SuiteError } from "#shared/errors.ts";
import type { Message } from "#shared/queue.ts";
import type { Counters, Limits } from "#shared/store/index.ts";
import { inState, someCase, someObservation, tenantId } from "../../test/builders/case-builder.ts";
import {
  holding,
  keeping,
  listen,
  noon,
  sessionDeps,
  shopsOf,
  someConnector,
  someShop,
} from "../../test/builders/fakes.ts";
import { actOnChannel, type Deps } from "./act-on-channel.ts";

let heard: ReturnType<typeof listen>;
beforeEach(() => {
  heard = listen();
});
afterEach(() => heard.end());

const now = new Date(noon.getTime() + 60_000);

/** A case with what a person has asked for, a refund if nothing else is said. */
function withPlanned(action: Action = "agree_refund", args: CommandArgs = {}): Case {
  const wish = {
    action,
    args,
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
  kept?: ReturnType<typeof keeping>;
}

/** Hands the command to the writer and tells what became of it. */
async function act({
  subject = withPlanned(),
  mode = "auto",
  send = async () => {},
  shows = [someObservation(1)],
  action = {},
  times = 1,
  kept = keeping(),
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
    actions: action === null ? {} : { agree_refund: write, refuse: write },
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
    ...{ evidence: kept.evidence, archive: kept.archive },
    limits: { get: async () => undefined } as unknown as Limits,
    counters: counters as Counters,
    enqueue: async (messages) => void queued.push(...messages),
    setTimer: async (messages) => void did.push(...messages.map(() => "set a timer")),
    random: () => 0.5,
    newId: () => `claim ${++ids}`,
  };
  const { caseId } = subject;
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

describe("evidence that the case keeps", () => {
  const evidenceId = "0f".repeat(16);
  const bytes = Buffer.from("a picture");
  const place = { tenantId, caseId: someCase().caseId, evidenceId, kind: "photo", source: "buyer" } as const;
  const receivedAt = instant(noon);
  const sha256 = createHash("sha256").update(bytes).digest("hex");
  const record: Evidence = {
    ...{ ...place, receivedAt, sha256, status: "kept", bytes: bytes.length, mediaType: "image/png" },
  };
  const wish = (): Case => withPlanned("refuse", { evidence: [{ evidenceId }] });

  async function handOn(records: Evidence[], { action = {}, files = [bytes] }: Partial<Handing> = {}) {
    const kept = keeping(...records);
    for (const each of files) kept.files.set(evidenceId, each);
    const got: unknown[] = [];
    const send = async ({ files: handed }: ActionRequest) => {
      for (const file of handed?.values() ?? [])
        got.push({ ...file, read: await file.read(), link: await file.link(9) });
    };
    return { ...(await act({ subject: wish(), kept, action: { takesFiles: true, send, ...action } })), got };
  }
  interface Handing {
    action: Partial<ChannelAction<unknown, unknown>>;
    files: Buffer[];
  }

  it("is handed to the channel's action: what it is, its bytes, and an address for so long", async () => {
    const { got, command } = await handOn([record]);
    const { kind, mediaType } = { kind: "photo", mediaType: "image/png" };
    expect(got).toEqual([
      {
        ...{ evidenceId, kind, mediaType, sha256, bytes: bytes.length, name: `${evidenceId}.png` },
        read: bytes,
        link: `https://bucket.example.com/${evidenceId}?for=9`,
      },
    ]);
    expect(command?.status).toBe("sent");
  });

  const otherCase = { ...record, caseId: caseIdSchema.parse("douyin:10437917:7301234567890123999") };
  it.each([
    ["is not known", [], {}, "evidence_unknown"],
    ["is another case's", [otherCase], {}, "evidence_unknown"],
    ["was refused", [{ ...place, receivedAt, status: "refused", why: "too_large" }], {}, "evidence_not_kept"],
    ["has been erased", [{ ...place, receivedAt, status: "erased" }], {}, "evidence_not_kept"],
    ["the channel takes by address", [record], { action: { takesFiles: undefined } }, "evidence_by_address_only"],
  ] as const)("ends the command, with a sentence of what to do, where it %s", async (_, records, more, code) => {
    const { command, got, did } = await handOn([...records] as Evidence[], more as Partial<Handing>);
    expect(command?.status).toBe("refused");
    expect(command?.problem).toContain(`${code}: ${sentenceOf(code)}`);
    expect([got, did]).toEqual([[], []]);
    expect(heard.metric("CommandObjected")).toEqual([1]);
  });

  it("ends the command where the file itself is gone", async () => {
    const { command, got } = await handOn([record], { files: [] });
    expect([command?.status, got]).toEqual(["refused", []]);
    expect(command?.problem).toContain("no longer in its bucket");
  });

  it("lets the command wait while the bucket cannot be read: nothing was asked of the channel", async () => {
    const fault = new SuiteError("store_unavailable", "the bucket is slow");
    const { command } = await act({ send: () => Promise.reject(fault) });
    expect(command).toMatchObject({ status: "planned", heldBecause: "backoff" });
  });
});
