import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { stateOf } from "#shared/case/case.ts";
import { factsHash } from "#shared/case/fingerprint.ts";
import { SuiteError } from "#shared/errors.ts";
import { ManualClock } from "../../local/marketplaces/kit/manual-clock.ts";
import { hearLines } from "../builders/fakes.ts";
import { useTable } from "../engine.ts";
import { type MoneyAction, moneyActions } from "./money-actions.ts";
import { MoneyWorld, type WriteFault } from "./money-world.ts";

// Every way of paying meets every point of failure. The marketplace's ledger is the judge: what was asked for once is paid
// once or not at all, as the row says, and never twice.

const table = useTable({ shared: true });
beforeEach(() => {
  // Hundreds of runs log what a run logs.
  hearLines(() => undefined);
});
afterEach(() => vi.restoreAllMocks());

const startsAt = "2026-11-25T02:00:00.000Z";
const unreached = () => new SuiteError("channel_unavailable", "the channel could not be reached");
const lost = () => new SuiteError("answer_unclear", "the request left but no whole answer came");

interface Row {
  name: string;
  /** What the one write meets. */
  fault?: WriteFault;
  /** Between a person's word and the first worker. */
  before?: (world: MoneyWorld, action: MoneyAction, id: string) => Promise<void> | void;
  /** After everything has been tried for three hours. */
  after?: (world: MoneyWorld, id: string) => Promise<void>;
  paid: 0 | 1;
  by?: "us" | "others";
  /** How the command ends. */
  ends: "confirmed" | "expired" | "unclear" | "refused";
  needsChange?: true;
  /** How it ends where the channel books the payment as another case, which this one never shows. */
  elsewhere?: "unclear" | "refused";
}

const rows: Row[] = [
  { name: "nothing goes wrong", paid: 1, ends: "confirmed" },
  {
    name: "the channel cannot be reached",
    fault: async () => {
      throw unreached();
    },
    ...{ paid: 1, ends: "confirmed" },
  },
  {
    name: "the channel asks to wait",
    fault: async () => {
      throw new SuiteError("rate_limited", "slow down", { details: { retryAfterMs: 90_000 } });
    },
    ...{ paid: 1, ends: "confirmed" },
  },
  {
    name: "the connection breaks before the channel hears",
    fault: async () => {
      throw lost();
    },
    ...{ paid: 0, ends: "unclear" },
  },
  {
    name: "the connection breaks before the channel hears, and a person sends it again",
    fault: async () => {
      throw lost();
    },
    after: sendAgain,
    ...{ paid: 1, ends: "confirmed" },
  },
  {
    name: "the answer is lost",
    fault: (send) => send().then(() => Promise.reject(lost())),
    paid: 1,
    ends: "confirmed",
    elsewhere: "unclear",
  },
  {
    name: "the answer breaks off",
    fault: async (send) => {
      const answer = await send();
      return { ...answer, body: answer.body.subarray(0, Math.floor(answer.body.length / 2)) };
    },
    ...{ paid: 1, ends: "confirmed", elsewhere: "unclear" },
  },
  {
    name: "the channel pays and answers with a fault",
    fault: async (send) => {
      await send();
      return { status: 502, headers: {}, body: Buffer.from("<html>Bad Gateway</html>") };
    },
    ...{ paid: 1, ends: "confirmed", elsewhere: "unclear" },
  },
  {
    name: "the channel answers with a fault and has not paid",
    fault: async () => ({ status: 500, headers: {}, body: Buffer.from("<html>Internal Server Error</html>") }),
    ...{ paid: 0, ends: "unclear" },
  },
  { name: "the worker dies before the call", fault: (_, worker) => worker.die(), paid: 0, ends: "unclear" },
  {
    name: "the worker dies while the channel pays",
    fault: (send, worker) => {
      void send();
      return worker.die();
    },
    ...{ paid: 1, ends: "confirmed", elsewhere: "unclear" },
  },
  {
    name: "the worker dies with the answer in its hands",
    fault: async (send, worker) => {
      await send();
      return worker.die();
    },
    ...{ paid: 1, ends: "confirmed", elsewhere: "unclear" },
  },
  {
    name: "our own code fails after the call",
    fault: async (send) => {
      await send();
      throw new TypeError("cannot read properties of undefined");
    },
    ...{ paid: 1, ends: "confirmed", elsewhere: "unclear" },
  },
  {
    name: "the queue brings the command again and again",
    before: (world) => {
      world.orders.push(...world.orders, ...world.orders);
    },
    ...{ paid: 1, ends: "confirmed" },
  },
  {
    name: "the queue brings it again after a lost answer",
    before: (world) => {
      world.orders.push(...world.orders, ...world.orders);
    },
    fault: (send) => send().then(() => Promise.reject(lost())),
    ...{ paid: 1, ends: "confirmed", elsewhere: "unclear" },
  },
  {
    name: "two workers have it at the same moment",
    before: async (world) => {
      const [order] = world.orders.splice(0);
      if (order) await Promise.allSettled([world.run(order), world.run(order), world.run(order)]);
    },
    ...{ paid: 1, ends: "confirmed" },
  },
  {
    name: "a person asks twice",
    before: async (world, _, id) => {
      expect(await world.ask(id, { personId: "bo", action: "agree_refund", args: {} })).toMatchObject({ ok: false });
    },
    ...{ paid: 1, ends: "confirmed" },
  },
  {
    name: "the message is lost",
    before: (world) => {
      world.orders.splice(0);
    },
    ...{ paid: 1, ends: "confirmed" },
  },
  {
    name: "the buyer has changed the case",
    before: (world, action, id) => action.change?.(world.market, id),
    ...{ paid: 0, ends: "expired", needsChange: true },
  },
  {
    name: "the platform's robot or the staff paid first",
    before: async (world, action, id) => {
      action.payFirst(world.market, id);
      await world.clock.advance(action.showsAfterMs ?? 0);
    },
    ...{ paid: 1, by: "others", ends: "expired", elsewhere: "refused" },
  },
];

describe.each(moneyActions)("$name", (action) => {
  const clock = new ManualClock(startsAt);
  const market = action.create(clock);
  let world: MoneyWorld;
  let seed = 1;
  beforeAll(async () => {
    await market.start();
    world = new MoneyWorld(table(), { market, clock, isWrite: action.isWrite });
    // A shop of its own, because all of them keep their cases in one table.
    await world.connect(`matrix-${moneyActions.indexOf(action)}`, action.credentials);
  });
  afterAll(() => market.stop());

  const fitting = rows.filter(({ needsChange }) => !needsChange || action.change);
  it.each(fitting)("pays $paid when $name", async (row) => {
    const id = await action.open(market, { ...world.place, seed: seed++ });
    await clock.advance(action.opensForMs ?? 0);
    if (action.byFeed !== undefined) await world.poll(action.byFeed);
    await world.read(id);
    const asked = await world.ask(id, { personId: "ann", action: "agree_refund", args: {} });
    expect(asked).toEqual({ ok: true, status: "planned", commandId: expect.any(String) });
    await row.before?.(world, action, id);
    world.fault = row.fault;
    await world.pass(id, hours);
    await row.after?.(world, id);
    await world.pass(id, [7_200]);

    const held = await world.read(id);
    const payments = world.payments(action.successor?.(market, id) ?? id);
    expect(payments.map(({ executedBy }) => (executedBy === "merchant_api" ? "us" : "others"))).toEqual(
      row.paid === 1 ? [row.by ?? "us"] : [],
    );
    expect(held.commands.at(-1)?.status).toBe((action.successor && row.elsewhere) || row.ends);
    if (action.successor) return; // the case stays as it is, and another tells of the payment
    const truth = market.truth().find(({ channelCaseId }) => channelCaseId === id);
    expect({ state: stateOf(held), settled: held.facts.money.settled?.amountMinor ?? 0 }).toEqual({
      state: truth?.state,
      settled: truth?.settledMinor,
    });
  });
});

/** As timers would come: soon at first, and then for three hours. */
const hours = [6, 65, 130, 610, 900, 1_800, 3_600, 3_600];

/** A person is shown what the case holds, and sends the same command again. */
async function sendAgain(world: MoneyWorld, id: string): Promise<void> {
  const shown = await world.read(id);
  expect(shown.tasks).toMatchObject([{ settles: shown.commands.at(-1)?.commandId }]);
  const resend = { personId: "ann", resend: shown.commands.at(-1)?.commandId ?? "" };
  expect(await world.ask(id, { ...resend, seenFactsHash: "0".repeat(64) })).toMatchObject({ reason: "evidence_stale" });
  expect(await world.ask(id, { ...resend, seenFactsHash: factsHash(shown.facts) })).toMatchObject({ ok: true });
}
