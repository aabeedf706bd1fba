import { describe, expect, it } from "vitest";
import type { Case } from "#shared/case/case.ts";
import type { CommandArgs } from "#shared/case/command.ts";
import { isSuiteError } from "#shared/errors.ts";
import { scriptedHttp, worldOf } from "../../test/contract/scripted-http.ts";
import type { HttpResponse } from "../contract.ts";
import { actions } from "./actions.ts";
import {
  command,
  disputeNow,
  exchangeNow,
  exchangeSubject,
  gid,
  outcomeOf,
  refundNow,
  returnNow,
  reverseNow,
  subject,
  suggested,
  tracked,
  twoBack,
  variablesOf,
} from "./fixtures/acts.ts";
import { fixtures } from "./fixtures/index.ts";
import { disposition, list, money, transaction } from "./fixtures/raw.ts";
import { credentials, data } from "./fixtures/world.ts";
import { idempotencyKey } from "./pay.ts";

type Action = keyof typeof actions;

const request = "a request that waits for the merchant";
const approved = "approved, instructions still owed";
const received = "three sent back, one of them missing, with fees";

/** How sending ends: what was written, or the code of what was thrown, or that nothing was left to do. */
async function endOf(
  action: Action,
  { of, args = {}, reads }: { of: string | Case; args?: CommandArgs; reads: HttpResponse[] },
) {
  const accepted = data({ anything: { userErrors: [] } });
  const { http, requests } = scriptedHttp([...reads, accepted]);
  try {
    const about = typeof of === "string" ? subject(of) : of;
    await actions[action].send({ subject: about, command: command(action, args) }, worldOf(fixtures, http));
  } catch (error) {
    if (isSuiteError(error)) return error.details.channelCode ?? error.code;
    throw error;
  }
  const write = requests[reads.length];
  return write ? variablesOf(write) : "nothing to do";
}

describe("what is done already is not done again", () => {
  it.each<[string, Action, string, CommandArgs, HttpResponse]>([
    ["approved meanwhile", "agree_return", request, {}, returnNow()],
    ["declined meanwhile", "refuse", request, {}, returnNow({ status: "DECLINED" })],
    [
      "the same tracking number is there",
      "provide_address",
      approved,
      { trackingNo: "PN1" },
      returnNow({ reverseFulfillmentOrders: list([reverseNow([], [tracked("PN1")])]) }),
    ],
    [
      "some delivery is there and no number was asked for",
      "provide_address",
      approved,
      {},
      returnNow({ reverseFulfillmentOrders: list([reverseNow([], [tracked("PN9")])]) }),
    ],
    [
      "every unit is accounted for",
      "confirm_receipt",
      approved,
      {},
      returnNow({ reverseFulfillmentOrders: list([reverseNow(twoBack)]) }),
    ],
  ])("%s: %s", async (_, action, of, args, read) => {
    expect(await endOf(action, { of, args, reads: [read] })).toBe("nothing to do");
  });
});

describe("a case that went another way is case_changed", () => {
  it.each<[Action, string, HttpResponse, string]>([
    ["agree_return", request, returnNow({ status: "CANCELED" }), "CANCELED"],
    ["agree_return", request, data({ return: null }), "case_changed"],
    ["refuse", request, returnNow({ status: "OPEN" }), "OPEN"],
    ["provide_address", approved, returnNow({ status: "CLOSED" }), "CLOSED"],
    ["confirm_receipt", approved, returnNow({ status: "CLOSED" }), "CLOSED"],
    ["agree_refund", received, returnNow({ status: "CLOSED" }), "CLOSED"],
    ["submit_evidence", "a dispute that waits for evidence", disputeNow({ status: "LOST" }), "LOST"],
  ])("%s of %s", async (action, of, read, expected) => {
    expect(await endOf(action, { of, args: { note: "x" }, reads: [read] })).toBe(expected);
  });
});

describe("declining", () => {
  const requested = returnNow({ status: "REQUESTED", reverseFulfillmentOrders: list([]) });
  it.each([
    ["out_of_window", "RETURN_PERIOD_ENDED"],
    ["RETURN_PERIOD_ENDED", "RETURN_PERIOD_ENDED"],
    ["final_sale", "FINAL_SALE"],
    ["constructor", "OTHER"],
    [undefined, "OTHER"],
  ])("gives %s as %s", async (reasonCode, reason) => {
    expect(await endOf("refuse", { of: request, args: { reasonCode }, reads: [requested] })).toMatchObject({ reason });
  });

  it.each([
    ["500 letters", "x".repeat(500), 500],
    ["501 letters", "x".repeat(501), 500],
    ["half an emoji at the limit", `${"x".repeat(499)}👟!`, 499],
  ])("cuts the note at Shopify's limit: %s", async (_, note, length) => {
    const written = await endOf("refuse", { of: request, args: { note }, reads: [requested] });
    expect(written).toMatchObject({ note: note.slice(0, length) });
  });
});

describe("paying for a return", () => {
  const back = returnNow({ reverseFulfillmentOrders: list([reverseNow(twoBack)]) });
  const invoice = data({
    return: { suggestedFinancialOutcome: { financialTransfer: { __typename: "InvoiceReturnOutcome" } } },
  });

  it.each<[string, CommandArgs, HttpResponse[], string]>([
    ["when the buyer owes a balance", {}, [back, invoice], "invoice_outcome"],
    ["when there is nothing to pay", {}, [back, suggested()], "nothing_to_refund"],
    [
      "more than Shopify works out",
      { amount: { amountMinor: 5001, currency: "EUR" } },
      [back, suggested(["50.00", 1])],
      "amount_above_suggestion",
    ],
    [
      "in another currency than the buyer paid in",
      { amount: { amountMinor: 100, currency: "NOK" } },
      [back, suggested(["50.00", 1])],
      "other_currency",
    ],
    ["more lines than one reading shows", {}, [returnNow({ returnLineItems: list([], true) })], "too_many_lines"],
    [
      "units that are processed already: a repetition pays nothing",
      {},
      [
        returnNow({
          returnLineItems: list([
            {
              id: gid("ReturnLineItem/501"),
              processableQuantity: 1,
              processedQuantity: 2,
              fulfillmentLineItem: { id: gid("FulfillmentLineItem/1501") },
            },
          ]),
          reverseFulfillmentOrders: list([reverseNow(twoBack)]),
        }),
      ],
      "NOTHING_TO_PROCESS",
    ],
    [
      "when everything is missing",
      {},
      [returnNow({ reverseFulfillmentOrders: list([reverseNow([disposition("MISSING", 3)])]) })],
      "NOTHING_TO_PROCESS",
    ],
  ])("is refused: %s", async (_, args, reads, expected) => {
    expect(await endOf("agree_refund", { of: received, args, reads })).toBe(expected);
  });

  it("takes Shopify's amount when none is given, and all units while nothing is said about any", async () => {
    const written = await endOf("agree_refund", { of: approved, reads: [returnNow(), suggested(["64.50", 7])] });
    expect(written).toMatchObject({
      input: {
        returnLineItems: [{ id: gid("ReturnLineItem/501"), quantity: 3 }],
        financialTransfer: {
          issueRefund: {
            orderTransactions: [
              { parentId: gid("OrderTransaction/7"), transactionAmount: { amount: "64.50", currencyCode: "EUR" } },
            ],
          },
        },
      },
    });
  });
});

describe("paying again for a refund that failed", () => {
  const of = "a refund without a return that failed";
  it.each([
    [
      "one payment is still open",
      { transactions: list([transaction("FAILURE", "5.00"), transaction("PENDING", "1.00")]) },
    ],
    ["it has been paid meanwhile", { transactions: list([transaction("SUCCESS", "5.00")]) }],
    ["it belongs to a return", { return: { id: gid("Return/1") } }],
  ])("is refused when %s", async (_, members) => {
    expect(await endOf("agree_refund", { of, reads: [refundNow(members)] })).toBe("NOT_FAILED");
  });

  it("is refused when the order has been refunded again since", async () => {
    const order = {
      id: gid("Order/1"),
      refunds: [{ id: gid("Refund/95009"), createdAt: "2026-11-19T07:30:00Z", return: null }],
      suggestedRefund: null,
    };
    expect(await endOf("agree_refund", { of, reads: [refundNow({ order })] })).toBe("later_refund_exists");
  });

  it("has one key per command, whoever asks", () => {
    const key = idempotencyKey("a.myshopify.com", "Refund/1", "agree_refund-2");
    expect(key).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(idempotencyKey("a.myshopify.com", "Refund/1", "agree_refund-2")).toBe(key);
    expect(idempotencyKey("a.myshopify.com", "Refund/1", "agree_refund-3")).not.toBe(key);
    expect(idempotencyKey("b.myshopify.com", "Refund/1", "agree_refund-2")).not.toBe(key);
  });
});

describe("evidence", () => {
  const address = "https://example.org/1";
  const of = "a dispute that waits for evidence";
  it.each<[string, CommandArgs, HttpResponse[], string]>([
    ["without a text", {}, [], "note_missing"],
    ["with an address", { evidence: [{ kind: "photo", url: address }] }, [disputeNow()], "address_not_taken"],
    [
      "a second time",
      { note: "x" },
      [disputeNow({ disputeEvidence: { id: gid("X/1"), submitted: true } })],
      "EVIDENCE_ALREADY_ACCEPTED",
    ],
  ])("is refused %s", async (_, args, reads, expected) => {
    expect(await endOf("submit_evidence", { of, args, reads })).toBe(expected);
  });
});

describe("sending an exchange out", () => {
  const paid = { amountSet: money("4.00"), parentTransaction: { id: gid("OrderTransaction/1") } };

  it.each<[string, HttpResponse[], string]>([
    ["the buyer owes a balance", [exchangeNow(), outcomeOf({ __typename: "InvoiceReturnOutcome" })], "invoice_outcome"],
    [
      "the buyer is owed the difference",
      [exchangeNow(), outcomeOf({ __typename: "RefundReturnOutcome", suggestedTransactions: [paid] })],
      "refund_due",
    ],
    [
      "the outcome is one of another kind",
      [exchangeNow(), outcomeOf({ __typename: "BarterOutcome" })],
      "outcome_unknown",
    ],
  ])("writes nothing when %s", async (_, reads, code) => {
    expect(await endOf("ship_replacement", { of: exchangeSubject(), reads })).toBe(code);
  });

  it("writes nothing when it has been done before", async () => {
    const reads = [exchangeNow({ processableQuantity: 0, processedQuantity: 1 })];
    expect(await endOf("ship_replacement", { of: exchangeSubject(), reads })).toBe("nothing to do");
  });
});

describe("a shop that has not granted a scope", () => {
  const without = (scope: string) => ({ ...credentials, scope });
  it.each<[Action, string, string]>([
    ["agree_return", request, "write_orders,read_returns"],
    ["agree_refund", approved, "write_orders,read_returns"],
    ["agree_refund", "a refund without a return that failed", "write_returns,read_orders"],
    ["submit_evidence", "a dispute that waits for evidence", "write_returns,write_orders"],
  ])("has %s of %s done by a person, who is told why", (action, of, scope) => {
    const offer = actions[action as keyof typeof actions].offered(subject(of), undefined, without(scope));
    expect(offer).toMatchObject({ offered: false, task: expect.stringContaining("lacks the scope") });
    expect(actions[action as keyof typeof actions].offered(subject(of), undefined, credentials)).toEqual({
      offered: true,
    });
  });

  it("is believed to have granted all while its token does not say", () => {
    expect(actions.agree_return.offered(subject(request), undefined, { ...credentials, scope: undefined })).toEqual({
      offered: true,
    });
  });
});

describe("what Shopify does not offer becomes a task", () => {
  it.each<[Action, string]>([
    ["agree_return", "declined"],
    ["refuse", approved],
    ["refuse", "a dispute that waits for evidence"],
    ["agree_refund", request],
    ["agree_refund", "an exchange whose goods have gone out"],
    ["agree_refund", "a refund without a return, paid"],
    ["agree_refund", "a dispute that waits for evidence"],
    ["submit_evidence", approved],
    ["submit_evidence", "a dispute won"],
  ])("%s of %s", (action, of) => {
    expect(actions[action].offered(subject(of)).offered).toBe(false);
  });
});
