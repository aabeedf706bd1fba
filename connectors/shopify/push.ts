import type { ChannelCaseId, ShopId } from "#shared/case/ids.ts";
import type { Notice } from "#shared/case/notice.ts";
import { SuiteError } from "#shared/errors.ts";
import type { Push, PushOutcome, PushReading, PushRequest } from "../contract.ts";
import { instantOfText } from "../kit/time.ts";
import { type Members, memberOf, readBody, subjectId } from "./body.ts";
import { defaultGateway, pinnedVersion, shopDomain } from "./defaults.ts";
import type { ShopifyApp } from "./settings.ts";
import { readShopNotice } from "./shop-notices.ts";
import {
  ignoredTopics,
  incomingKinds,
  numericRoutes,
  openingTopics,
  type Route,
  routes,
  shopTopics,
} from "./topics.ts";
import { verify } from "./verify.ts";

// No schema library here: the webhook function loads this file on every cold start.

/** The push half of Shopify: webhooks over HTTPS. */
export const shopifyPush: Push<ShopifyApp> = { app, verify, read, reply };

/** @throws SuiteError `misconfigured`; it names the setting, never its value. */
function app(settings: unknown): ShopifyApp {
  const { clientId, clientSecret, apiVersion = pinnedVersion, gateway = defaultGateway } = (settings ?? {}) as Members;
  for (const [name, value] of Object.entries({ clientId, clientSecret, apiVersion, gateway })) {
    if (typeof value !== "string" || value === "") {
      throw new SuiteError("misconfigured", `Shopify app settings need ${name} as text`);
    }
  }
  return { clientId, clientSecret, apiVersion, gateway } as ShopifyApp;
}

/**
 * One notice per case that the message points at. Facts are never taken from a body: its headers are unsigned and its
 * order is not guaranteed. @throws SuiteError `payload_invalid`.
 */
function read({ headers, body }: PushRequest): PushReading {
  const topic = headers["x-shopify-topic"] ?? "";
  const shopKind = shopTopics.get(topic);
  if (shopKind)
    return { notices: [], ignored: [], rejected: [], shopNotices: [readShopNotice(shopKind, headers, body)] };
  const route = routes.get(topic);
  const message = readBody(body, { numericIds: route !== undefined && numericRoutes.has(route) });
  if (!route) return ignore(topic, ignoredTopics.get(topic) ?? "not one of our topics");
  if (route === "transaction" && incomingKinds.has(String(message.kind))) return ignore(topic, "not a refund");

  const shop = headers["x-shopify-shop-domain"]?.toLowerCase() ?? "";
  const noticeId = headers["x-shopify-webhook-id"] ?? "";
  if (!shopDomain.test(shop)) throw new SuiteError("payload_invalid", "not a shop's domain");
  if (noticeId === "" || noticeId.length > 150) throw new SuiteError("payload_invalid", "not a webhook id");
  const triggeredAt = instantOfText(headers["x-shopify-triggered-at"] ?? "");
  const subjects = subjectsOf(route, message, triggeredAt ?? "");
  const base = { channel: "shopify", shopId: shop as ShopId, topic, occurredAt: triggeredAt, via: "push" } as const;
  const notices = subjects.map((subject, index): Notice => {
    // Two subjects of one message must not be taken for the same notice.
    const id = index === 0 ? noticeId : `${noticeId}:${index}`;
    return { ...base, subject, noticeId: id, opens: index === 0 && openingTopics.has(topic) };
  });
  return { notices, ignored: [], rejected: [] };
}

function subjectsOf(route: Route, message: Members, triggeredAt: string): Notice["subject"][] {
  switch (route) {
    case "return":
      return [aCase(subjectId("Return", message))];
    case "return_or_recent":
      // Nothing to go by: everything in the shop that changed shortly before is read.
      return [Object.keys(message).length === 0 ? lookup("recent", triggeredAt) : aCase(subjectId("Return", message))];
    case "refund":
      if (message.return) return [aCase(subjectId("Return", memberOf(message, "return")))];
      // Without the member nobody knows whether there is a return, so the refund itself has to tell.
      return message.return === null
        ? [aCase(subjectId("Refund", message))]
        : [lookup("refund", subjectId("Refund", message))];
    case "dispute":
      // The dispute is a case of its own, and it overlays the other cases of its order.
      return [
        aCase(subjectId("ShopifyPaymentsDispute", message)),
        ...(message.order_id ? [lookup("order", subjectId("Order", { id: message.order_id }))] : []),
      ];
    case "reverse_delivery":
      return message.return
        ? [aCase(subjectId("Return", memberOf(message, "return")))]
        : [lookup("reverse_delivery", subjectId("ReverseDelivery", message))];
    case "reverse_fulfillment_order":
      return [lookup("reverse_fulfillment_order", subjectId("ReverseFulfillmentOrder", message))];
    case "transaction":
      return [lookup("order", subjectId("Order", { id: message.order_id }))];
    case "order":
      return [lookup("order", subjectId("Order", message))];
    case "edited_order":
      return [lookup("order", subjectId("Order", { id: memberOf(message, "order_edit").order_id }))];
  }
}

function aCase(id: string): Notice["subject"] {
  return { kind: "case", channelCaseId: id as ChannelCaseId };
}

function lookup(by: string, id: string): Notice["subject"] {
  return { kind: "lookup", by, id };
}

function ignore(topic: string, why: string): PushReading {
  return { notices: [], ignored: [{ topic: topic.slice(0, 100), why }], rejected: [] };
}

const statusOf: Readonly<Record<PushOutcome, number>> = {
  accepted: 200,
  // Shopify asks for exactly this status when the signature is wrong.
  unauthorized: 401,
  unreadable: 400,
  unsupported_media: 415,
  too_large: 413,
  unavailable: 503,
};

/** Shopify looks at the status only; anything but 2xx is delivered again, eight times in four hours. */
function reply(outcome: PushOutcome): { status: number; contentType: string; body: string } {
  return { status: statusOf[outcome], contentType: "text/plain; charset=utf-8", body: "" };
}
