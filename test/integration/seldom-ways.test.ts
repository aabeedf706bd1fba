import { createHmac } from "node:crypto";
import { SendMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { beforeAll, describe, expect, it } from "vitest";
import type { Case } from "#shared/case/case.ts";
import { type Desk, openDesk } from "../../local/desk.ts";
import { localPlace } from "../../local/ops/aws-place.ts";
import { redrive } from "../../local/ops/redrive.ts";
import { replay } from "../../local/ops/replay.ts";
import { apiIn } from "../../local/stack.ts";
import { sampleCase } from "../sample-case.ts";
import { functionOf, startsAt, useIntake } from "./stack.ts";

// Ways of a message that no marketplace brings about: what nobody understands, and what a merchant's own systems report.

const intake = useIntake();
let desk: Desk;
beforeAll(() => {
  const { gatewayUrl, tables } = intake().runtime;
  desk = openDesk({ gatewayUrl, tableName: tables[0] ?? "", clock: { now: () => startsAt } });
  intake().runtime.open();
});

async function call(name: string, request: object): Promise<Record<string, unknown>> {
  const { runtime } = intake();
  const outcome = await runtime.invoke(functionOf(runtime, name), request);
  if (!outcome.ok) throw new Error(outcome.error.errorMessage);
  return JSON.parse(outcome.payload ?? "{}") as Record<string, unknown>;
}

describe("a message that nobody understands", () => {
  it("is kept, in its queue or aside, whichever queue it is in", async () => {
    const { runtime } = intake();
    const credentials = { accessKeyId: "test", secretAccessKey: "test" };
    const sqs = new SQSClient({ endpoint: runtime.gatewayUrl, region: "us-east-1", credentials });
    const fed = runtime.queues().filter(({ name }) => !/-dead(\.fifo)?$|-quarantine$/.test(name));
    expect(fed.length).toBeGreaterThan(10);
    for (const { name, fifo } of fed) {
      const QueueUrl = `${runtime.gatewayUrl}/000000000000/${name}`;
      const order = fifo ? { MessageGroupId: "g", MessageDeduplicationId: "d" } : {};
      await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: "not a message", ...order }));
    }
    await runtime.idle();
    const quarantined = runtime.queues().find(({ name }) => name.endsWith("-quarantine"))?.visible ?? 0;
    const waiting = runtime
      .queues()
      .filter(({ name, inFlight }) => inFlight > 0 && fed.some((each) => each.name === name));
    expect(quarantined + waiting.length).toBe(fed.length);
    expect(quarantined).toBeGreaterThan(0);
  });
});

describe("a merchant's own systems", () => {
  /** Posts a report with a key made for it, as docs/inbound.md says. Returns the status. */
  async function report(held: Case, eventId: string, type: string, data: object): Promise<number> {
    const { secret } = await call("connect-warehouse", { tenantId: held.tenantId, keyId: "own" });
    const body = JSON.stringify({ event_id: eventId, type, occurred_at: startsAt.toISOString(), data });
    const timestamp = String(startsAt.getTime() / 1000);
    const signature = createHmac("sha256", String(secret)).update(`${timestamp}.${body}`).digest("hex");
    const headers = {
      "content-type": "application/json",
      "x-aftersale-timestamp": timestamp,
      "x-aftersale-signature": `v1=${signature}`,
    };
    const url = `${apiIn(intake().runtime, "webhooks")}/inbound/${held.tenantId}`;
    const { status } = await fetch(url, { method: "POST", headers, body });
    await intake().runtime.idle();
    return status;
  }
  const held = (id: string) => desk.store.cases.get(sampleCase().tenantId, sampleCase({ id }).caseId);

  it("say that a refund was paid elsewhere: the case knows, and a person is asked to close it", async () => {
    const subject = sampleCase({ id: "7001" });
    await desk.store.cases.create(subject);
    const data = { case_id: subject.caseId, amount: { amount_minor: 15900, currency: "CNY" }, reference: "bank-1" };
    expect(await report(subject, "paid-1", "refund.paid", data)).toBe(202);
    expect(await report(subject, "paid-1", "refund.paid", data)).toBe(200);
    const after = await held("7001");
    expect(after?.facts.paidOutside).toMatchObject({ amount: { amountMinor: 15900 }, reference: "bank-1" });
    expect(after?.tasks).toHaveLength(1);
  });

  it("find the case by its parcel", async () => {
    const subject = sampleCase({ id: "7002" });
    await desk.store.cases.create(subject);
    await desk.store.references.put(subject.tenantId, subject.caseId, ["SF9"]);
    expect(await report(subject, "received-1", "return.received", { tracking_number: "SF9" })).toBe(202);
    expect((await held("7002"))?.facts.receipt).toEqual({ at: startsAt.toISOString() });
  });
});

describe("what was set aside", () => {
  const place = () => localPlace(intake().runtime.gatewayUrl);
  const sent = (end: string) =>
    intake()
      .runtime.queues()
      .find(({ name }) => name.endsWith(end))?.sent ?? 0;

  it("goes back to its queue, as many as asked for, in the order of its group", async () => {
    const { runtime } = intake();
    const subject = sampleCase({ id: "7003" });
    await desk.store.cases.create(subject);
    const { tenantId, caseId } = subject;
    const fact = { kind: "receipt" };
    for (const [index, occurredAt] of ["2026-11-25T01:00:00.000Z", "2026-11-25T01:30:00.000Z"].entries()) {
      const MessageBody = JSON.stringify({ tenantId, caseId, eventId: `e${index}`, occurredAt, fact });
      const QueueUrl = `${runtime.gatewayUrl}/000000000000/casebridge-dev-inbound-dead.fifo`;
      const order = { MessageGroupId: "7003", MessageDeduplicationId: String(index) };
      await place().sqs.send(new SendMessageCommand({ QueueUrl, MessageBody, ...order }));
    }
    expect(await redrive("inbound", place(), { max: 1 })).toBe(1);
    await runtime.idle();
    const receiptAt = async () => (await desk.store.cases.get(tenantId, caseId))?.facts.receipt?.at;
    expect(await receiptAt()).toBe("2026-11-25T01:00:00.000Z");
    expect(await redrive("casebridge-dev-inbound-dead.fifo", place())).toBe(1);
    await runtime.idle();
    expect(await receiptAt()).toBe("2026-11-25T01:30:00.000Z");
    expect(await redrive("inbound", place())).toBe(0);
  });

  it.each([
    ["nothing", /nothing has no dead-letter queue. These have: .*commands, .*intake/],
    ["sweep-deadlines", "the next run has done their work. Purge it."],
  ])("says why %s cannot go back", async (queue, why) => {
    await expect(redrive(queue, place())).rejects.toThrow(why);
  });

  it("is published from the bucket of failures once the bus answers again, and stays there until then", async () => {
    const { runtime } = intake();
    runtime.inject({ failing: 1, services: ["events"] });
    await desk.store.cases.create(sampleCase({ id: "7004" }));
    await runtime.advance(10 * 60_000);
    await expect(replay(place())).rejects.toThrow(/publish-events failed again on aws\/lambda\/.*its log says why/);
    runtime.inject({});
    const before = sent("-decide-response");
    expect(await replay(place())).toEqual({ objects: 1, records: 1 });
    expect(sent("-decide-response")).toBe(before + 1);
    expect(await replay(place())).toEqual({ objects: 0, records: 0 });
  });
});

it("keeps a tenant's limits, and tells them", async () => {
  const limits = { shops: {} };
  const kept = await call("set-limits", { tenantId: "acme", limits });
  expect(await call("set-limits", { tenantId: "acme" })).toEqual(kept);
});
