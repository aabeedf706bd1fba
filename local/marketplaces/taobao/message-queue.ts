import type { MarketplaceFaults } from "../contract.ts";
import { createRandom, type Random } from "../kit/random.ts";
import { messagesFor } from "./events.ts";
import type { TaobaoShop } from "./model.ts";
import type { Platform } from "./platform.ts";

export interface QueuedMessage {
  id: string;
  topic: string;
  userId: string;
  nick: string;
  group: string;
  /** JSON as text, as it travels. */
  content: string;
  publishedMs: number;
  /** Until when it is not given out, because somebody has it or because it is late. */
  hiddenUntilMs: number;
  givenOut: number;
}

export const defaultGroup = "default";

/**
 * The app's message queue. A message is kept for a day; one that was given out and not confirmed comes again after a
 * while. Shops whose messages nobody asked for have none. Kept in the journal (`message/…`), with the change it tells of.
 */
export class MessageQueue {
  readonly #platform: Platform;
  readonly #kept = new Map<string, QueuedMessage>();
  readonly #groups: Set<string>;
  #next: number;
  #faults: MarketplaceFaults = {};
  #random: Random = createRandom(0);

  constructor(platform: Platform) {
    this.#platform = platform;
    const { journal } = platform;
    for (const message of journal.values("message/") as QueuedMessage[]) this.#kept.set(message.id, message);
    this.#groups = new Set((journal.get("message-groups") as string[] | undefined) ?? []);
    this.#next = Number(journal.get("message-sequence") ?? 1);
    platform.announce = (case_, what) => {
      const shop = platform.shopOf(case_);
      for (const { topic, content } of messagesFor(case_, shop, what)) this.#add(shop, topic, content);
    };
    platform.tell = (shop, topic, content) => this.#add(shop, topic, content);
  }

  /** Messages not yet confirmed, oldest first; those a day old are gone. */
  get waiting(): readonly QueuedMessage[] {
    const oldestMs = this.#platform.nowMs() - this.#platform.settings.messageLifeMs;
    for (const message of this.#kept.values()) if (message.publishedMs <= oldestMs) this.#drop(message.id);
    return [...this.#kept.values()];
  }

  inject(faults: MarketplaceFaults): void {
    this.#faults = faults;
    this.#random = createRandom(faults.seed ?? 0, "messages");
  }

  hasGroup(name: string): boolean {
    return name === defaultGroup || this.#groups.has(name);
  }

  addGroup(name: string): void {
    this.#groups.add(name);
    this.#platform.journal.stage("message-groups", [...this.#groups]);
  }

  consume(group: string, quantity: number): QueuedMessage[] {
    const nowMs = this.#platform.nowMs();
    const free = this.waiting.filter((message) => message.group === group && message.hiddenUntilMs <= nowMs);
    const given = free.slice(0, quantity);
    for (const message of given) {
      message.givenOut += 1;
      message.hiddenUntilMs = nowMs + this.#platform.settings.messageHiddenMs;
      this.#platform.journal.stage(`message/${message.id}`, message);
    }
    return given;
  }

  confirm(group: string, ids: readonly string[]): void {
    for (const id of ids) if (this.#kept.get(id)?.group === group) this.#drop(id);
  }

  #add(shop: TaobaoShop, topic: string, content: object): void {
    const { permit } = shop;
    const isWanted = permit !== undefined && (permit.topics.length === 0 || permit.topics.includes(topic));
    if (!isWanted) return;
    const { pushesDropped = 0, pushesDoubled = 0, pushesLate = 0, lateMs = 0 } = this.#faults;
    if (pushesDropped > 0 && this.#random.chance(pushesDropped)) return;
    const isLate = pushesLate > 0 && this.#random.chance(pushesLate);
    this.#keep(shop, topic, content, isLate ? this.#random.int(1, Math.max(1, lateMs)) : 0);
    if (pushesDoubled > 0 && this.#random.chance(pushesDoubled)) this.#keep(shop, topic, content, 0);
  }

  #keep(shop: TaobaoShop, topic: string, content: object, lateMs: number): void {
    const { journal } = this.#platform;
    const publishedMs = this.#platform.nowMs();
    // 19 digits, beyond what a double can hold.
    const id = `71${String(publishedMs).padStart(13, "0")}${String(this.#next % 10_000).padStart(4, "0")}`;
    this.#next += 1;
    const message: QueuedMessage = {
      id,
      topic,
      userId: shop.id,
      nick: shop.nick,
      group: shop.messageGroup,
      content: JSON.stringify(content),
      publishedMs,
      hiddenUntilMs: publishedMs + lateMs,
      givenOut: 0,
    };
    this.#kept.set(id, message);
    journal.stage("message-sequence", this.#next);
    journal.stage(`message/${id}`, message);
  }

  #drop(id: string): void {
    this.#kept.delete(id);
    this.#platform.journal.stage(`message/${id}`, undefined);
  }
}
