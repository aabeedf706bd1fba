import { existsSync, readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import type { HttpResponse } from "#connectors/contract.ts";
import { shopIdSchema } from "#shared/case/ids.ts";
import { caseObservationSchema, type Facts } from "#shared/case/observation.ts";
import { parseLossless } from "#shared/json.ts";
import { listAddresses } from "./addresses.ts";
import { paramJsonOf } from "./client.ts";
import { envelopeOf } from "./envelope.ts";
import { explain } from "./explain.ts";
import { fixtures } from "./fixtures/index.ts";
import { normalize } from "./normalize.ts";
import { readRows } from "./rows.ts";
import { auditRowSchema, pageSchema, refundPageSchema, ticketRowSchema } from "./schema.ts";

const folder = new URL("../../../shared/channels/samples/jd/", import.meta.url);
const isHere = existsSync(folder);
const textOf = (file: string) => readFileSync(new URL(file, folder), "utf8");
const response = (text: string): HttpResponse => ({ status: 200, headers: {}, body: new TextEncoder().encode(text) });
const innerOf = (file: string) => envelopeOf(response(textOf(file)).body).inner ?? {};
const context = { shopId: shopIdSchema.parse("10706"), observedAt: new Date("2026-01-20T00:00:00Z") };

function factsOf(payload: unknown): Facts {
  return caseObservationSchema.parse(normalize({ payload }, context)).facts as Facts;
}

/** A ticket as `fetch` puts it together, from the samples. */
function ticket(file: string, rest: Record<string, unknown> = {}): Facts {
  const { data } = innerOf(file);
  return factsOf({ bill: data, row: data, ...rest });
}

describe.skipIf(!isHere)("the samples of the sheet (skipped where they are not at hand)", () => {
  it.each([
    ["ticket-view-10001-wait-audit.json", "requested", "merchant"],
    ["ticket-view-10002-wait-feedback.json", "requested", "buyer"],
    ["ticket-view-10004-audit-closed.json", "rejected", "buyer"],
    ["ticket-view-10005-wait-receive.json", "approved", "buyer"],
    ["ticket-view-10007-wait-process.json", "received", "merchant"],
    ["ticket-view-10041-refund-submitted.json", "refunding", "channel"],
    ["ticket-view-10010-complete.json", "refunded", "nobody"],
    ["ticket-view-10011-cancelled.json", "closed", "nobody"],
  ])("%s is %s and waits for %s", (file, state, waitingOn) => {
    const facts = ticket(file);
    expect(facts).toMatchObject({
      state: { known: true, value: state },
      waitingOn,
      groupKey: expect.stringMatching(/^apply-\d+$/),
    });
    const refunds = file.includes("10007") ? undefined : { amountMinor: 12_900, currency: "CNY" };
    expect(facts.money.claimed).toEqual(refunds);
    expect(facts.type).toMatchObject({ value: file.includes("10007") ? "exchange" : "return_refund" });
    expect(facts.flags).toEqual([]);
  });

  it("the audit list states the clock of each ticket of an application, and whether it is late", () => {
    const { data, totalCount } = pageSchema.parse(innerOf("audit-list.json"));
    const { read, rejected } = readRows(data, auditRowSchema);
    expect({ totalCount, rejected }).toEqual({ totalCount: 2, rejected: [] });
    expect(read.map(({ serviceIdList, timeoutFlag }) => [serviceIdList, timeoutFlag])).toEqual([
      [["2380012346"], false],
      [["2380010500", "2380010501"], true],
    ]);
    expect(ticket("ticket-view-10001-wait-audit.json", { audit: data[0] }).deadlines).toEqual([
      {
        kind: "respond",
        dueAt: "2026-01-16T01:00:00.000Z",
        source: { from: "channel", field: "auditOvertime" },
        onExpiry: "auto_approve",
      },
    ]);
  });

  it("the waybill turns an agreed ticket into one in transit", () => {
    const freight = innerOf("freight-view.json").data;
    expect(ticket("ticket-view-10005-wait-receive.json", { freight })).toMatchObject({
      state: { value: "return_in_transit" },
      goods: { status: "returning", wayBack: { trackingNo: "SF1200000000001", carrier: "顺丰速运" } },
    });
  });

  it("the refund view proves the amount, under its misspelt name", () => {
    const [proof] = pageSchema.parse(innerOf("service-and-refund-view.json")).data;
    expect(ticket("ticket-view-10010-complete.json", { proof }).money).toMatchObject({
      status: "paid",
      settled: { amountMinor: 12_900, currency: "CNY" },
      settledAt: "2026-01-19T00:30:00.000Z",
    });
  });

  it.each(["ticket-list.json", "ticket-sync-list.json"])("%s gives rows that lead to their tickets", (file) => {
    const { data, totalCount } = pageSchema.parse(innerOf(file));
    const { read, rejected } = readRows(data, ticketRowSchema);
    expect(rejected).toEqual([]);
    expect(read).toHaveLength(totalCount ?? 0);
    for (const row of read) expect(row.orderId).toMatch(/^\d+$/);
  });

  it("refund applications are in fen, in China's wall clock, in all their states", () => {
    const { result } = refundPageSchema.parse(innerOf("refund-apply-page.json"));
    const facts = result.map((refundApply) => factsOf({ refundApply }));
    expect(facts.map(({ state }) => state.known && state.value)).toEqual([
      "requested",
      "refunded",
      "rejected",
      "approved",
      "closed",
    ]);
    expect(facts.map(({ money }) => money.claimed?.amountMinor)).toEqual([25_990, 12_900, 4980, 9900, 3000]);
    expect(facts[0]).toMatchObject({
      openedAt: "2026-01-15T02:12:44.000Z",
      reason: { code: "no_reason.changed_mind" },
    });
    expect(facts[1]?.money).toMatchObject({ status: "paid", settled: { amountMinor: 12_900 } });
    expect(facts[3]?.flags).toEqual(["needs_review"]);
    const [single] = refundPageSchema.parse(innerOf("refund-apply-by-id.json")).result;
    expect(factsOf({ refundApply: single })).toEqual(facts[0]);
  });

  it.each([
    ["audit-send-ok.json", undefined],
    ["reply-refund-ok.json", undefined],
    ["afs-refund-apply-accepted.json", undefined],
    ["audit-detail.json", undefined],
    ["audit-reason-list.json", undefined],
    ["audit-refuse-stale-version.json", "case_changed"],
    ["reply-refund-failed.json", "channel_refused"],
  ])("%s is %s", (file, code) => {
    expect(explain(response(textOf(file)))?.code).toBe(code);
  });

  it("each gateway failure has its consequence", () => {
    const failures = JSON.parse(textOf("error-responses.json")) as { case: string; body: unknown }[];
    const codes = failures.map(({ body }) => explain(response(JSON.stringify(body)))?.code);
    expect(codes).toEqual([
      "misconfigured",
      "credentials_rejected",
      "rate_limited",
      "misconfigured",
      "misconfigured",
      "channel_unavailable",
      "credentials_rejected",
    ]);
  });

  it("return addresses come with their place and without a name", async () => {
    const world = { ...fixtures, http: async () => response(textOf("return-address-query.json")) };
    expect(await listAddresses(world)).toEqual([
      { addressId: "880011", label: "北京市顺义区示例仓库路1号", isDefault: true },
    ]);
  });

  it("request bodies pass through the serialiser with every digit", () => {
    const bodies = parseLossless(textOf("request-bodies.json")) as Record<string, Parameters<typeof paramJsonOf>[0]>;
    for (const body of Object.values(bodies)) expect(JSON.parse(paramJsonOf(body))).toEqual(body);
  });

  it("no other sample is left unread", () => {
    const readHere = readFileSync(new URL(import.meta.url), "utf8");
    const elsewhere = ["README.md", "oauth-token.json", "signing-vectors.json"];
    const unread = readdirSync(folder).filter((file) => !readHere.includes(file) && !elsewhere.includes(file));
    expect(unread).toEqual([]);
  });

  it("the token answer is a token answer", () => {
    expect(JSON.parse(textOf("oauth-token.json"))).toMatchObject({ expires_in: 31_536_000, xid: expect.any(String) });
  });
});
