import { createRandom } from "../kit/random.ts";
import type { AmazonShop, Subscription } from "./model.ts";
import type { Platform } from "./platform.ts";
import { invalid, notFound, Problem } from "./problem.ts";

/** Types that come to SQS, with the version of their payload; the rest of Amazon's types is left out. */
const payloadVersions: Readonly<Record<string, string>> = {
  ORDER_CHANGE: "1.0",
  TRANSACTION_UPDATE: "1.0",
  REPORT_PROCESSING_FINISHED: "2020-09-04",
  FEED_PROCESSING_FINISHED: "2020-09-04",
};
/** These come in camelCase, all others in PascalCase. */
const camelCased = ["REPORT_PROCESSING_FINISHED", "FEED_PROCESSING_FINISHED"];

export function createDestination(platform: Platform, body: Record<string, unknown>): object {
  const { name, resourceSpecification } = body;
  const arn = (resourceSpecification as { sqs?: { arn?: unknown } } | undefined)?.sqs?.arn;
  if (typeof name !== "string" || name === "" || name.length > 256) throw invalid("Invalid name.");
  if (typeof arn !== "string" || !/^arn:aws:sqs:\S+:\S+:\S+$/.test(arn)) throw invalid("Invalid sqs arn.");
  if ([...platform.destinations.values()].includes(arn)) {
    throw new Problem(409, "ResourceConflict", "A destination of this resource exists.");
  }
  const id = createRandom(arn, "destination").digits(12);
  platform.saveDestination(id, arn);
  return { payload: destinationOf(id, name, arn) };
}

export function getDestinations(platform: Platform): object {
  return { payload: [...platform.destinations].map(([id, arn]) => destinationOf(id, "destination", arn)) };
}

export function createSubscription(
  platform: Platform,
  shop: AmazonShop,
  type: string,
  body: Record<string, unknown>,
): object {
  const { payloadVersion, destinationId } = body;
  if (!Object.hasOwn(payloadVersions, type)) throw invalid("Invalid notificationType.");
  if (payloadVersion !== payloadVersions[type]) throw invalid("Invalid payloadVersion.");
  if (!platform.destinations.has(String(destinationId))) throw invalid("Invalid destinationId.");
  if (subscriptionOf(platform, shop.id, type)) {
    throw new Problem(409, "ResourceConflict", "A subscription of this type exists.");
  }
  const id = createRandom(shop.id, type, "subscription").digits(16);
  const subscription = { id, shopId: shop.id, type, destinationId: String(destinationId) };
  platform.saveSubscription(subscription);
  return { payload: viewOf(subscription) };
}

export function getSubscription(platform: Platform, shop: AmazonShop, type: string): object {
  const found = subscriptionOf(platform, shop.id, type);
  if (!found) throw notFound(`A subscription of ${type}`);
  return { payload: viewOf(found) };
}

export function deleteSubscription(platform: Platform, id: string): object {
  if (!platform.subscriptions.has(id)) throw notFound(`Subscription ${id}`);
  platform.dropSubscription(id);
  return {};
}

/** A notification for whoever has subscribed: staged with the change that caused it, sent once that is committed. */
export function announce(
  platform: Platform,
  shopId: string,
  { type, payload, delayMs = 0 }: { type: string; payload: object; delayMs?: number },
): void {
  const subscription = subscriptionOf(platform, shopId, type);
  const arn = subscription && platform.destinations.get(subscription.destinationId);
  if (!subscription || arn === undefined) return;
  const at = new Date(platform.nowMs()).toISOString();
  const id = createRandom(shopId, type, JSON.stringify(payload)).digits(20);
  const envelope = {
    NotificationVersion: "1.0",
    NotificationType: type,
    PayloadVersion: payloadVersions[type],
    EventTime: at,
    Payload: payload,
    NotificationMetadata: {
      ApplicationId: "amzn1.sellerapps.app.simulated",
      SubscriptionId: subscription.id,
      PublishTime: at,
      NotificationId: id,
    },
  };
  platform.tell({ arn, body: JSON.stringify(camelCased.includes(type) ? camel(envelope) : envelope) }, delayMs);
}

function subscriptionOf({ subscriptions }: Platform, shopId: string, type: string): Subscription | undefined {
  return [...subscriptions.values()].find((each) => each.shopId === shopId && each.type === type);
}

function destinationOf(destinationId: string, name: string, arn: string): object {
  return { destinationId, name, resource: { sqs: { arn } } };
}

function viewOf({ id, type, destinationId }: Subscription): object {
  return { subscriptionId: id, payloadVersion: payloadVersions[type], destinationId };
}

function camel(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(camel);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, member]) => [key.slice(0, 1).toLowerCase() + key.slice(1), camel(member)]),
  );
}
