import { createHash } from "node:crypto";
import type { ShopId } from "#shared/case/ids.ts";
import type { ShopNotice } from "#shared/case/shop-notice.ts";
import { SuiteError } from "#shared/errors.ts";
import { instantOfText } from "../kit/time.ts";
import { type Members, readBody } from "./body.ts";
import { shopDomain } from "./defaults.ts";

type Headers = Readonly<Record<string, string | undefined>>;

/**
 * A message about the shop itself. The signature covers the body alone, so the shop is taken from there, and each kind is
 * known by its own members: whoever has seen one genuine message cannot make it another by changing its topic.
 * Source: shopify.dev, "Privacy law compliance", and the webhook reference, read 2026-11-22.
 * @throws SuiteError `payload_invalid`
 */
export function readShopNotice(kind: ShopNotice["what"]["kind"], headers: Headers, body: Uint8Array): ShopNotice {
  const message = readBody(body, { numericIds: true });
  const topic = headers["x-shopify-topic"] ?? "";
  const webhookId = headers["x-shopify-webhook-id"] ?? "";
  if (webhookId === "") throw new SuiteError("payload_invalid", "not a webhook id");
  return {
    channel: "shopify",
    shopId: shopOf(kind, message, headers),
    topic,
    noticeId: createHash("sha256").update(`${topic} ${webhookId}`).digest("hex").slice(0, 32),
    occurredAt: instantOfText(headers["x-shopify-triggered-at"] ?? ""),
    what: whatOf(kind, message),
  };
}

function shopOf(kind: ShopNotice["what"]["kind"], message: Members, headers: Headers): ShopId {
  // The removal's body may leave the domain out; it is no more than a hint, and the shop is asked whether it is true.
  const named =
    kind === "app_removed" ? (message.myshopify_domain ?? headers["x-shopify-shop-domain"]) : message.shop_domain;
  const shop = typeof named === "string" ? named.toLowerCase() : "";
  if (!shopDomain.test(shop)) throw new SuiteError("payload_invalid", "not a shop's domain");
  return shop as ShopId;
}

function whatOf(kind: ShopNotice["what"]["kind"], message: Members): ShopNotice["what"] {
  switch (kind) {
    case "app_removed":
      return { kind };
    case "data_requested":
      return { kind, orders: ordersOf(message.orders_requested) };
    case "person_erasure":
      return { kind, orders: ordersOf(message.orders_to_redact) };
    case "shop_erasure":
      if (message.shop_id === undefined || "customer" in message || "id" in message) {
        throw new SuiteError("payload_invalid", "not the body of shop/redact");
      }
      return { kind };
  }
}

/** Numbers of orders, digits kept exactly; some records hold no more than an e-mail, and name none. */
function ordersOf(value: unknown): string[] {
  if (!Array.isArray(value)) throw new SuiteError("payload_invalid", "no list of orders");
  return value.map((each: unknown) => {
    const text = String(each);
    if (!/^[1-9]\d{0,19}$/.test(text)) throw new SuiteError("payload_invalid", "not the number of an order");
    return text;
  });
}
