import * as z from "zod";
import { isSuiteError, SuiteError } from "#shared/errors.ts";
import { type AmazonWorld, query } from "./client.ts";
import { tokenOfApp } from "./tokens.ts";

const base = "/notifications/v1";
const scope = "sellingpartnerapi::notifications";

/**
 * What is subscribed to, with the version of its payload. The ends of reports are left out: a report under way is asked
 * for each minute anyway, and one that nobody waits for is not ours.
 * Source: notifications.json and schemas/notifications of amzn/selling-partner-api-models, commit 34dc93f, read 2026-11-25.
 */
export const subscribedTypes: Readonly<Record<string, string>> = {
  ORDER_CHANGE: "1.0",
  TRANSACTION_UPDATE: "1.0",
  FEED_PROCESSING_FINISHED: "2020-09-04",
};

const destinationSchema = z.object({
  destinationId: z.string(),
  resource: z.object({ sqs: z.object({ arn: z.string() }).nullish() }),
});
const destinationsSchema = z.object({ payload: z.array(destinationSchema).nullish() });
const destinationCreatedSchema = z.object({ payload: destinationSchema });
const subscriptionSchema = z.object({
  payload: z.object({ subscriptionId: z.string(), payloadVersion: z.string(), destinationId: z.string() }),
});

/**
 * Has Amazon put this seller's notifications into the queue: makes the queue a destination of our app, once for all
 * sellers of a region, and subscribes the seller to each type. What leads elsewhere, to the queue of an earlier
 * deployment, is led here. Safe to repeat.
 */
export async function subscribe(queueArn: string, world: AmazonWorld): Promise<void> {
  const token = await tokenOfApp(world, scope);
  const destinationId = await destinationOf(queueArn, world, token);
  for (const [type, payloadVersion] of Object.entries(subscribedTypes)) {
    const path = `${base}/subscriptions/${type}`;
    const held = await subscriptionTo(path, world);
    if (held?.destinationId === destinationId && held.payloadVersion === payloadVersion) continue;
    if (held) {
      const gone = `${path}/${encodeURIComponent(held.subscriptionId)}`;
      await query(world, { operation: "deleteSubscriptionById", method: "DELETE", path: gone, token }, z.unknown());
    }
    const body = { payloadVersion, destinationId };
    await query(world, { operation: "createSubscription", method: "POST", path, body }, z.unknown());
  }
}

async function destinationOf(queueArn: string, world: AmazonWorld, token: string): Promise<string> {
  const path = `${base}/destinations`;
  const { payload } = await query(
    world,
    { operation: "getDestinations", method: "GET", path, token },
    destinationsSchema,
  );
  const found = payload?.find(({ resource }) => resource.sqs?.arn === queueArn);
  if (found) return found.destinationId;
  const body = { name: nameOf(queueArn), resourceSpecification: { sqs: { arn: queueArn } } };
  const created = await query(
    world,
    { operation: "createDestination", method: "POST", path, body, token },
    destinationCreatedSchema,
  );
  return created.payload.destinationId;
}

async function subscriptionTo(path: string, world: AmazonWorld) {
  try {
    const found = await query(world, { operation: "getSubscription", method: "GET", path }, subscriptionSchema);
    return found.payload;
  } catch (error) {
    if (isSuiteError(error, "channel_refused") && error.details.httpStatus === 404) return undefined;
    throw error;
  }
}

function nameOf(queueArn: string): string {
  const name = queueArn.split(":").at(-1);
  if (!name) throw new SuiteError("misconfigured", "the queue's ARN names no queue");
  return name;
}
