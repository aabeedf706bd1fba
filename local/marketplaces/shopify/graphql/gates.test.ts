import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { approveReturn, cancelReturn, closeReturn, declineReturn, reopenReturn } from "../acts/returns.ts";
import type { Turn } from "../acts/turn.ts";
import type { Order, Return } from "../model/types.ts";
import { type Stage, setStage } from "../testing.ts";

let stage: Stage;
beforeEach(async () => {
  stage = await setStage();
});
afterEach(() => stage.end());

const ways: Record<string, ((turn: Turn, order: Order, one: Return) => unknown)[]> = {
  REQUESTED: [],
  OPEN: [approveReturn],
  CLOSED: [approveReturn, closeReturn],
  DECLINED: [(turn, order, one) => declineReturn(turn, order, one, { reason: "OTHER" })],
  CANCELED: [approveReturn, cancelReturn],
  reopened: [approveReturn, closeReturn, reopenReturn],
};

async function returnIn(status: string): Promise<string> {
  const { channelCaseId } = await stage.shopify.openCase({
    shopId: stage.shopId,
    plan: "return_needs_answer",
    seed: 6,
  });
  const order = stage.shopify.orders()[0];
  const one = order?.returns[0];
  if (order === undefined || one === undefined) throw new Error("no return was made");
  for (const move of ways[status] ?? []) stage.shopify.play("staff", (turn) => move(turn, order, one));
  return `gid://shopify/${channelCaseId}`;
}

describe("which mutation a return allows in which status", () => {
  it.each([
    ["Approve", "REQUESTED", "OPEN"],
    ["Approve", "OPEN", "INVALID_STATE"],
    ["Approve", "DECLINED", "INVALID_STATE"],
    ["Approve", "CANCELED", "INVALID_STATE"],
    ["Approve", "CLOSED", "INVALID_STATE"],
    ["Decline", "REQUESTED", "DECLINED"],
    ["Decline", "OPEN", "INVALID_STATE"],
    ["Decline", "DECLINED", "INVALID_STATE"],
    ["CancelReturn", "REQUESTED", "CANCELED"],
    ["CancelReturn", "OPEN", "CANCELED"],
    ["CancelReturn", "CLOSED", "INVALID_STATE"],
    ["CancelReturn", "DECLINED", "INVALID_STATE"],
    ["Close", "OPEN", "CLOSED"],
    ["Close", "reopened", "CLOSED"],
    ["Close", "REQUESTED", "INVALID_STATE"],
    ["Close", "CLOSED", "INVALID_STATE"],
    ["Reopen", "CLOSED", "OPEN"],
    ["Reopen", "OPEN", "INVALID_STATE"],
    ["Reopen", "CANCELED", "INVALID_STATE"],
  ])("%s on %s gives %s", async (operation, status, expected) => {
    const id = await returnIn(status);
    const [payload] = Object.values((await stage.run(operation, { id, reason: "OTHER" })).data) as {
      return: { status: string } | null;
      userErrors: { code: string }[];
    }[];
    expect(payload?.return?.status ?? payload?.userErrors[0]?.code).toBe(expected);
  });

  it("refuses to process a return that is not open, and knows no return of another shop", async () => {
    const id = await returnIn("REQUESTED");
    const process = await stage.run("Process", { input: { returnId: id, returnLineItems: [] } });
    expect(process.data.returnProcess.userErrors[0].code).toBe("INVALID_STATE");
    const other = await stage.shopify.openShop("other");
    const response = await fetch(`${stage.shopify.url}/shops/${other.shopId}/admin/api/2026-10/graphql.json`, {
      method: "POST",
      headers: { "x-shopify-access-token": String(other.credentials.accessToken) },
      body: JSON.stringify({ query: `{ return(id: "${id}") { id } }` }),
    });
    expect(await response.json()).toMatchObject({ data: { return: null } });
  });

  it("wants a location for restocking, and no more units than are expected", async () => {
    await returnIn("OPEN");
    const line = stage.shopify.orders()[0]?.returns[0]?.reverseOrders[0]?.lines[0];
    const item = { reverseFulfillmentOrderLineItemId: `gid://shopify/ReverseFulfillmentOrderLineItem/${line?.id}` };
    const dispose = async (input: object) =>
      (await stage.run("Dispose", { inputs: [{ ...item, ...input }] })).data.reverseFulfillmentOrderDispose
        .userErrors[0]?.code;
    expect(await dispose({ quantity: 1, dispositionType: "RESTOCKED" })).toBe("BLANK");
    expect(await dispose({ quantity: 9, dispositionType: "NOT_RESTOCKED" })).toBe("INVALID");
    expect(await dispose({ quantity: 1, dispositionType: "MISSING" })).toBeUndefined();
  });
});
