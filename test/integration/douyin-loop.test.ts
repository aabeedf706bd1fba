import { DeleteItemCommand, DynamoDBClient, ScanCommand } from "@aws-sdk/client-dynamodb";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Case, projectionOf } from "#shared/case/case.ts";
import type { TimelineEntry } from "#shared/store/index.ts";
import { compare } from "../../local/referee.ts";
import { demoTenant } from "../../local/stack.ts";
import { type Relay, startRelay } from "./relay.ts";
import { douyinHeaders, post } from "./send.ts";
import { useStack } from "./stack.ts";

// One return from the buyer's wish to the money, played once; the tests look at what each step left behind.

const stack = useStack();
const minute = 60_000;
let pushes: Relay;
let channelCaseId = "";
/** The first answer's due time, as the platform stated it. */
let firstDueAt = "";
const steps: { agreed?: Step; shipped?: Step; refunded?: Step } = {};
let story: TimelineEntry[] = [];

interface Step {
  subject: Case;
  /** Where ours and the marketplace's own view part. */
  differences: string[];
}

beforeAll(async () => {
  const { douyin, shopOn, runtime, webhookUrl, call, desk } = stack();
  pushes = await startRelay({ target: () => webhookUrl("douyin") });
  douyin.pushTo(pushes.url);
  await runtime.idle();

  const opened = douyin.apply({ shopId: shopOn("douyin"), type: 0, seed: 7, reasonCode: 6, quantity: 1 });
  channelCaseId = opened.id;
  firstDueAt = new Date(opened.statusDeadline * 1000).toISOString();
  await runtime.advance(minute);
  steps.agreed = await look();

  await runtime.advance(20 * minute);
  douyin.act(channelCaseId, "ship", { companyCode: "shunfeng", trackingNo: "SF7301234567890" });
  await runtime.advance(minute);
  steps.shipped = await look();

  await runtime.advance(20 * minute);
  douyin.act(channelCaseId, "arrive");
  await runtime.advance(minute);
  const { caseId } = await held();
  const request = { tenantId: demoTenant, caseId, personId: "warehouse", action: "agree_refund" };
  expect(await call("plan-command", request)).toMatchObject({ ok: true });
  await runtime.advance(20 * minute);
  steps.refunded = await look();
  story = await desk.store.timeline.read(demoTenant, caseId);
});
afterAll(() => pushes?.stop());

const of = () => ({ channel: "douyin", shopId: stack().shopOn("douyin"), channelCaseId });

async function held(): Promise<Case> {
  const found = await stack().desk.caseOf(demoTenant, of());
  if (!found) throw new Error("the case is gone");
  return found;
}

async function look(): Promise<Step> {
  const truth = stack()
    .douyin.truth()
    .find((each) => each.channelCaseId === channelCaseId);
  if (!truth) throw new Error("the marketplace has no such case");
  const subject = await held();
  return { subject, differences: compare(truth, subject).map(({ text }) => text) };
}

const table = () => {
  const { runtime } = stack();
  const credentials = { accessKeyId: "test", secretAccessKey: "test" };
  return new DynamoDBClient({ endpoint: runtime.gatewayUrl, region: "us-east-1", credentials });
};

describe("a Douyin return", () => {
  it("agrees with the marketplace after every step", () => {
    expect(Object.values(steps).map(({ differences }) => differences)).toEqual([[], [], []]);
  });

  it("is requested, with the platform's deadline", () => {
    expect(story[0]?.news).toMatchObject({ name: "case.opened", data: { state: "requested", waitingOn: "merchant" } });
    const set = story.map(({ news }) => news).find(({ name }) => name === "deadline.set");
    expect(set).toMatchObject({ data: { kind: "respond", dueAt: firstDueAt, source: { from: "channel" } } });
  });

  it("keeps 64-bit ids byte for byte in the table", async () => {
    const { douyin, runtime } = stack();
    const order = douyin.case(channelCaseId)?.order;
    expect(Number.isSafeInteger(Number(channelCaseId))).toBe(false);
    const { Items = [] } = await table().send(new ScanCommand({ TableName: runtime.tables[0] }));
    const keys = Items.map(({ pk }) => pk?.S ?? "");
    expect(keys.filter((pk) => pk.endsWith(`:${channelCaseId}`)).length).toBeGreaterThan(1);
    expect(keys).toContain(`T#demo#R#${order?.orderId}`);
    expect(steps.agreed?.subject.facts.orders).toEqual([{ orderId: order?.orderId, lineId: order?.lineId }]);
  });

  it("is agreed to by rule, with the shop's return address", () => {
    const address = stack().douyin.case(channelCaseId)?.returnAddressId;
    expect(address).toMatch(/^72\d{17}$/);
    expect(steps.agreed?.subject).toMatchObject({
      facts: { state: { value: "approved" }, waitingOn: "buyer" },
      commands: [
        {
          action: "agree_return",
          status: "confirmed",
          args: { addressId: address },
          askedBy: "policy:no_reason_return_in_window",
        },
      ],
    });
  });

  it("is on its way back once the buyer has shipped, and found by the tracking number", async () => {
    expect(steps.shipped?.subject.facts).toMatchObject({
      state: { value: "return_in_transit" },
      waitingOn: "merchant",
      goods: { status: "returning", wayBack: { trackingNo: "SF7301234567890" } },
    });
    const found = await stack().desk.store.references.find(demoTenant, "SF7301234567890");
    expect(found).toEqual([steps.shipped?.subject.caseId]);
  });

  it("is refunded once a person has the goods, and the money is proven", () => {
    const subject = steps.refunded?.subject;
    expect(subject).toMatchObject({
      facts: { state: { value: "refunded" }, outcome: "refunded", waitingOn: "nobody" },
      deadlines: [],
    });
    const amountMinor = subject?.facts.money.settled?.amountMinor;
    expect(stack().douyin.ledger()).toMatchObject([{ channelCaseId, executedBy: "merchant_api", amountMinor }]);
  });

  it("has a timeline that tells the story", () => {
    const told = story.map(({ news }) => (news.name === "case.moved" ? `moved to ${news.data.to}` : news.name));
    const chapters = [
      ["case.opened", "decision.made", "command.planned", "command.sent", "moved to approved", "command.confirmed"],
      ["moved to return_in_transit", "goods.observed"],
      ["command.planned", "command.sent", "moved to refunding", "command.confirmed"],
      ["moved to refunded", "refund.observed"],
    ];
    let from = 0;
    for (const chapter of chapters) {
      const places = chapter.map((each) => told.indexOf(each, from));
      expect(places, `${chapter} in ${told}`).not.toContain(-1);
      from = Math.min(...places) + 1;
    }
    expect(told.filter((name) => name === "deadline.missed")).toEqual([]);
    expect(told.filter((name) => name === "deadline.met").length).toBeGreaterThanOrEqual(2);
    const places = story.map(({ revision, position }) => `${revision}#${position}`);
    expect(new Set(places).size).toBe(places.length);
    expect(story.map(({ news }) => news.at)).toEqual(story.map(({ news }) => news.at).sort());
  });

  it("takes all its pushes again, twice and backwards, and changes nothing", async () => {
    const before = await held();
    await replay();
    expect(await held()).toEqual(before);
  });

  it("is the same case when all that is ever heard of it is the pushes backwards and twice", async () => {
    const { runtime, desk } = stack();
    const before = await held();
    const Key = { pk: { S: `T#${demoTenant}#C#${before.caseId}` }, sk: { S: "CASE" } };
    await table().send(new DeleteItemCommand({ TableName: runtime.tables[0], Key }));
    expect(await desk.caseOf(demoTenant, of())).toBeUndefined();
    await replay();
    expect(projectionOf(await held())).toEqual(projectionOf(before));
    expect(stack().douyin.ledger()).toHaveLength(1);
  });
});

/** Delivers every push of the case again, the newest first, each record twice and in a request of its own. */
async function replay(): Promise<void> {
  const { runtime, webhookUrl, douyin } = stack();
  // The queue forgets what it has seen after five minutes; until then a repetition would not even reach us.
  await runtime.advance(6 * minute);
  const { appKey, appSecret } = douyin.appSettings();
  const app = { appKey: String(appKey), appSecret: String(appSecret) };
  const records = pushes.passed.flatMap(({ body }) => JSON.parse(body.toString()) as { data: string }[]);
  const own = records.filter(({ data }) => data.includes(channelCaseId));
  expect(own.length).toBeGreaterThanOrEqual(5);
  for (const record of own.reverse()) {
    for (const round of [1, 2]) {
      const body = JSON.stringify([{ ...record, msg_id: `${JSON.stringify(record).length}-${round}` }]);
      expect((await post(webhookUrl("douyin"), douyinHeaders(body, app), body)).status).toBe(200);
    }
    await runtime.idle();
  }
}
