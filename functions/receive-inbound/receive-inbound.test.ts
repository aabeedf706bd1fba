import { createHmac } from "node:crypto";
import { beforeEach, describe, expect, it } from "vitest";
import { defaultClockRules } from "#shared/case/clock-rules.ts";
import { inboundMessageSchema } from "#shared/case/inbound-event.ts";
import type { Facts } from "#shared/case/observation.ts";
import { defaultPolicy } from "#shared/case/policy.ts";
import type { Message } from "#shared/queue.ts";
import { createStore, type Store } from "#shared/store/index.ts";
import { glassVault as vault } from "../../test/builders/fakes.ts";
import { useTable } from "../../test/engine.ts";
import { sampleCase } from "../../test/sample-case.ts";
import { applyInbound } from "../apply-inbound/apply-inbound.ts";
import { connectWarehouse } from "../connect-warehouse/connect-warehouse.ts";
import { decideResponse } from "../decide-response/decide-response.ts";
import { receiveInbound } from "./receive-inbound.ts";

const table = useTable();
const now = new Date("2026-11-25T12:30:00.000Z");
const clock = { now: () => now };
const cny = (amountMinor: number) => ({ amountMinor, currency: "CNY" });
const back: Partial<Facts> = {
  state: { known: true, value: "return_in_transit", raw: "11" },
  waitingOn: "merchant",
  goods: { status: "returning", lines: [{ lineId: "1", sku: "A", requested: 3, unitPaid: cny(5_000) }] },
  money: { status: "pending", claimed: cny(15_000) },
};
const held = sampleCase({ facts: back });
const { tenantId, caseId, channel, shopId } = held;
let store: Store;
let secret = "";
const queued: Message[] = [];

beforeEach(async () => {
  store = createStore(table());
  queued.splice(0);
  await store.cases.create(held);
  await store.references.put(tenantId, caseId, ["SF1"]);
  ({ secret } = await connectWarehouse(
    { tenantId, keyId: "k1" },
    { inbound: store.inbound, vault, newSecret: () => "a secret of the warehouse" },
  ));
});

const event = (data: object = {}, change: object = {}) => ({
  ...{ event_id: "e1", type: "return.inspected", occurred_at: "2026-11-25T12:00:00Z" },
  data: { case_id: caseId, result: "accepted", lines: [lineOf(3, 3)], ...data },
  ...change,
});
const lineOf = (received: number, accepted: number, condition = "new") => ({
  ...{ sku: "A", expected_qty: 3, received_qty: received, accepted_qty: accepted, condition },
});

async function post(
  body: object | Buffer,
  { headers = {}, tenant = "acme" }: { headers?: object; tenant?: string } = {},
) {
  const bytes = Buffer.isBuffer(body) ? body : Buffer.from(JSON.stringify(body));
  const timestamp = String(Math.floor(now.getTime() / 1000));
  const hex = createHmac("sha256", secret).update(`${timestamp}.`).update(bytes).digest("hex");
  const signed = {
    "x-aftersale-timestamp": timestamp,
    "x-aftersale-signature": `v1=${hex}`,
    "x-aftersale-key-id": "k1",
  };
  const call = { method: "POST", params: { tenantId: tenant }, headers: { ...signed, ...headers }, body: bytes };
  const { cases, references, inbound } = store;
  const enqueue = async (messages: readonly Message[]) => void queued.push(...messages);
  const { status, body: said } = await receiveInbound(call, { cases, references, inbound, vault, clock, enqueue });
  return { status, ...(JSON.parse(said) as { reason?: string }) };
}

/** Brings what is queued to its case, and lets the policy look, as the bus would. */
async function deliver() {
  for (const { body } of queued.splice(0)) {
    const message = inboundMessageSchema.parse(JSON.parse(body));
    await applyInbound(message, { cases: store.cases, clockRulesOf: async () => defaultClockRules, clock });
  }
  const shop = {
    tenantId,
    channel,
    shopId,
    name: "x",
    mode: "auto",
    status: "connected",
    connectedAt: held.savedAt,
    addresses: [],
  };
  const shops = { find: async () => ({ shop, credentials: new Uint8Array(), credentialsVersion: 1 }) } as never;
  const connectorOf = () => ({ actions: { agree_refund: { wholeClaimOnly: true } } }) as never;
  const { cases, references, limits } = store;
  const deps = { cases, references, shops, limits, connectorOf, policy: defaultPolicy, clock };
  await decideResponse({ tenantId, caseId, channel, shopId }, deps);
  const found = await cases.get(tenantId, caseId);
  if (!found) throw new Error("the case is gone");
  return found;
}

describe("what a merchant's own system reports", () => {
  it("is accepted once it is queued, and said to be taken before when it comes again", async () => {
    expect(await post(event())).toMatchObject({ status: 202 });
    expect(await post(event())).toMatchObject({ status: 200 });
    expect(queued).toHaveLength(1);
  });

  it("finds its case by the parcel", async () => {
    expect(await post(event({ case_id: undefined, tracking_number: "SF1" }))).toMatchObject({ status: 202 });
    expect(JSON.parse(queued[0]?.body ?? "{}")).toMatchObject({ caseId });
  });

  it.each([
    ["unsigned", () => post(event(), { headers: { "x-aftersale-signature": undefined } }), 401, "not_signed"],
    ["signed for another tenant", () => post(event(), { tenant: "other" }), 401, "not_signed"],
    ["to a tenant that cannot be", () => post(event(), { tenant: "a#b" }), 401, "not_signed"],
    [
      "of six minutes ago",
      () => post(event(), { headers: { "x-aftersale-timestamp": "1795609000" } }),
      401,
      "not_signed",
    ],
    ["of 10 MB", () => post(Buffer.alloc(10 * 1024 * 1024, 0x20)), 413, "body_too_large"],
    ["that is no JSON", () => post(Buffer.from("{")), 400, "not_json"],
    ["of another form", () => post(event({ result: "tasty" })), 400, "malformed"],
    ["of a case that is not there", () => post(event({ case_id: "douyin:4463798:9" })), 404, "case_unknown"],
    ["of another tenant's case", () => post(event({ case_id: "douyin:1:7001" })), 404, "case_unknown"],
    [
      "of a parcel that nobody knows",
      () => post(event({ case_id: undefined, tracking_number: "X" })),
      404,
      "case_unknown",
    ],
  ])("%s is refused, and nothing is queued", async (_, send, status, reason) => {
    expect(await send()).toMatchObject({ status, reason });
    expect(queued).toEqual([]);
  });

  it("cannot receive goods on a case that is over", async () => {
    await store.cases.save({
      ...held,
      revision: 2,
      news: [],
      facts: { ...held.facts, state: { known: true, value: "closed", raw: "28" } },
    });
    expect(await post(event())).toMatchObject({ status: 409, reason: "case_is_over" });
  });
});

describe("an inspection", () => {
  it("of goods that came back whole has the refund planned at the ceiling, without waiting for a person", async () => {
    await post(event());
    const found = await deliver();
    expect(found.facts.inspection?.lines).toMatchObject([{ received: 3, accepted: 3 }]);
    expect(found.decision).toMatchObject({ action: "agree_refund", rule: "inspection_accepted" });
    expect(found.commands).toMatchObject([
      { action: "agree_refund", status: "planned", args: { amount: cny(15_000) } },
    ]);
  });

  it.each([
    ["damaged", { result: "damaged", lines: [lineOf(3, 0, "damaged")] }],
    ["partly accepted", { result: "accepted_partial", lines: [lineOf(2, 2)] }],
    ["said to be accepted, but fewer than expected", { lines: [lineOf(2, 2)] }],
    ["of another stock-keeping unit", { lines: [{ ...lineOf(3, 3), sku: "B" }, lineOf(0, 0)] }],
    ["empty", { result: "empty_parcel", lines: [] }],
  ])("of what is %s is left to a person", async (_, data) => {
    await post(event(data));
    const found = await deliver();
    expect(found.decision).toMatchObject({ action: "ask_person" });
    expect(found.commands).toEqual([]);
  });

  it("is the newest one, in whatever order they come", async () => {
    await post(event({ result: "damaged" }, { event_id: "e2", occurred_at: "2026-11-25T12:10:00Z" }));
    await post(event({}, { event_id: "e1" }));
    expect((await deliver()).facts.inspection?.result).toBe("damaged");
  });
});

describe("a payment that finance made itself", () => {
  it("is never made again", async () => {
    await post(event());
    const paid = { case_id: caseId, amount: { amount_minor: 15_000, currency: "CNY" }, reference: "F-1" };
    await post({ event_id: "e3", type: "refund.paid", occurred_at: "2026-11-25T12:20:00Z", data: paid });
    const found = await deliver();
    expect(found.facts.paidOutside).toMatchObject({ amount: cny(15_000), reference: "F-1" });
    expect(found.commands).toEqual([]);
  });
});
