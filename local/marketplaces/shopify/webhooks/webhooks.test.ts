import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { removeFromReturn } from "../acts/remove.ts";
import { approveReturn } from "../acts/returns.ts";
import { app as appSettings } from "../oauth/app.ts";
import { hourMs, listen, type Stage, setStage } from "../testing.ts";
import { retryGapsMs } from "./deliveries.ts";
import { signBody } from "./sign.ts";

let stage: Stage;
let app: Awaited<ReturnType<typeof listen>>;
beforeEach(async () => {
  stage = await setStage();
  app = await listen();
});
afterEach(async () => {
  app.close();
  await stage.end();
});

const open = (plan: string, seed = 2) => stage.shopify.openCase({ shopId: stage.shopId, plan, seed });
const topics = () => app.received.map(({ headers }) => headers["x-shopify-topic"]);
const bodyOf = (topic: string) => app.received.find(({ headers }) => headers["x-shopify-topic"] === topic)?.body ?? "";

describe("a delivery", () => {
  it("has every header, and a signature over the bytes as sent", async () => {
    stage.shopify.pushTo(app.url);
    await open("return_needs_answer");
    await stage.clock.settle();
    const [first] = app.received;
    expect(first?.headers).toMatchObject({
      "content-type": "application/json",
      "x-shopify-topic": "returns/request",
      "x-shopify-shop-domain": "demo.myshopify.com",
      "x-shopify-api-version": "2026-10",
      "x-shopify-hmac-sha256": signBody(appSettings.clientSecret, first?.body ?? ""),
    });
    expect(first?.headers["x-shopify-triggered-at"]).toMatch(/^2026-11-02T08:00:00\.\d{9}Z$/);
    expect(first?.headers["x-shopify-webhook-id"]).toMatch(/^[0-9a-f-]{36}$/);
  });

  it("shares its event id, but not its own id, with the others of one action", async () => {
    stage.shopify.pushTo(app.url);
    await open("return_partial_refund");
    await stage.clock.advance(400 * hourMs);
    const find = (topic: string) => app.received.find(({ headers }) => headers["x-shopify-topic"] === topic)?.headers;
    const [process, refund] = [find("returns/process"), find("refunds/create")];
    expect(process?.["x-shopify-event-id"]).toBe(refund?.["x-shopify-event-id"]);
    expect(process?.["x-shopify-webhook-id"]).not.toBe(refund?.["x-shopify-webhook-id"]);
    expect(find("returns/close")?.["x-shopify-event-id"]).not.toBe(refund?.["x-shopify-event-id"]);
  });

  it("waits while there is no address", async () => {
    await open("return_needs_answer");
    await stage.clock.advance(5 * hourMs);
    expect(stage.shopify.waitingWebhooks()).toHaveLength(1);
    stage.shopify.pushTo(app.url);
    await stage.clock.settle();
    expect(topics()).toEqual(["returns/request"]);
  });

  it("is dropped, doubled or late on demand", async () => {
    stage.shopify.pushTo(app.url);
    stage.shopify.inject({ pushesDropped: 1 });
    await open("return_needs_answer", 1);
    stage.shopify.inject({ pushesDoubled: 1 });
    await open("return_needs_answer", 2);
    stage.shopify.inject({ pushesLate: 1, lateMs: hourMs });
    await open("return_needs_answer", 3);
    await stage.clock.advance(10_000);
    expect(new Set(app.received.map(({ headers }) => headers["x-shopify-webhook-id"])).size).toBe(1);
    expect(app.received).toHaveLength(2);
    await stage.clock.advance(hourMs);
    expect(app.received).toHaveLength(3);
  });
});

describe("bodies", () => {
  it("spell statuses in lower case and name the order in each topic's own way", async () => {
    stage.shopify.pushTo(app.url);
    const { channelCaseId } = await open("return_reopened", 3);
    await stage.clock.advance(2000 * hourMs);
    expect(bodyOf("returns/process")).toBe("{}");
    const order = stage.shopify.orders()[0];
    const number = channelCaseId.replace("Return/", "");
    expect(bodyOf("returns/request")).toContain(
      `{"id":${number},"admin_graphql_api_id":"gid://shopify/Return/${number}","status":"requested","order":{"id":${order?.id},`,
    );
    expect(bodyOf("returns/close")).toBe(
      `{"id":${number},"admin_graphql_api_id":"gid://shopify/Return/${number}","order_id":${order?.id},"status":"closed"}`,
    );
    expect(bodyOf("returns/reopen")).toContain('"status":"open"');
    const refund = JSON.parse(bodyOf("refunds/create"));
    expect(refund.return.admin_graphql_api_id).toBe(`gid://shopify/${channelCaseId}`);
    expect(refund.transactions[0]).toMatchObject({ kind: "refund" });
  });

  it("give a refund without goods no return, and a dispute no global id", async () => {
    stage.shopify.pushTo(app.url);
    await open("refund_only_by_staff");
    await open("dispute_missed");
    await stage.clock.settle();
    expect(JSON.parse(bodyOf("refunds/create")).return).toBeNull();
    const dispute = JSON.parse(bodyOf("disputes/create"));
    expect(dispute).toMatchObject({ status: "needs_response", evidence_sent_on: null });
    expect(dispute.evidence_due_by).toMatch(/T03:00:00-05:00$/);
    expect(dispute).not.toHaveProperty("admin_graphql_api_id");
  });

  it("of an update say only what was removed", async () => {
    stage.shopify.pushTo(app.url);
    await open("return_with_missing_unit_needs_answer");
    const order = stage.shopify.orders()[0];
    const one = order?.returns[0];
    const line = one?.lines[0];
    if (order === undefined || one === undefined || line === undefined) throw new Error("no return was made");
    stage.shopify.play("staff", (turn) => approveReturn(turn, order, one));
    stage.shopify.play("staff", (turn) =>
      removeFromReturn(turn, order, one, { lines: [{ id: line.id, quantity: 1 }], exchanges: [] }),
    );
    await stage.clock.settle();
    const body = JSON.parse(bodyOf("returns/update"));
    expect(Object.keys(body)).toEqual([
      "admin_graphql_api_id",
      "return_line_items",
      "restocking_fees",
      "return_shipping_fees",
    ]);
    expect(body.return_line_items.removals).toEqual([
      { admin_graphql_api_id: `gid://shopify/ReturnLineItem/${line.id}`, delta: 1 },
    ]);
  });
});

describe("retries", () => {
  it("repeat the same bytes and ids eight times within four hours, then give up", async () => {
    app.behaviour.status = 302;
    stage.shopify.pushTo(app.url);
    await open("return_needs_answer");
    await stage.clock.advance(4 * hourMs);
    expect(app.received).toHaveLength(9);
    expect(new Set(app.received.map(({ body, headers }) => body + headers["x-shopify-webhook-id"])).size).toBe(1);
    expect(retryGapsMs.reduce((sum, gap) => sum + gap, 0)).toBe(4 * hourMs);
    app.behaviour.status = 200;
    await stage.clock.advance(48 * hourMs);
    expect(app.received).toHaveLength(9);
  });

  it("end with the removal of a subscription made through the API, not of the app's own", async () => {
    const other = await listen({ status: 500 });
    stage.shopify.pushTo(app.url);
    const made = await stage.run("Subscribe", { topic: "RETURNS_REQUEST", uri: other.url });
    expect(made.data.webhookSubscriptionCreate).toMatchObject({
      userErrors: [],
      webhookSubscription: { name: "cases" },
    });
    await open("return_needs_answer");
    await stage.clock.advance(3 * hourMs);
    expect((await stage.run("Subscribed")).data.webhookSubscriptions.nodes).toHaveLength(1);
    expect(other.received[0]?.headers["x-shopify-name"]).toBe("cases");
    await stage.clock.advance(hourMs);
    expect((await stage.run("Subscribed")).data.webhookSubscriptions.nodes).toEqual([]);
    await open("return_needs_answer", 77);
    await stage.clock.advance(hourMs);
    expect([other.received.length, app.received.length]).toEqual([9, 2]);
    other.close();
  });
});

describe("subscriptions", () => {
  it("refuse a second one alike, an address of another kind, and a topic without its scope", async () => {
    const subscribe = async (uri: string, topic = "RETURNS_REQUEST") =>
      (await stage.run("Subscribe", { topic, uri })).data.webhookSubscriptionCreate;
    const partner = "arn:aws:events:eu-central-1::event-source/aws.partner/shopify.com/1234567/cases";
    expect((await subscribe(partner)).userErrors).toEqual([]);
    expect((await subscribe(partner)).userErrors).toHaveLength(1);
    expect((await subscribe("http://example.com/hooks")).userErrors).toHaveLength(1);
    stage.shopify.changeShop(stage.shopId, { scopes: ["read_orders"] });
    expect((await subscribe(app.url)).userErrors).toHaveLength(1);
    const [first] = (await stage.run("Subscribed")).data.webhookSubscriptions.nodes;
    expect(
      (await stage.run("Unsubscribe", { id: first.id })).data.webhookSubscriptionDelete.deletedWebhookSubscriptionId,
    ).toBe(first.id);
  });
});

describe("privacy", () => {
  it("erases a buyer, and after the app is removed the shop, two days later", async () => {
    stage.shopify.pushTo(app.url);
    await open("return_needs_answer", 2);
    const order = stage.shopify.orders()[0];
    const email = order?.buyer?.email;
    stage.shopify.askPrivacy(order?.id ?? "", "data_request");
    stage.shopify.askPrivacy(order?.id ?? "", "redact");
    await stage.clock.settle();
    expect(JSON.parse(bodyOf("customers/redact")).customer.email).toBe(email);
    expect(bodyOf("customers/data_request")).toContain(`"orders_requested":[${order?.id}]`);
    const read = await stage.ask("{ orders(first: 1) { nodes { email customer { id } } } }");
    expect(read.data.orders.nodes).toEqual([{ email: null, customer: null }]);
    stage.shopify.uninstall(stage.shopId);
    expect(await stage.ask("{ publicApiVersions { handle } }")).toMatchObject({
      errors: expect.stringContaining("token"),
    });
    await stage.clock.advance(47 * hourMs);
    expect(topics()).not.toContain("shop/redact");
    await stage.clock.advance(2 * hourMs);
    expect(topics()).toContain("shop/redact");
  });
});
