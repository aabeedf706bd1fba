import type { LocalClock } from "../../clock.ts";
import type { MarketplaceFaults } from "../contract.ts";
import { type Alarms, createAlarms } from "./alarms.ts";
import type { Journal } from "./journal.ts";
import { createRandom, type Random } from "./random.ts";

export interface WaitingPush<Message> {
  /** Orders pushes; it is not on the wire. */
  sequence: number;
  message: Message;
  dueAtMs: number;
  /** Deliveries that were tried and failed. */
  attempts: number;
}

export interface PushQueueOptions<Message> {
  clock: LocalClock;
  journal: Journal;
  /** Sends one request with these messages. False, or an error, means it was not accepted and is tried again. */
  send: (messages: readonly Message[]) => Promise<boolean>;
  /** Waits before the second, third, … attempt; the last one repeats. */
  gapsMs: readonly number[];
  /** Messages that may share a request. */
  batchSize?: number;
  /** Attempts after which the platform gives the message up; never when left out. */
  attemptsAtMost?: number;
}

/** How many requests may be under way at once; more than one, so order is not guaranteed, as on the real thing. */
const requestsAtOnce = 4;
const alarm = "next push";

/**
 * Delivers pushes at least once. Waiting ones live in the journal (`push/…`), so they outlive the process. `add` only
 * stages: the caller commits the push together with the change that caused it. Nothing is sent before `open`.
 */
export class PushQueue<Message> {
  readonly #options: PushQueueOptions<Message>;
  readonly #waiting = new Map<number, WaitingPush<Message>>();
  readonly #underWay = new Set<number>();
  readonly #alarms: Alarms;
  #requests = 0;
  #isOpen = false;
  #nextSequence = 1;
  #faults: MarketplaceFaults = {};
  #random: Random = createRandom(0);

  constructor(options: PushQueueOptions<Message>) {
    this.#options = options;
    this.#alarms = createAlarms(options.clock, () => this.#deliverDue());
    this.#nextSequence = Number(options.journal.get("push-sequence") ?? 1);
    for (const push of options.journal.values("push/") as WaitingPush<Message>[])
      this.#waiting.set(push.sequence, push);
  }

  get waiting(): readonly WaitingPush<Message>[] {
    return [...this.#waiting.values()];
  }

  add(message: Message, { delayMs = 0 } = {}): void {
    const { pushesDropped = 0, pushesDoubled = 0, pushesLate = 0, lateMs = 0 } = this.#faults;
    if (pushesDropped > 0 && this.#random.chance(pushesDropped)) return;
    const dueAtMs = this.#options.clock.now().getTime() + delayMs;
    const late = pushesLate > 0 && this.#random.chance(pushesLate) ? this.#random.int(1, Math.max(1, lateMs)) : 0;
    this.#keep(message, dueAtMs + late);
    if (pushesDoubled > 0 && this.#random.chance(pushesDoubled))
      this.#keep(message, dueAtMs + this.#random.int(0, 5000));
    this.#arm();
  }

  /** Replaces the fault setting; `seed` restarts its choices. */
  inject(faults: MarketplaceFaults): void {
    this.#faults = faults;
    this.#random = createRandom(faults.seed ?? 0, "pushes");
  }

  open(): void {
    this.#isOpen = true;
    this.#arm();
  }

  /** Keeps what is waiting. A request under way still ends. */
  close(): void {
    this.#isOpen = false;
    this.#alarms.clear();
  }

  #keep(message: Message, dueAtMs: number): void {
    const push = { sequence: this.#nextSequence++, message, dueAtMs, attempts: 0 };
    this.#waiting.set(push.sequence, push);
    this.#options.journal.stage("push-sequence", this.#nextSequence);
    this.#options.journal.stage(`push/${push.sequence}`, push);
  }

  #arm(): void {
    if (!this.#isOpen || this.#requests >= requestsAtOnce) return;
    let nextMs = Number.POSITIVE_INFINITY;
    for (const push of this.#waiting.values()) {
      if (!this.#underWay.has(push.sequence)) nextMs = Math.min(nextMs, push.dueAtMs);
    }
    this.#alarms.set(alarm, Number.isFinite(nextMs) ? nextMs : undefined);
  }

  async #deliverDue(): Promise<void> {
    const sends: Promise<void>[] = [];
    while (this.#isOpen && this.#requests < requestsAtOnce) {
      const batch = this.#takeDue();
      if (batch.length === 0) break;
      sends.push(this.#deliver(batch));
    }
    this.#arm();
    await Promise.all(sends);
  }

  #takeDue(): WaitingPush<Message>[] {
    const now = this.#options.clock.now().getTime();
    const due = this.waiting.filter((push) => push.dueAtMs <= now && !this.#underWay.has(push.sequence));
    const batch = due.sort((a, b) => a.dueAtMs - b.dueAtMs || a.sequence - b.sequence);
    return batch.slice(0, this.#options.batchSize ?? 1);
  }

  async #deliver(batch: WaitingPush<Message>[]): Promise<void> {
    const { clock, journal, send, gapsMs, attemptsAtMost = Number.POSITIVE_INFINITY } = this.#options;
    this.#requests += 1;
    for (const push of batch) this.#underWay.add(push.sequence);
    const isAccepted = await send(batch.map((push) => push.message)).catch(() => false);
    this.#requests -= 1;
    for (const push of batch) {
      this.#underWay.delete(push.sequence);
      push.attempts += 1;
      const isDone = isAccepted || push.attempts >= attemptsAtMost;
      const gapMs = gapsMs[Math.min(push.attempts, gapsMs.length) - 1] ?? 60_000;
      if (isDone) this.#waiting.delete(push.sequence);
      else push.dueAtMs = clock.now().getTime() + gapMs;
      journal.stage(`push/${push.sequence}`, isDone ? undefined : push);
    }
    journal.commit();
    this.#arm();
  }
}
