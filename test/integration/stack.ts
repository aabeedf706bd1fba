import { DeleteMessageCommand, ReceiveMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { afterAll, beforeAll, inject } from "vitest";
import { metricNamespaceOf } from "#shared/metrics.ts";
import { createClock, type MovableClock } from "../../local/clock.ts";
import type { Douyin } from "../../local/marketplaces/douyin/index.ts";
import type { ShopifyMarketplace } from "../../local/marketplaces/shopify/index.ts";
import { type Runtime, startRuntime } from "../../local/runtime/runtime.ts";
import { type LocalStack, type StackOptions, startStack } from "../../local/stack.ts";
import { closeRightsBook } from "./rights-book.ts";

/** The moved clock of every integration test starts here. */
export const startsAt = new Date("2026-11-25T02:00:00.000Z");

/** Few threads: each loads a bundle of its own, and two are enough to run into one another. */
const light = { channels: ["douyin", "shopify"], maxThreads: 2 };

export interface Running extends LocalStack {
  clock: MovableClock;
  douyin: Douyin;
  shopify: ShopifyMarketplace;
  /** The demo shop's id on a channel. */
  shopOn(channel: string): string;
}

/**
 * The whole local stack for the tests of one file, with a demo shop on Douyin and Shopify unless other channels are asked
 * for: what every further shop reads back at first would take each file seconds.
 */
export function useStack(options: Partial<StackOptions> = {}): () => Running {
  let running: Running | undefined;
  beforeAll(async () => {
    const clock = createClock({ start: startsAt, mode: "moved" });
    running = described(await startStack({ clock, assemblyDir: inject("assemblyDir"), ...light, ...options }), clock);
    await running.runtime.idle();
  });
  afterAll(async () => {
    await running?.stop();
    if (running) closeRightsBook(running.runtime);
  });
  return () => {
    if (!running) throw new Error("the stack runs only inside a test");
    return running;
  };
}

function described(stack: LocalStack, clock: MovableClock): Running {
  const market = (channel: string) => stack.markets.find((each) => each.channel === channel);
  return {
    ...stack,
    clock,
    // The registry of marketplaces hides which simulator is which; the tests play the buyer with each one's own means.
    douyin: market("douyin") as Douyin,
    shopify: market("shopify") as ShopifyMarketplace,
    shopOn: (channel) => stack.shops.find(({ market: of }) => of.channel === channel)?.shopId ?? "",
  };
}

export const demoApps = {
  douyin: { appKey: "7000000000000000001", appSecret: "00000000-1111-4222-8333-444444444444" },
  shopify: { clientId: "integration-test-app", clientSecret: "shpss_integration_test_secret" },
} as const;

export interface Intake {
  runtime: Runtime;
  urlOf(channel: string): string;
  /** Takes every message from a queue, by the end of its name, and returns their bodies. */
  take(queue: string): Promise<string[]>;
}

/** The stack with nothing consumed: what a webhook leaves behind stays where it was put. */
export function useIntake(): () => Intake {
  let intake: Intake | undefined;
  beforeAll(async () => {
    const clock = createClock({ start: startsAt, mode: "moved" });
    const runtime = await startRuntime({ assemblyDir: inject("assemblyDir"), clock });
    for (const [channel, app] of Object.entries(demoApps))
      runtime.secrets.set(secretOf(runtime, channel), { current: app });
    const credentials = { accessKeyId: "test", secretAccessKey: "test" };
    const sqs = new SQSClient({ endpoint: runtime.gatewayUrl, region: "us-east-1", credentials });
    intake = {
      runtime,
      urlOf: (channel) => `${webhooksOf(runtime)}/webhooks/${channel}`,
      async take(queue) {
        const name = runtime.queues().find((each) => each.name.endsWith(queue))?.name;
        const QueueUrl = `${runtime.gatewayUrl}/000000000000/${name}`;
        const bodies: string[] = [];
        for (;;) {
          const { Messages = [] } = await sqs.send(new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 }));
          if (Messages.length === 0) return bodies;
          for (const { Body = "", ReceiptHandle } of Messages) {
            bodies.push(Body);
            await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
          }
        }
      },
    };
  });
  afterAll(async () => {
    await intake?.runtime.stop();
    if (intake) closeRightsBook(intake.runtime);
  });
  return () => {
    if (!intake) throw new Error("the intake runs only inside a test");
    return intake;
  };
}

function webhooksOf({ httpApis }: Runtime): string {
  const name = Object.keys(httpApis).find((each) => each.endsWith("webhooks"));
  if (!name) throw new Error("the stack has no door for webhooks");
  return httpApis[name] ?? "";
}

/** The name in the template of a channel's app settings. */
export function secretOf({ secrets }: Runtime, channel: string): string {
  const name = secrets.names.find((each) => each.endsWith(`/${channel}`));
  if (!name) throw new Error(`the stack has no secret for ${channel}`);
  return name;
}

/** The full name of a function, by its name in functions/. */
export function functionOf({ functions }: Runtime, name: string): string {
  const found = functions.find((each) => each.name.endsWith(`-${name}`));
  if (!found) throw new Error(`the stack has no function ${name}`);
  return found.name;
}

/** How many messages each queue has ever been sent, and how many write units the table has taken. */
export function written(runtime: Runtime): Record<string, number> {
  const queues = runtime.queues().map(({ name, sent }): [string, number] => [name, sent]);
  const units = runtime.counts().reduce((sum, { writeUnits }) => sum + writeUnits, 0);
  return Object.fromEntries([...queues, ["table", units]]);
}

/** The sum of one of our own metrics since the start. */
export function counted(runtime: Runtime, name: string, channel: string): number {
  const week = 7 * 86_400_000;
  const values = runtime.metrics.query({
    namespace: metricNamespaceOf("dev"),
    name,
    dimensions: { Channel: channel },
    statistic: "Sum",
    periodSeconds: week / 1000,
    from: startsAt,
    to: new Date(startsAt.getTime() + week),
  });
  return [...values.values()].reduce((sum, value) => sum + value, 0);
}
