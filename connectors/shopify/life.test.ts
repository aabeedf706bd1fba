import { describe, expect, it } from "vitest";
import type { CommandArgs } from "#shared/case/command.ts";
import { isSuiteError } from "#shared/errors.ts";
import { scriptedHttp, worldOf } from "../../test/contract/scripted-http.ts";
import type { HttpResponse } from "../contract.ts";
import { actions } from "./actions.ts";
import { command, gid, returnNow, reverseNow, subject, twoBack } from "./fixtures/acts.ts";
import { fixtures } from "./fixtures/index.ts";
import { orderNow, whole } from "./fixtures/life-acts.ts";
import { list } from "./fixtures/raw.ts";
import { credentials, data } from "./fixtures/world.ts";

type Action = "close_return" | "reopen_return" | "cancel_return" | "cancel_order" | "cancel_and_refund";

const approved = "approved, instructions still owed";
const closed = "closed without money, only a failed payment";
const paid = "paid and processed while still open";
const declined = "declined";
const args: CommandArgs = { reasonCode: "CUSTOMER", restock: true, amount: whole };

/** How sending ends on what is read right before: `written`, `nothing to do`, or the code of what was thrown. */
async function endOf(action: Action, of: string, read: HttpResponse, given: CommandArgs = args) {
  const accepted = data({ orderCancel: { job: { id: gid("Job/1") }, orderCancelUserErrors: [] } });
  const { http, requests } = scriptedHttp([read, accepted]);
  try {
    const request = { subject: subject(of), command: command(action, given) };
    await actions[action].send(request, worldOf(fixtures, http));
  } catch (error) {
    expect(requests).toHaveLength(1);
    if (isSuiteError(error)) return error.details.channelCode ?? error.code;
    throw error;
  }
  return requests.length > 1 ? "written" : "nothing to do";
}

const status = (each: string) => returnNow({ status: each });
const worked = returnNow({ reverseFulfillmentOrders: list([reverseNow(twoBack)]) });
const processed = returnNow({
  returnLineItems: list([
    {
      id: gid("ReturnLineItem/501"),
      quantity: 3,
      processableQuantity: 0,
      processedQuantity: 3,
      fulfillmentLineItem: null,
    },
  ]),
});

/** Every status that Shopify may show when the write is due. */
const ends: [Action, string, Record<string, string>][] = [
  [
    ...(["close_return", approved] as const),
    { OPEN: "written", CLOSED: "nothing to do", REQUESTED: "REQUESTED", DECLINED: "DECLINED", CANCELED: "CANCELED" },
  ],
  [
    ...(["reopen_return", closed] as const),
    { CLOSED: "written", OPEN: "nothing to do", REQUESTED: "REQUESTED", DECLINED: "DECLINED", CANCELED: "CANCELED" },
  ],
  [
    ...(["cancel_return", approved] as const),
    { OPEN: "written", CANCELED: "nothing to do", CLOSED: "CLOSED", REQUESTED: "REQUESTED", DECLINED: "DECLINED" },
  ],
];

describe("a return is closed, opened again and taken back by what is read right before", () => {
  it.each(
    ends.flatMap(([action, of, table]) => Object.entries(table).map((row) => [action, of, ...row] as const)),
  )("%s of one that is %s: %s gives %s", async (action, of, found, expected) => {
    expect(await endOf(action, of, status(found))).toBe(expected);
  });

  it.each([
    ["something came back", worked],
    ["something was processed", processed],
  ])("is not taken back when %s", async (_, read) => {
    expect(await endOf("cancel_return", approved, read)).toBe("worked_on");
  });

  it("is gone when nobody finds it", async () => {
    expect(await endOf("close_return", approved, data({ return: null }))).toBe("case_changed");
    expect(await endOf("cancel_order", declined, data({ return: null }))).toBe("case_changed");
  });
});

const refundOf = (...statuses: string[]) => ({
  refunds: [{ id: gid("Refund/1"), transactions: list(statuses.map((each) => ({ kind: "REFUND", status: each }))) }],
});
const many = Array.from({ length: 20 }, (_, index) => ({ id: gid(`Refund/${index}`), transactions: list([]) }));

describe("an order is cancelled only when nothing else of it moves", () => {
  it.each<[string, object, CommandArgs, string, string]>([
    ["nothing stands against it", {}, {}, "written", "written"],
    ["it is cancelled already", { cancelledAt: "2026-11-20T08:00:00Z" }, {}, "nothing to do", "ORDER_CANCELLED"],
    [
      ...([
        "another return waits for an answer",
        { returns: list([{ id: gid("Return/2"), status: "REQUESTED" }]) },
      ] as const),
      ...([{}, "return_in_progress", "return_in_progress"] as const),
    ],
    [
      ...(["another return is open", { returns: list([{ id: gid("Return/2"), status: "OPEN" }]) }] as const),
      ...([{}, "return_in_progress", "return_in_progress"] as const),
    ],
    ["a refund is on its way", refundOf("PENDING"), {}, "written", "refund_pending"],
    ["a refund is in a state that we do not know", refundOf("UNKNOWN"), {}, "written", "refund_pending"],
    ["refunds have ended", refundOf("SUCCESS", "FAILURE", "ERROR"), {}, "written", "written"],
    ["nothing is left of its money", { suggestedRefund: null }, {}, "written", "nothing_to_refund"],
    ["a cent more is left", {}, { amount: { ...whole, amountMinor: 6449 } }, "written", "amount_differs"],
    ["a cent less is left", {}, { amount: { ...whole, amountMinor: 6451 } }, "written", "amount_differs"],
    ["it is of another currency", {}, { amount: { ...whole, currency: "SEK" } }, "written", "amount_differs"],
    ["it has more refunds than can be read", { refunds: many }, {}, "too_many_lines", "too_many_lines"],
    ["the reason is none of Shopify's", {}, { reasonCode: "bored" }, "reason_unknown", "reason_unknown"],
  ])("when %s", async (_, order, given, plain, withMoney) => {
    expect(await endOf("cancel_order", declined, orderNow(order), { ...args, ...given })).toBe(plain);
    expect(await endOf("cancel_and_refund", declined, orderNow(order), { ...args, ...given })).toBe(withMoney);
  });

  it("needs to be told the reason and what becomes of the goods", async () => {
    expect(actions.cancel_and_refund.needs).toEqual(["reasonCode", "restock"]);
    const { restock: _, ...rest } = args;
    expect(await endOf("cancel_and_refund", declined, orderNow(), rest)).toBe("restock_missing");
  });
});

describe("a case for which Shopify does not offer it is for a person", () => {
  it.each<[Action, readonly string[], readonly string[]]>([
    ["close_return", [approved, paid], ["a request that waits for the merchant", declined, "withdrawn", closed]],
    ["reopen_return", [closed, paid], ["withdrawn", declined, approved, "a refund without a return, paid"]],
    ["cancel_return", [approved], [paid, declined, "three sent back, one of them missing, with fees"]],
    [
      "cancel_order",
      [declined],
      [approved, "a refund without a return that failed", "a dispute lost, of a kind that is new"],
    ],
    ["cancel_and_refund", [declined], [approved, closed, "a dispute that waits for evidence"]],
  ])("%s", (action, yes, no) => {
    const isOffered = (of: string) => actions[action].offered(subject(of)).offered;
    expect([yes.filter(isOffered), no.filter(isOffered)]).toEqual([yes, []]);
  });

  it.each<[Action, string, string]>([
    ["close_return", approved, "write_orders"],
    ["cancel_and_refund", declined, "write_returns"],
  ])("and so is %s where its scope is not granted", (action, of, scope) => {
    const offer = actions[action].offered(subject(of), undefined, { ...credentials, scope });
    expect(offer).toMatchObject({ offered: false, task: expect.stringContaining("lacks the scope") });
  });
});
