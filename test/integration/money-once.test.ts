import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type { Case } from "#shared/case/case.ts";
import { demoTenant } from "../../local/stack.ts";
import { type Relay, startRelay } from "./relay.ts";
import { functionOf, secretOf, useStack } from "./stack.ts";

// A refund whose fate nobody knows: the channel has paid, and whoever asked it to does not hear of it.

const stack = useStack();
const refundUnshipped = 2;
let relay: Relay;
/** What happens while the channel works on a write: before it is asked, and after it has acted. */
let around: { before?: () => Promise<unknown>; after?: () => Promise<unknown> } = {};

beforeAll(async () => {
  const { runtime, douyin } = stack();
  const isWrite = (path: string) => path.startsWith("/afterSale/operate");
  relay = await startRelay({
    target: () => douyin.url,
    before: async ({ path }) => isWrite(path) && around.before?.(),
    after: async ({ path }) => isWrite(path) && around.after?.(),
  });
  runtime.secrets.set(secretOf(runtime, "douyin"), { current: { ...douyin.appSettings(), gateway: relay.url } });
  // Workers that have run before remember the settings.
  for (const name of ["normalize-case", "act-on-channel", "enforce-deadline", "poll-channel"])
    await runtime.killWorker(functionOf(runtime, name));
});
afterEach(() => {
  around = {};
  stack().douyin.inject({});
});
afterAll(() => relay?.stop());

const minute = 60_000;

describe("one refund", () => {
  it("is paid once when the channel's answer is lost, and ends confirmed by reading the case", async () => {
    const { douyin } = stack();
    around = {
      before: async () => douyin.inject({ answersLost: 1, seed: 1 }),
      after: async () => douyin.inject({}),
    };
    const subject = await refundOfNewCase();
    expect(await storyOf(subject)).toEqual(["command.planned", "command.sent", "command.unclear", "command.confirmed"]);
  });

  it("is paid once when the worker dies between the mark and the answer", async () => {
    const { runtime } = stack();
    around = { before: () => runtime.killWorker(functionOf(runtime, "act-on-channel")) };
    const subject = await refundOfNewCase();
    expect(await storyOf(subject)).toEqual(["command.planned", "command.sent", "command.confirmed"]);
  });

  it("is paid once when the worker dies after the channel has paid", async () => {
    const { runtime } = stack();
    around = { after: () => runtime.killWorker(functionOf(runtime, "act-on-channel")) };
    const subject = await refundOfNewCase();
    expect(await storyOf(subject)).toEqual(["command.planned", "command.sent", "command.confirmed"]);
  });

  it("is paid once when two workers are told of the same command", async () => {
    const { runtime, shopOn } = stack();
    const subject = await refundOfNewCase();
    const [command] = subject.commands;
    const body = JSON.stringify({ tenantId: demoTenant, caseId: subject.caseId, commandId: command?.commandId });
    const attributes = { ApproximateReceiveCount: "1", MessageGroupId: shopOn("douyin") };
    const record = { messageId: "again", receiptHandle: "none", body, attributes, messageAttributes: {} };
    const event = { Records: [record] };
    const name = functionOf(runtime, "act-on-channel");
    await Promise.all([runtime.invoke(name, event), runtime.invoke(name, event)]);
    await runtime.idle();
    expect(paymentsOf(subject)).toHaveLength(1);
  });
});

const seeds = { next: 100 };

/** A person agrees to a new refund; time goes on until everything about it is settled. */
async function refundOfNewCase(): Promise<Case> {
  const { douyin, shopOn, runtime, call, desk } = stack();
  const shopId = shopOn("douyin");
  const { id } = douyin.apply({ shopId, type: refundUnshipped, seed: seeds.next++, reasonCode: 1 });
  await runtime.advance(minute);
  const of = { channel: "douyin", shopId, channelCaseId: id };
  const opened = await desk.caseOf(demoTenant, of);
  expect(opened?.facts.state).toMatchObject({ value: "requested" });
  const request = { tenantId: demoTenant, caseId: opened?.caseId, personId: "erika", action: "agree_refund" };
  expect(await call("plan-command", request)).toMatchObject({ ok: true });
  for (let minutes = 0; minutes < 15; minutes++) await runtime.advance(minute);
  const held = await desk.caseOf(demoTenant, of);
  if (!held) throw new Error("the case is gone");
  expect(held.facts.state).toMatchObject({ value: "refunded" });
  expect(held.commands).toMatchObject([{ action: "agree_refund", status: "confirmed" }]);
  expect(paymentsOf(held)).toMatchObject([
    { executedBy: "merchant_api", amountMinor: held.facts.money.settled?.amountMinor },
  ]);
  return held;
}

function paymentsOf({ channelCaseId }: Case) {
  return stack()
    .douyin.ledger()
    .filter((payment) => payment.channelCaseId === channelCaseId);
}

/** What the timeline says of the commands of a case. */
async function storyOf({ caseId }: Case): Promise<string[]> {
  const story = await stack().desk.store.timeline.read(demoTenant, caseId);
  return story.map(({ news }) => news.name).filter((name) => name.startsWith("command."));
}
