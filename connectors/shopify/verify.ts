import { createHmac } from "node:crypto";
import type { PushRequest, Verification } from "../contract.ts";
import { compareDigest } from "../kit/digest.ts";
import type { ShopifyApp } from "./settings.ts";

const mandatory = [
  "x-shopify-topic",
  "x-shopify-shop-domain",
  "x-shopify-api-version",
  "x-shopify-webhook-id",
] as const;

/**
 * Whether Shopify signed these bytes: base64 of HMAC-SHA256 with our client secret. The old secret stays good for up to
 * an hour after a rotation, so every live one is tried. Only the body is signed and no time is, so a genuine message may
 * be any age, and its headers are hints that a read must confirm.
 * Source: shopify.dev, "Verify webhook deliveries", read 2026-11-22.
 */
export function verify({ headers, body }: PushRequest, apps: readonly ShopifyApp[]): Verification {
  const signature = headers["x-shopify-hmac-sha256"];
  let reason: Exclude<ReturnType<typeof compareDigest>, "match"> = "signature_mismatch";
  for (const [live, { clientSecret }] of apps.entries()) {
    const expected = createHmac("sha256", clientSecret).update(body).digest();
    const result = compareDigest(signature, expected, "base64");
    if (result === "match") {
      const isWhole = mandatory.every((name) => Boolean(headers[name]));
      return isWhole ? { ok: true, live } : { ok: false, reason: "header_missing" };
    }
    reason = result;
  }
  return { ok: false, reason };
}
