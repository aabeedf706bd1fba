import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { isSuiteError } from "#shared/errors.ts";
import { app, delivery } from "./fixtures/world.ts";
import { shopifyPush } from "./push.ts";

const { read, reply } = shopifyPush;

describe("push", () => {
  it("loads no schema library, directly or through a file it imports", () => {
    const seen = new Set<string>();
    const visit = (url: URL): void => {
      if (seen.has(url.href)) return;
      seen.add(url.href);
      const text = readFileSync(url, "utf8");
      for (const [, clause, from] of text.matchAll(/^import (type )?[^;]*?from "([^"]+)";/gms)) {
        if (clause || !from) continue;
        expect(from, url.pathname).not.toMatch(/^(zod|lossless-json|@)/);
        if (from.startsWith(".")) visit(new URL(from, url));
        if (from.startsWith("#shared/")) visit(new URL(from.replace("#shared/", "../../shared/"), import.meta.url));
      }
    };
    visit(new URL("./push.ts", import.meta.url));
    expect(seen.size).toBeGreaterThan(5);
  });

  it.each([
    ["clientSecret", { clientId: "a" }],
    ["clientId", { clientSecret: "a" }],
    ["apiVersion", { clientId: "a", clientSecret: "b", apiVersion: 2026 }],
  ])("names the setting that is missing: %s", (name, settings) => {
    expect(() => shopifyPush.app(settings)).toThrowError(name);
  });

  it("fills in the version and the gateway", () => {
    const { clientId, clientSecret } = app;
    expect(shopifyPush.app({ clientId, clientSecret })).toEqual(app);
  });

  it.each([
    ["a global id of another type", "returns/close", { admin_graphql_api_id: "gid://shopify/Order/1", id: 1 }],
    ["a global id that is not one", "returns/close", { admin_graphql_api_id: "Return/1" }],
    ["no id at all", "returns/close", { status: "closed" }],
    ["an id of zero", "disputes/create", { id: 0 }],
    ["a negative id", "disputes/create", { id: -5 }],
    ["a broken id", "disputes/create", { id: 1.5 }],
    ["an id that is text of another kind", "disputes/create", { id: "12; drop" }],
    [
      "a refund whose return is a text",
      "refunds/create",
      { admin_graphql_api_id: "gid://shopify/Refund/1", return: "x" },
    ],
    ["a transaction of no order", "order_transactions/create", { kind: "refund", order_id: null }],
    ["an edit without its edit", "orders/edited", {}],
  ])("sets aside %s", (_, topic, body) => {
    expect(() => read(delivery(topic, body))).toThrowError(expect.objectContaining({ code: "payload_invalid" }));
  });

  it.each([
    ["not a shop of Shopify", { "x-shopify-shop-domain": "evil.example.org" }],
    ["a domain with more behind it", { "x-shopify-shop-domain": "a.myshopify.com.evil.org" }],
    ["no message id", { "x-shopify-webhook-id": undefined }],
    ["an endless message id", { "x-shopify-webhook-id": "x".repeat(151) }],
  ])("sets aside a message from %s", (_, headers) => {
    const request = delivery("returns/close", { admin_graphql_api_id: "gid://shopify/Return/1" });
    try {
      read({ ...request, headers: { ...request.headers, ...headers } });
      expect.unreachable();
    } catch (error) {
      expect(isSuiteError(error, "payload_invalid")).toBe(true);
    }
  });

  it("writes the shop as Shopify does, in lower case", () => {
    const request = delivery("returns/close", { admin_graphql_api_id: "gid://shopify/Return/1" });
    const headers = { ...request.headers, "x-shopify-shop-domain": "Lantern-And-Loom.MyShopify.com" };
    expect(read({ ...request, headers }).notices[0]?.shopId).toBe("lantern-and-loom.myshopify.com");
  });

  it("does without a trigger time", () => {
    const request = delivery("returns/close", { admin_graphql_api_id: "gid://shopify/Return/1" });
    const headers = { ...request.headers, "x-shopify-triggered-at": "yesterday" };
    expect(read({ ...request, headers }).notices[0]?.occurredAt).toBeUndefined();
  });

  it.each([
    ["accepted", 200],
    ["unauthorized", 401],
    ["unreadable", 400],
    ["unsupported_media", 415],
    ["too_large", 413],
    ["unavailable", 503],
  ] as const)("answers %s with %d", (outcome, status) => {
    expect(reply(outcome).status).toBe(status);
  });
});
