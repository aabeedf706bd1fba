import { existsSync, readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { caseObservationSchema } from "#shared/case/observation.ts";
import { explain } from "./explain.ts";
import { answer, delivery, now, shopId } from "./fixtures/world.ts";
import { normalize } from "./normalize.ts";
import { shopifyPush } from "./push.ts";

// Public example payloads are kept beside the repository, not in it.
const samples = new URL("../../../shared/channels/samples/shopify/", import.meta.url);
const isHere = existsSync(samples);
const textOf = (name: string) => readFileSync(new URL(name, samples), "utf8");
const jsonOf = (name: string) => JSON.parse(textOf(name));

/** What each message leads to: cases, lookups, or nothing for a reason. */
function whatOf(topic: string, body: string): string {
  // The examples name their shop by a placeholder.
  const bytes = new TextEncoder().encode(body.replace("{shop}.myshopify.com", shopId));
  const { notices, ignored, shopNotices = [] } = shopifyPush.read(delivery(topic, bytes));
  const subjects = notices.map(({ subject }) =>
    subject.kind === "case" ? subject.channelCaseId : `${subject.by}:${subject.id}`,
  );
  const ofShop = shopNotices.flatMap(({ what }) => [what.kind, ...("orders" in what ? what.orders : [])]);
  return [...subjects, ...ignored.map(({ why }) => why), ...ofShop].join(" ");
}

describe.skipIf(!isHere)("the public examples (skipped where they are not checked out)", () => {
  it.each([
    ["returns.request", "Return/123134564567890"],
    ["returns.approve", "Return/123134564567890"],
    ["returns.decline", "Return/123134564567890"],
    ["returns.cancel", "Return/123134564567890"],
    ["returns.close", "Return/123134564567890"],
    ["returns.reopen", "Return/123134564567890"],
    ["returns.update", "Return/123134564567890"],
    ["returns.process", "recent:2026-11-25T07:59:58.123Z"],
    ["refunds.create", "Refund/890088186047892319"],
    ["disputes.create", "ShopifyPaymentsDispute/285332461850802050 order:Order/820982911946154500"],
    ["disputes.update", "ShopifyPaymentsDispute/285332461850802050 order:Order/820982911946154500"],
    ["reverse_deliveries.attach_deliverable", "Return/123134564567890"],
    ["reverse_fulfillment_orders.dispose", "reverse_fulfillment_order:ReverseFulfillmentOrder/11111111"],
    ["order_transactions.create", "not a refund"],
    ["orders.cancelled", "order:Order/820982911946154508"],
    ["orders.edited", "order:Order/820982911946154500"],
    ["app.uninstalled", "app_removed"],
    ["app.scopes_update", "the next token tells its scopes, within a day"],
    ["bulk_operations.finish", "no bulk operation of ours is running"],
    ["customers.data_request", "data_requested 299938 280263 220458"],
    ["customers.redact", "person_erasure 299938 280263 220458"],
    ["shop.redact", "shop_erasure"],
  ])("%s leads to %s", (name, expected) => {
    const text = textOf(`webhook-metadata-2026-04/${name}.json`);
    // Cut out as text: parsing and writing again would round its ids.
    const body = text.slice(
      text.indexOf("{", text.indexOf('"response"')),
      text.lastIndexOf("}", text.lastIndexOf("}") - 1) + 1,
    );
    const end = body.lastIndexOf(',\n  "shop_feature"');
    expect(whatOf(name.replace(".", "/"), end === -1 ? body : body.slice(0, end))).toBe(expected);
  });

  it("are all in the list above", () => {
    expect(readdirSync(new URL("webhook-metadata-2026-04/", samples))).toHaveLength(22);
  });
});

describe.skipIf(!isHere)("the constructed samples (skipped where they are not checked out)", () => {
  it.each([
    ["returns/request", "webhook-returns-request", "Return/7700110001"],
    ["returns/approve", "webhook-returns-approve-exchange", /^Return\/\d+$/],
    ["returns/update", "webhook-returns-update", "Return/7700110001"],
    ["returns/decline", "webhook-returns-decline", /^Return\/\d+$/],
    ["returns/cancel", "webhook-returns-cancel", /^Return\/\d+$/],
    ["returns/close", "webhook-returns-close", "Return/7700110001"],
    ["returns/reopen", "webhook-returns-reopen", "Return/7700110001"],
    ["returns/process", "webhook-returns-process-empty", /^recent:/],
    ["refunds/create", "webhook-refunds-create-no-return", "Refund/940002"],
    ["refunds/create", "webhook-refunds-create-with-return", "Return/7700110001"],
    ["disputes/create", "webhook-disputes-create", "ShopifyPaymentsDispute/285332461001 order:Order/5196600000101"],
    ["disputes/update", "webhook-disputes-update-won", "ShopifyPaymentsDispute/285332461001 order:Order/5196600000101"],
    ["reverse_deliveries/attach_deliverable", "webhook-reverse-delivery-attached", "Return/7700110001"],
    ["reverse_fulfillment_orders/dispose", "webhook-reverse-fulfillment-order-disposed", /^reverse_fulfillment_order:/],
  ])("%s of %s leads to %s", (topic, name, expected) => {
    expect(whatOf(topic, textOf(`constructed/${name}.json`))).toMatch(expected);
  });

  it("give a paid-in-part return out of the answer with a redacted field", () => {
    const value = jsonOf("constructed/graphql-return-case-response.json");
    expect(explain(answer(value))).toBeUndefined();
    const observation = normalize(
      { payload: { apiVersion: "2026-10", return: value.data.return } },
      { shopId, observedAt: now },
    );
    expect(caseObservationSchema.parse(observation).facts).toMatchObject({
      state: { known: true, value: "refunding", raw: "OPEN" },
      money: { status: "moving", settled: { amountMinor: 8091, currency: "EUR" } },
      reason: { code: "quality.defect" },
    });
    expect(JSON.stringify(observation)).not.toContain("Zipper");
  });

  it("tell how long to wait for points", () => {
    const error = explain(answer(jsonOf("constructed/graphql-throttled-response.json")));
    expect(error?.details).toMatchObject({ channelCode: "THROTTLED", retryAfterMs: 4360 });
  });

  it.each([
    [401, true],
    [402, undefined],
    [403, undefined],
    [423, undefined],
  ])("ask for a new token after a %s: %s", (status, tokenExpired) => {
    const fault = explain({ status, headers: {}, body: Buffer.from("{}") });
    expect(fault).toMatchObject({ code: "credentials_rejected" });
    expect(fault?.details.tokenExpired).toBe(tokenExpired);
  });

  it("tell that the case has changed", () => {
    expect(explain(answer(jsonOf("constructed/graphql-user-error-response.json")))?.code).toBe("case_changed");
  });
});
