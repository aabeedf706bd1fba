import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { gid } from "../model/ids.ts";
import { type Stage, setStage } from "../testing.ts";

let stage: Stage;
beforeEach(async () => {
  stage = await setStage();
});
afterEach(() => stage.end());

async function openReturn(plan = "return_needs_answer", seed = 4) {
  const { channelCaseId } = await stage.shopify.openCase({ shopId: stage.shopId, plan, seed });
  const id = `gid://shopify/${channelCaseId}`;
  const order = stage.shopify.orders().at(-1);
  if (order === undefined) throw new Error("no order was made");
  return { id, order, read: async () => (await stage.run("WholeReturn", { id })).data.return };
}

type Line = { id: string; quantity: number; totalQuantity: number };

describe("a return answered through the API", () => {
  it("goes from request to refund", async () => {
    const { id, order, read } = await openReturn();
    expect((await stage.run("Approve", { id })).data.returnApproveRequest.return.status).toBe("OPEN");
    const approved = await read();
    const reverse = approved.reverseFulfillmentOrders.nodes[0];
    const upload = await stage.run("Upload", {
      input: [{ resource: "RETURN_LABEL", filename: "l.pdf", mimeType: "application/pdf" }],
    });
    const file = upload.data.stagedUploadsCreate.stagedTargets[0].resourceUrl;
    const label = await stage.run("Label", { order: reverse.id, file, number: "JD014600003SE" });
    expect(label.data.reverseDeliveryCreateWithShipping.userErrors).toEqual([]);
    expect(stage.shopify.truth()[0]?.state).toBe("return_in_transit");
    const relabelled = await stage.run("Relabel", {
      id: label.data.reverseDeliveryCreateWithShipping.reverseDelivery.id,
      number: "JD014600004SE",
    });
    expect(relabelled.data.reverseDeliveryShippingUpdate.userErrors).toEqual([]);

    const locationId = (await stage.run("Desks")).data.locations.nodes[0].id;
    const inputs = reverse.lineItems.nodes.map((line: Line) => ({
      reverseFulfillmentOrderLineItemId: line.id,
      quantity: line.totalQuantity,
      dispositionType: "RESTOCKED",
      locationId,
    }));
    expect((await stage.run("Dispose", { inputs })).data.reverseFulfillmentOrderDispose.userErrors).toEqual([]);
    expect(stage.shopify.truth()[0]?.state).toBe("received");

    const lines = approved.returnLineItems.nodes.map(({ id: line, quantity }: Line) => ({ id: line, quantity }));
    const outcome = (await stage.run("Outcome", { id, lines, exchanges: [] })).data.return.suggestedFinancialOutcome;
    const [suggested] = outcome.financialTransfer.suggestedTransactions;
    const issueRefund = {
      orderTransactions: [
        { parentId: suggested.parentTransaction.id, transactionAmount: suggested.amountSet.presentmentMoney },
      ],
    };
    const input = { returnId: id, returnLineItems: lines, financialTransfer: { issueRefund }, notifyCustomer: true };
    expect((await stage.run("Process", { input })).data.returnProcess.userErrors).toEqual([]);
    await stage.clock.advance(2 * 60 * 60_000);
    const done = await read();
    expect(done.refunds.nodes[0].transactions.nodes[0].status).toBe("SUCCESS");
    expect(stage.shopify.truth()[0]).toMatchObject({ state: "refunded", final: true });
    expect(stage.shopify.ledger()).toMatchObject([
      { executedBy: "merchant_api", channelCaseId: id.slice("gid://shopify/".length) },
    ]);
    const total = order.lines.reduce((sum, line) => sum + line.unitMinor * line.quantity, 0);
    expect(stage.shopify.ledger()[0]?.amountMinor).toBe(total);

    const again = await stage.run("Process", { input });
    expect(again.data.returnProcess.userErrors[0].code).toBe("LESS_THAN_OR_EQUAL_TO");
    expect((await stage.run("Close", { id })).data.returnClose.return.status).toBe("CLOSED");
  });

  it("hands out an exchange, whose lines exist only then", async () => {
    const { id, read } = await openReturn("exchange_needs_answer");
    await stage.run("Approve", { id });
    const before = await read();
    expect(before.exchangeLineItems.nodes[0].lineItems).toBeNull();
    const units = ({ nodes }: { nodes: Line[] }) => nodes.map(({ id: line, quantity }) => ({ id: line, quantity }));
    const input = {
      returnId: id,
      returnLineItems: units(before.returnLineItems),
      exchangeLineItems: units(before.exchangeLineItems),
    };
    expect((await stage.run("Process", { input })).data.returnProcess.userErrors).toEqual([]);
    expect((await read()).exchangeLineItems.nodes[0].lineItems).toHaveLength(1);
  });

  it("suggests an invoice, and refuses a refund, when the exchange costs more", async () => {
    const order = stage.shopify.openOrder({ shopId: stage.shopId, seed: 2, wish: { quantities: [1] } });
    const line = order.lines[0];
    const created = await stage.run("Create", {
      input: {
        orderId: gid("Order", order.id),
        returnLineItems: [
          {
            fulfillmentLineItemId: gid("FulfillmentLineItem", line?.fulfillmentLineId ?? ""),
            quantity: 1,
            returnReason: "STYLE",
          },
        ],
        exchangeLineItems: [{ variantId: gid("ProductVariant", "41000000000002"), quantity: 2 }],
      },
    });
    const { id } = created.data.returnCreate.return;
    const one = (await stage.run("WholeReturn", { id })).data.return;
    const units = ({ nodes }: { nodes: Line[] }) => nodes.map(({ id: unit, quantity }) => ({ id: unit, quantity }));
    const lines = units(one.returnLineItems);
    const exchanges = units(one.exchangeLineItems);
    const { suggestedFinancialOutcome } = (await stage.run("Outcome", { id, lines, exchanges })).data.return;
    expect(suggestedFinancialOutcome.financialTransfer.__typename).toBe("InvoiceReturnOutcome");
    expect(suggestedFinancialOutcome.maximumRefundable.presentmentMoney.amount).toBe("0.0");
    const parentId = gid("OrderTransaction", order.transactions[0]?.id ?? "");
    const orderTransactions = [{ parentId, transactionAmount: { amount: "1.00", currencyCode: "EUR" } }];
    const input = {
      returnId: id,
      returnLineItems: lines,
      exchangeLineItems: exchanges,
      financialTransfer: { issueRefund: { orderTransactions } },
    };
    expect((await stage.run("Process", { input })).data.returnProcess.userErrors[0].code).toBe("INVALID");
  });

  it("is declined with a note, which has a limit", async () => {
    const { id } = await openReturn();
    const tooLong = await stage.run("Decline", { id, reason: "OTHER", note: "x".repeat(501) });
    expect(tooLong.data.returnDeclineRequest.userErrors[0].code).toBe("TOO_LONG");
    const declined = await stage.run("Decline", { id, reason: "FINAL_SALE", note: "x".repeat(500) });
    expect(declined.data.returnDeclineRequest.return.decline.reason).toBe("FINAL_SALE");
  });
});

describe("lists", () => {
  it("finds changed orders by time and return status, page by page", async () => {
    for (let seed = 0; seed < 25; seed++) await openReturn("return_needs_answer", seed);
    const query = "updated_at:>='2026-11-01T00:00:00Z' AND return_status:return_requested";
    const first = (await stage.run("Sweep", { query })).data.orders;
    const rest = (await stage.run("Sweep", { query, after: first.pageInfo.endCursor })).data.orders;
    expect([first.nodes.length, first.pageInfo.hasNextPage, rest.nodes.length, rest.pageInfo.hasNextPage]).toEqual([
      20,
      true,
      5,
      false,
    ]);
    const later = await stage.run("Sweep", { query: "updated_at:>'2026-11-03T00:00:00Z'" });
    expect(later.data.orders.nodes).toEqual([]);
  });

  it("gives disputes, reasons, desks, what can still be returned, and who owns a reverse order", async () => {
    const { id, order } = await openReturn();
    await stage.run("Approve", { id });
    const orderId = gid("Order", order.id);
    expect((await stage.run("Returnable", { id: orderId })).data.returnableFulfillments.nodes).toEqual([]);
    expect((await stage.run("Reasons")).data.returnReasonDefinitions.nodes.length).toBeGreaterThan(5);
    const [desk] = (await stage.run("Desks")).data.locations.nodes;
    expect((await stage.run("Desk", { id: desk.id })).data.location.address.formatted.length).toBeGreaterThan(1);
    const reverse = order.returns[0]?.reverseOrders[0]?.id ?? "";
    const found = await stage.run("ReverseOwner", { id: gid("ReverseFulfillmentOrder", reverse) });
    expect(found.data.reverseFulfillmentOrder.order.returns.nodes).toEqual([{ id }]);
    await stage.shopify.openCase({ shopId: stage.shopId, plan: "dispute_missed", seed: 1 });
    const disputes = (await stage.run("DisputeList", { query: "status:NEEDS_RESPONSE" })).data.disputes.nodes;
    expect(disputes).toHaveLength(1);
    expect(disputes[0].evidenceDueBy).toMatch(/^2026-11-\d\dT08:00:00Z$/);
  });
});

describe("disputes", () => {
  it("are won by evidence in time, which cannot be changed after it was submitted", async () => {
    const { channelCaseId } = await stage.shopify.openCase({
      shopId: stage.shopId,
      plan: "dispute_needs_evidence",
      seed: 3,
    });
    const [dispute] = (await stage.run("DisputeList")).data.disputes.nodes;
    const ask = { id: dispute.disputeEvidence.id, input: { uncategorizedText: "Signed for.", submitEvidence: true } };
    expect((await stage.run("Evidence", ask)).data.disputeEvidenceUpdate.disputeEvidence.submitted).toBe(true);
    expect((await stage.run("Evidence", ask)).data.disputeEvidenceUpdate.userErrors[0].code).toBe(
      "EVIDENCE_ALREADY_ACCEPTED",
    );
    await stage.clock.advance(5 * 24 * 60 * 60_000);
    expect(stage.shopify.truth()).toMatchObject([
      { channelCaseId, rawStatus: "WON", missedDeadlines: 0, settled: true },
    ]);
  });
});

describe("cancelling an order", () => {
  it("takes a while, refunds everything, and is refused while a return is in progress", async () => {
    const { order } = await openReturn();
    const refused = await stage.run("CancelOrder", { id: gid("Order", order.id) });
    expect(refused.data.orderCancel.orderCancelUserErrors).toHaveLength(1);
    const unshipped = stage.shopify.openOrder({
      shopId: stage.shopId,
      seed: 8,
      wish: { isShipped: false, refundBehaviour: "instant" },
    });
    const started = await stage.run("CancelOrder", { id: gid("Order", unshipped.id) });
    expect(started.data.orderCancel.jobResult.status).toBe("STARTED");
    expect(unshipped.cancelledAt).toBeUndefined();
    await stage.clock.advance(60_000);
    expect(unshipped.cancelledAt).toBeDefined();
    const refund = stage.shopify.truth().find(({ channelCaseId }) => channelCaseId.startsWith("Refund/"));
    expect(refund).toMatchObject({ state: "refunded", type: "refund_only" });
  });
});
