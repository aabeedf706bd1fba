import { existsSync, readdirSync, readFileSync } from "node:fs";
import { beforeAll, describe, expect, it } from "vitest";
import { openDispute } from "../../local/marketplaces/shopify/acts/dispute.ts";
import { createRefund } from "../../local/marketplaces/shopify/acts/refund.ts";
import { approveReturn, requestReturn } from "../../local/marketplaces/shopify/acts/returns.ts";
import type { Turn } from "../../local/marketplaces/shopify/acts/turn.ts";
import type { Order } from "../../local/marketplaces/shopify/model/types.ts";
import { demoTenant } from "../../local/stack.ts";
import { post, shopifyHeaders } from "./send.ts";
import { counted, type Running, useStack, written } from "./stack.ts";

// Public example payloads are kept beside the repository, not in it.
const folder = new URL("../../../shared/channels/samples/shopify/webhook-metadata-2026-04/", import.meta.url);
const isHere = existsSync(folder);

const aReturn = "Return/123134564567890";
const aRefund = "Refund/890088186047892319";
const aDispute = "ShopifyPaymentsDispute/285332461850802050";
const ofCancelledOrder = "Refund/771000000000000001";

/** What each file must reach; a sentence where it concerns no case. */
const leadsTo: Readonly<Record<string, readonly string[] | string>> = {
  "returns.request": [aReturn],
  "returns.approve": [aReturn],
  "returns.decline": [aReturn],
  "returns.cancel": [aReturn],
  "returns.close": [aReturn],
  "returns.reopen": [aReturn],
  "returns.update": [aReturn],
  "returns.process": [aReturn], // an empty body: everything that changed shortly before is read
  "refunds.create": [aRefund],
  "disputes.create": [aDispute, aReturn, aRefund],
  "disputes.update": [aDispute, aReturn, aRefund],
  "reverse_deliveries.attach_deliverable": [aReturn],
  "reverse_fulfillment_orders.dispose": [aReturn],
  "orders.cancelled": [ofCancelledOrder],
  "orders.edited": [aReturn, aRefund],
  "order_transactions.create": "not a refund",
  "app.scopes_update": "the next token tells its scopes, within a day",
  "bulk_operations.finish": "no bulk operation of ours is running",
};
/** What is said of those that concern the shop itself; it still lets us in. */
const ofShop: Readonly<Record<string, string>> = {
  "app.uninstalled": "the shop still lets us in, and stays connected",
  "customers.data_request": "privacy request fulfilled",
  "customers.redact": "privacy request fulfilled",
  "shop.redact": "handle-shop-notice failed on a message",
};
const all = [...Object.keys(leadsTo), ...Object.keys(ofShop)].sort();
const toCases = Object.entries(leadsTo).filter((each): each is [string, readonly string[]] => Array.isArray(each[1]));
const toNothing = Object.entries(leadsTo).filter((each): each is [string, string] => typeof each[1] === "string");

/** The example body, cut out as text: parsing and writing it again would round its ids. */
function bodyOf(name: string): string {
  const text = readFileSync(new URL(`${name}.json`, folder), "utf8");
  const start = text.indexOf("{", text.indexOf('"response"'));
  const next = text.indexOf(',\n  "shop_feature"', start);
  return text.slice(start, next === -1 ? text.lastIndexOf("}") : next).trim();
}

const topicOf = (name: string) => name.replace(".", "/");

describe.skipIf(!isHere)(`the public examples${isHere ? "" : " (skipped: they are not beside this checkout)"}`, () => {
  const stack = useStack({ mode: "observe" });
  beforeAll(() => prepare(stack()));

  it("are all in the list above", () => {
    expect(readdirSync(folder).map((file) => file.replace(/\.json$/, ""))).toEqual(all);
  });

  it.each(toCases)("%s is answered 200 and reaches its cases", async (name, cases) => {
    const { answer, said } = await deliver(name);
    expect(answer).toEqual({ status: 200, contentType: "text/plain; charset=utf-8", body: "" });
    const reached = said.filter(({ message }) => message === "case observed").map(({ caseId }) => caseId);
    for (const channelCaseId of cases) {
      expect(reached).toContain(`shopify:${shop()}:${channelCaseId}`);
      const held = await stack().desk.caseOf(demoTenant, { channel: "shopify", shopId: shop(), channelCaseId });
      expect(held?.channelCaseId).toBe(channelCaseId);
    }
    expect(
      stack()
        .runtime.queues()
        .filter(({ name, sent }) => /dead|quarantine/.test(name) && sent > 0),
    ).toEqual([]);
  });

  it.each(toNothing)("%s is answered 200, counted and ignored: %s", async (name, why) => {
    const { runtime } = stack();
    const [before, ignored] = [written(runtime), counted(runtime, "WebhookIgnored", "shopify")];
    const { answer, said } = await deliver(name);
    expect(answer.status).toBe(200);
    expect(said).toContainEqual(
      expect.objectContaining({ message: "webhook ignored", channel: "shopify", topic: topicOf(name), why }),
    );
    expect(counted(runtime, "WebhookIgnored", "shopify")).toBe(ignored + 1);
    expect(written(runtime)).toEqual(before);
  });

  it.each(Object.entries(ofShop))("%s is answered 200 and goes the shop's own way: %s", async (name, expected) => {
    const { answer, said } = await deliver(name, { body: bodyOf(name).replace("{shop}.myshopify.com", shop()) });
    expect(answer.status).toBe(200);
    expect(said.map(({ message }) => message)).toContain(expected);
  });

  it.each(all)("%s with a wrong HMAC is answered 401 and leaves nothing behind", async (name) => {
    const { runtime } = stack();
    const [before, refused] = [written(runtime), counted(runtime, "WebhookRefused", "shopify")];
    const { answer } = await deliver(name, { secret: "another secret" });
    expect([answer.status, answer.body]).toEqual([401, ""]);
    expect(written(runtime)).toEqual(before);
    expect(counted(runtime, "WebhookRefused", "shopify")).toBe(refused + 1);
  });

  it("a return that the channel does not know leaves nothing but a line that says so", async () => {
    const before = written(stack().runtime).table;
    const body = bodyOf("returns.approve").replaceAll("123134564567890", "999999999999999999");
    const { answer, said } = await deliver("returns.approve", { body });
    expect(answer.status).toBe(200);
    expect(said.map(({ message }) => message)).toContain("the channel knows no such case");
    expect(written(stack().runtime).table).toBe(before);
  });

  const shop = () => stack().shopOn("shopify");

  /** Delivers an example and waits until its work is done; `said` are the log lines it caused. */
  async function deliver(name: string, { body = bodyOf(name), secret = secretOf(stack()) } = {}) {
    const { runtime, webhookUrl } = stack();
    const said: Record<string, unknown>[] = [];
    const end = runtime.logs.subscribe(({ text }) => {
      for (const line of text.split("\n")) if (line.startsWith("{")) said.push(JSON.parse(line));
    });
    const headers = shopifyHeaders(body, { topic: topicOf(name), shop: shop(), secret });
    const answer = await post(webhookUrl("shopify"), headers, body);
    await runtime.idle();
    end();
    return { answer, said };
  }
});

function secretOf({ shopify }: Running): string {
  return String(shopify.appSettings().clientSecret);
}

/** Makes the marketplace know the cases of which the examples speak. Its own pushes wait meanwhile. */
async function prepare({ shopify, shopOn, runtime }: Running): Promise<void> {
  shopify.pushTo(undefined);
  const shopId = shopOn("shopify");
  const order = shopify.openOrder({ shopId, seed: 1, wish: { quantities: [2], refundBehaviour: "instant" } });
  const cancelled = shopify.openOrder({ shopId, seed: 2, wish: { quantities: [1], refundBehaviour: "instant" } });
  shopify.play("buyer", (turn) => {
    const [line] = order.lines;
    const wish = { lines: [{ orderLineId: line?.id ?? "", quantity: 1, reason: "DEFECTIVE" }] };
    const asked = requestReturn(turn, order, wish);
    if (!("value" in asked)) throw new Error(JSON.stringify(asked));
    approveReturn(turn, order, asked.value);
    payOneUnit(turn, order);
    payOneUnit(turn, cancelled);
    const terms = { type: "CHARGEBACK", reason: "FRAUDULENT", networkReasonCode: "4837", verdict: "WON" } as const;
    openDispute(turn, order, { ...terms, amountMinor: 1000, dueInDays: 7 });
    turn.world.save(
      renamed(order, [
        [order.id, "820982911946154500"],
        [asked.value.id, "123134564567890"],
        [asked.value.reverseOrders[0]?.id, "11111111"],
        [order.refunds[0]?.id, "890088186047892319"],
        [order.disputes[0]?.id, "285332461850802050"],
      ]),
    );
    turn.world.save(
      renamed(cancelled, [
        [cancelled.id, "820982911946154508"],
        [cancelled.refunds[0]?.id, "771000000000000001"],
      ]),
    );
  });
  await runtime.idle();
}

function payOneUnit(turn: Turn, order: Order): void {
  const [sale] = order.transactions;
  const [line] = order.lines;
  const outcome = createRefund(turn, order, {
    lines: [{ orderLineId: line?.id ?? "", quantity: 1, restockType: "NO_RESTOCK" }],
    shippingMinor: 0,
    transactions: [{ kind: "REFUND", amount: "10.00", parentId: sale?.id, gateway: sale?.gateway ?? "" }],
  });
  if (!("value" in outcome)) throw new Error(JSON.stringify(outcome));
}

/** The same order under the ids that the examples use. */
function renamed(order: Order, names: readonly (readonly [string | undefined, string])[]): Order {
  const text = names.reduce((json, [from, to]) => json.replaceAll(`"${from}"`, `"${to}"`), JSON.stringify(order));
  return JSON.parse(text);
}
