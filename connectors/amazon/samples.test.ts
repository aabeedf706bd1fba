import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import * as z from "zod";
import { textOf } from "./document.ts";
import { app, credentials, file, now, shopId } from "./fixtures/build.ts";
import { normalize } from "./normalize.ts";
import { readNotification } from "./notification.ts";
import { failuresIn } from "./processing-report.ts";
import { readReturns } from "./returns.ts";
import { eventsSchema, transactionsSchema } from "./schema.ts";

// Data for reference beside the checkout; not part of the repository.
const samples = join(import.meta.dirname, "../../../shared/channels/samples/amazon");
const here = existsSync(samples);
const why = here ? "" : " (skipped: the samples are not on this machine)";
const bytes = (path: string) => readFileSync(join(samples, path));
const json = (path: string) => JSON.parse(bytes(path).toString("utf8"));

async function casesOf(
  path: string,
  { type = "text/plain; charset=UTF-8", form = "flat" as "flat" | "xml", market = "US" } = {},
) {
  const world = {
    app,
    shopId,
    credentials: { ...credentials, returnsReport: form },
    now,
    http: () => Promise.reject(),
  };
  const page = await readReturns(textOf(file(bytes(path), type)), { world, market, offset: 0 });
  expect(page.rejected).toEqual([]);
  return page.notices.map(({ payload }) => normalize({ payload }, { shopId, observedAt: now }));
}

describe.skipIf(!here)(`Amazon's samples${why}`, () => {
  it.each([
    ["OrderChangeNotification", 1, { kind: "case", channelCaseId: "903-8868176-2219830/cancel" }],
    ["TransactionUpdateNotification", 1, "a sale"],
    ["FeedProcessingFinishedNotification", 1, "no feed of ours"],
    ["FeedProcessingFinishedNotification", 2, "of a vendor"],
    ["ReportProcessingFinishedNotification", 1, "the report's own cycle asks for it"],
    ["ReportProcessingFinishedNotification", 2, "the report's own cycle asks for it"],
    ["FulfillmentOrderStatusNotification", 1, "not a type that is read"],
  ])("fit their schemas and are understood: %s %i", (name, nth, means) => {
    const example = json(`notifications/examples/${name}.${nth}.json`);
    const schema = json(`notifications/schemas/${name}.json`);
    expect(z.fromJSONSchema(schema).safeParse(example)).toMatchObject({ success: true });
    // One schema requires names that it does not describe, which the validator passes over.
    expect(Object.keys(example)).toEqual(expect.arrayContaining(schema.required));
    const { notices, ignored } = readNotification(JSON.stringify(example));
    if (typeof means === "string") expect(ignored).toMatchObject([{ why: means }]);
    else expect(notices).toMatchObject([{ subject: means, shopId: "A3TH9S8BH6GOGM", via: "push" }]);
    expect(JSON.stringify(notices)).not.toContain("48110");
  });

  it("an order's notification opens a buyer's cancellation", () => {
    const [record] = json("constructed/sqs-event.order-change.json").Records;
    const [notice] = readNotification(record.body).notices;
    const { facts } = normalize({ payload: notice?.payload }, { shopId, observedAt: now });
    expect(facts).toMatchObject({
      type: { value: "refund_only" },
      state: { value: "requested", raw: "Unshipped" },
      shipped: false,
      market: "US",
      openedAt: "2022-11-29T19:42:04.284Z",
    });
  });

  it.each([
    ["returns-by-return-date.us.utf-8.tsv"],
    ["returns-by-return-date.us.utf-8.tsv.gz"],
  ])("the flat file of the US gives a case per RMA: %s", async (path) => {
    const cases = await casesOf(`constructed/${path}`);
    const seen = cases.map(({ channelCaseId, facts }) => [
      channelCaseId,
      facts.state?.known && facts.state.value,
      facts.reason?.code,
      facts.returnedAt,
    ]);
    expect(seen).toEqual([
      ["111-0000001-0000001/DAaaaaa1RRMA", "approved", "no_reason.changed_mind", undefined],
      ["111-0000002-0000002/DAaaaaa2RRMA", "requested", "quality.defect", undefined],
      ["111-0000003-0000003/DAaaaaa3RRMA", "refunded", "transit.damaged", "2026-02-06T08:00:00.000Z"],
      ["111-0000004-0000004/DAaaaaa4RRMA", "closed", "no_reason.changed_mind", undefined],
    ]);
    expect(cases[2]?.facts.money).toMatchObject({
      settled: { amountMinor: 3100, currency: "USD" },
      executedBy: "platform_robot",
    });
    expect(cases[0]?.facts).toMatchObject({
      openedAt: "2026-02-14T08:00:00.000Z",
      orders: [{ orderId: "111-0000001-0000001", lineId: "10000000000001" }],
      goods: { wayBack: { carrier: "UPS", trackingNo: "1Z0000000000000001" } },
    });
  });

  it("the German file is read in its own character set", async () => {
    const [only] = await casesOf("constructed/returns-by-return-date.de.iso-8859-1.tsv", {
      type: "text/plain; charset=ISO-8859-1",
      market: "DE",
    });
    expect(only?.facts).toMatchObject({
      state: { value: "approved" },
      goods: { lines: [{ sku: "STÜHLE-2", requested: 2 }] },
    });
    const [guessed] = await casesOf("constructed/returns-by-return-date.de.iso-8859-1.tsv", { type: "text/plain" });
    expect(guessed?.facts.goods).toEqual(only?.facts.goods);
  });

  it("a file of a header alone has no case", async () => {
    expect(await casesOf("constructed/returns-by-return-date.header-only.tsv")).toEqual([]);
  });

  it("the XML joins the items of an RMA, and its refund amount proves nothing", async () => {
    const [two, claimed] = await casesOf("constructed/returns-by-return-date.es.xml", {
      type: "text/xml; charset=UTF-8",
      form: "xml",
      market: "ES",
    });
    expect(two?.facts).toMatchObject({
      openedAt: "2026-03-12T12:44:17.000Z",
      state: { value: "approved" },
      money: { status: "pending" },
      goods: { lines: [{ sku: "CAM-AM-XL" }, { sku: "CINT-M" }] },
    });
    expect(claimed?.facts).toMatchObject({ dispute: { status: { value: "evidence_due" } }, waitingOn: "merchant" });
  });

  it("a processing report names the order that failed", () => {
    expect(failuresIn(bytes("constructed/order-adjustment-feed.processing-report.xml").toString())).toEqual([
      "111-0000004-0000004",
    ]);
  });

  it("Finances proves a refund, and who granted a claim", async () => {
    const events = eventsSchema.parse(
      json("constructed/finances-v0.refund-and-guarantee-claim.json").payload.FinancialEvents,
    );
    const row = { requestDate: "29-Jan-2026", status: "Approved", quantity: "1", currency: "USD" };
    const read = (orderId: string, sku: string) =>
      normalize(
        { payload: { kind: "return", orderId, rmaId: "D1RRMA", source: "flat", rows: [{ ...row, sku }], events } },
        { shopId, observedAt: now },
      ).facts;
    expect(read("111-0000003-0000003", "MUG-SET")).toMatchObject({
      outcome: "refunded",
      money: { status: "paid", settled: { amountMinor: 3100, currency: "USD" }, settledAt: "2026-02-09T16:20:31.000Z" },
    });
    expect(read("111-0000005-0000005", "LAMP-01")).toMatchObject({
      state: { value: "refunded" },
      money: { executedBy: "platform_robot" },
      dispute: { status: { value: "decided_for_buyer" } },
    });
  });

  it("transactions are read", () => {
    for (const path of ["constructed/finances-2024-06-19.refund-transaction.json"])
      expect(transactionsSchema.parse(json(path)).payload.transactions).toHaveLength(1);
    expect(transactionsSchema.safeParse(json("finances/listTransactions.200.1.json").response).success).toBe(true);
  });
});
