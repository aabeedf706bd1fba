import { existsSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { app, delivery, now } from "./fixtures/world.ts";
import { shopifyPush } from "./push.ts";

const { verify } = shopifyPush;
const genuine = delivery("returns/close", { id: 1 });
const headersOf = (name: string, value: string | undefined) => ({
  ...genuine,
  headers: { ...genuine.headers, [name]: value },
});

describe("the signature of a webhook", () => {
  it.each([
    ["an empty header", "", "signature_missing"],
    [
      "hex instead of base64",
      "6fbc057339e34ff3226b8a62c514dacc9f3ac6cf6d85166263fab1e75abf2097",
      "signature_malformed",
    ],
    ["base64 without padding", genuine.headers["x-shopify-hmac-sha256"]?.slice(0, -1), "signature_malformed"],
    ["base64 of 31 bytes", Buffer.alloc(31).toString("base64"), "signature_malformed"],
    ["another digest", Buffer.alloc(32).toString("base64"), "signature_mismatch"],
    ["no header", undefined, "signature_missing"],
  ])("is refused: %s", (_, value, reason) => {
    expect(verify(headersOf("x-shopify-hmac-sha256", value), [app], now)).toEqual({ ok: false, reason });
  });

  it.each([
    "x-shopify-topic",
    "x-shopify-shop-domain",
    "x-shopify-api-version",
    "x-shopify-webhook-id",
  ])("does not make up for a missing %s", (name) => {
    expect(verify(headersOf(name, undefined), [app], now)).toEqual({ ok: false, reason: "header_missing" });
  });

  it.each(["x-shopify-event-id", "x-shopify-triggered-at"])("needs no %s", (name) => {
    expect(verify(headersOf(name, undefined), [app], now).ok).toBe(true);
  });

  it("stays good however old the message is: Shopify retries for hours and signs no time", () => {
    expect(verify(genuine, [app], new Date(now.getTime() + 86_400_000)).ok).toBe(true);
  });
});

const vectors = new URL("../../../shared/channels/samples/shopify/hmac-vectors.json", import.meta.url);

describe.skipIf(!existsSync(vectors))(
  "the vectors beside the fact sheet (skipped where they are not checked out)",
  () => {
    interface Vector {
      name: string;
      secret: string;
      body_base64: string;
      header_x_shopify_hmac_sha256: string;
      expect_valid: boolean;
    }
    const { webhook_body }: { webhook_body: Vector[] } = existsSync(vectors)
      ? JSON.parse(readFileSync(vectors, "utf8"))
      : { webhook_body: [] };

    it.each(webhook_body.map((vector): [string, Vector] => [vector.name, vector]))("%s", (_, vector) => {
      const request = {
        headers: { ...genuine.headers, "x-shopify-hmac-sha256": vector.header_x_shopify_hmac_sha256 },
        body: Buffer.from(vector.body_base64, "base64"),
      };
      expect(verify(request, [{ ...app, clientSecret: vector.secret }], now).ok).toBe(vector.expect_valid);
    });
  },
);
