import { randomUUID } from "node:crypto";
import type { LocalClock } from "../../../clock.ts";
import type { MarketplaceFaults } from "../../contract.ts";
import type { Journal } from "../../kit/journal.ts";
import { PushQueue } from "../../kit/push-queue.ts";
import { latestVersion } from "../graphql/versions.ts";
import { numberFrom, uuidFrom } from "../model/ids.ts";
import { Shelf } from "./shelf.ts";
import { signBody } from "./sign.ts";
import type { Subscriptions } from "./subscriptions.ts";
import { configuredTopics, enumOf, type Topic } from "./topics.ts";

const minuteMs = 60_000;
/** Eight retries in four hours. Only the number and the span are known; the growth is ours. */
export const retryGapsMs = [1, 3, 8, 15, 25, 40, 60, 88].map((minutes) => minutes * minuteMs);
const answerWithinMs = 5000;

export interface Delivery {
  webhookId: string;
  eventId: string;
  topic: Topic;
  shop: string;
  /** The text that is signed and sent, the same at every attempt. */
  body: string;
  triggeredAt: string;
  /** Absent for what the app's configuration file subscribed: that goes to the app's one address. */
  subscription?: { id: string; uri: string; name?: string };
  failures: number;
}

/** Sends webhooks: to the app's own address, and to the addresses subscribed through the API. */
export class Deliveries {
  readonly #configured: PushQueue<Delivery>;
  readonly #subscribed: PushQueue<Delivery>;
  readonly #journal: Journal;
  readonly #subscriptions: Subscriptions;
  readonly #secret: string;
  readonly #log: (name: string, outcome: string) => void;
  #target: string | undefined;

  constructor(options: {
    clock: LocalClock;
    journal: Journal;
    subscriptions: Subscriptions;
    secret: string;
    log: (name: string, outcome: string) => void;
  }) {
    const { clock, journal } = options;
    this.#journal = journal;
    this.#subscriptions = options.subscriptions;
    this.#secret = options.secret;
    this.#log = options.log;
    const queue = (prefix: string) =>
      new PushQueue<Delivery>({
        clock,
        journal: new Shelf(journal, prefix),
        gapsMs: retryGapsMs,
        attemptsAtMost: 1 + retryGapsMs.length,
        send: async ([delivery]) => delivery === undefined || this.#send(delivery),
      });
    this.#configured = queue("configured-");
    this.#subscribed = queue("subscribed-");
  }

  get waiting(): Delivery[] {
    return [...this.#configured.waiting, ...this.#subscribed.waiting].map(({ message }) => message);
  }

  start(): void {
    this.#subscribed.open();
    if (this.#target !== undefined) this.#configured.open();
  }

  stop(): void {
    this.#subscribed.close();
    this.#configured.close();
  }

  /** The app's address; undefined keeps its webhooks waiting. */
  pushTo(url: string | undefined, { isRunning }: { isRunning: boolean }): void {
    this.#target = url;
    if (url === undefined) this.#configured.close();
    else if (isRunning) this.#configured.open();
  }

  inject(faults: MarketplaceFaults): void {
    this.#configured.inject(faults);
    this.#subscribed.inject(faults);
  }

  /** Stages one delivery per subscriber; the caller commits. */
  add({
    topic,
    shop,
    body,
    eventId,
    now,
    delayMs = 0,
  }: {
    topic: Topic;
    shop: string;
    body: unknown;
    eventId: string;
    now: Date;
    delayMs?: number;
  }): void {
    const made = Number(this.#journal.get("deliveries-made") ?? 0) + 1;
    this.#journal.stage("deliveries-made", made);
    const delivery = (place: string, content: unknown): Delivery => ({
      webhookId: uuidFrom(shop, eventId, made, place),
      eventId,
      topic,
      shop,
      body: JSON.stringify(content),
      triggeredAt: inNanoseconds(new Date(now.getTime() + delayMs), made),
      failures: 0,
    });
    if (configuredTopics.includes(topic)) this.#configured.add(delivery("app", body), { delayMs });
    for (const one of this.#subscriptions.list(shop)) {
      if (one.topic !== enumOf(topic)) continue;
      const { id, uri, name } = one;
      this.#subscribed.add({ ...delivery(id, only(body, one.includeFields)), subscription: { id, uri, name } });
    }
  }

  headersOf(delivery: Delivery): Record<string, string> {
    return {
      "Content-Type": "application/json",
      "X-Shopify-Topic": delivery.topic,
      "X-Shopify-Hmac-Sha256": signBody(this.#secret, delivery.body),
      "X-Shopify-Shop-Domain": delivery.shop,
      "X-Shopify-API-Version": latestVersion,
      "X-Shopify-Webhook-Id": delivery.webhookId,
      "X-Shopify-Event-Id": delivery.eventId,
      "X-Shopify-Triggered-At": delivery.triggeredAt,
      ...(delivery.subscription?.name ? { "X-Shopify-Name": delivery.subscription.name } : {}),
    };
  }

  /** Headers of a delivery that nothing in the shop has caused: for a body somebody wants to try. */
  sign(body: string, { shop, topic }: { shop: string; topic: Topic }): Record<string, string> {
    const [webhookId, eventId] = [randomUUID(), randomUUID()];
    const triggeredAt = new Date().toISOString();
    return this.headersOf({ shop, topic, body, webhookId, eventId, triggeredAt, failures: 0 });
  }

  async #send(delivery: Delivery): Promise<boolean> {
    const url = delivery.subscription?.uri ?? this.#target;
    if (url === undefined) return false;
    // Partner event sources and Pub/Sub do not exist on this machine; such a delivery counts as made.
    if (!url.startsWith("http")) return true;
    const outcome = await post(url, this.headersOf(delivery), delivery.body);
    this.#log(`push ${delivery.topic}`, outcome);
    const isAccepted = /^2\d\d$/.test(outcome);
    if (!isAccepted) this.#fail(delivery);
    return isAccepted;
  }

  /** After the last retry the subscription itself is removed, if it was made through the API. */
  #fail(delivery: Delivery): void {
    delivery.failures += 1;
    if (delivery.failures <= retryGapsMs.length || delivery.subscription === undefined) return;
    if (this.#subscriptions.remove(delivery.shop, delivery.subscription.id)) {
      this.#log(`subscription ${delivery.topic}`, "removed after failures");
    }
  }
}

async function post(url: string, headers: Record<string, string>, body: string): Promise<string> {
  try {
    const signal = AbortSignal.timeout(answerWithinMs);
    const response = await fetch(url, { method: "POST", headers, body, redirect: "manual", signal });
    await response.arrayBuffer();
    return String(response.status);
  } catch (error) {
    return error instanceof Error ? error.name : "failed";
  }
}

function only(body: unknown, fields: string[] | undefined): unknown {
  if (!fields?.length || typeof body !== "object" || body === null) return body;
  return Object.fromEntries(Object.entries(body).filter(([name]) => fields.includes(name)));
}

/** Trigger times have nine decimals. */
function inNanoseconds(now: Date, made: number): string {
  const below = numberFrom("nanoseconds", made).slice(-6);
  return now.toISOString().replace("Z", `${below}Z`);
}
