import type { LocalClock } from "../../clock.ts";
import { type Alarms, createAlarms } from "../kit/alarms.ts";
import type { Journal } from "../kit/journal.ts";
import { finishCancel } from "./acts/cancel-order.ts";
import { decideDispute, passDueDate } from "./acts/dispute.ts";
import { settleTransaction } from "./acts/pay.ts";
import { type Turn, touch } from "./acts/turn.ts";
import { uuidFrom } from "./model/ids.ts";
import type { Actor, Job, Order } from "./model/types.ts";
import { World } from "./model/world.ts";
import type { Deliveries } from "./webhooks/deliveries.ts";
import type { Topic } from "./webhooks/topics.ts";

/**
 * Where things happen: every change is a turn of somebody, kept with its webhooks in one commit. What the platform does
 * by itself later is a job; what a case's people do next is asked of `nextStep`.
 */
export class Platform {
  readonly world: World;
  readonly #clock: LocalClock;
  readonly #journal: Journal;
  readonly #deliveries: Deliveries;
  readonly #alarms: Alarms;
  readonly #takeStep: (order: Order) => void;
  readonly #plan: (order: Order) => void;
  #isRunning = false;

  constructor(options: {
    clock: LocalClock;
    journal: Journal;
    deliveries: Deliveries;
    /** Sets the instant of the order's next step, if it can be said. */
    plan: (order: Order, now: Date) => void;
    /** Takes that step. */
    takeStep: (platform: Platform, order: Order) => void;
  }) {
    this.world = new World(options.journal);
    this.#clock = options.clock;
    this.#journal = options.journal;
    this.#deliveries = options.deliveries;
    this.#plan = (order) => options.plan(order, this.#clock.now());
    this.#takeStep = (order) => options.takeStep(this, order);
    this.#alarms = createAlarms(this.#clock, (key) => this.#ring(key));
  }

  /** Does one thing for one party. What `work` changed and announced is kept together. */
  play<T>(by: Actor, work: (turn: Turn) => T): T {
    const turns = Number(this.#journal.get("turns") ?? 0) + 1;
    const now = this.#clock.now();
    const eventId = uuidFrom("event", turns);
    const touched = new Set<Order>();
    const turn: Turn = {
      world: this.world,
      now,
      by,
      announce: (topic, order, body) => {
        touched.add(order);
        this.#deliveries.add({ topic, shop: order.shop, body, eventId, now });
      },
      later: (job) => {
        const whole = { ...job, id: `${job.orderId}.${job.what}.${job.objectId}` };
        this.world.addJob(whole);
        this.#arm(whole);
      },
    };
    const result = work(turn);
    this.#journal.stage("turns", turns);
    for (const order of touched) this.#replan(order);
    this.#journal.commit();
    return result;
  }

  /** A webhook that no order causes. */
  announce(shop: string, topic: Topic, body: unknown, { delayMs = 0 } = {}): void {
    const turns = Number(this.#journal.get("turns") ?? 0) + 1;
    this.#journal.stage("turns", turns);
    this.#deliveries.add({ topic, shop, body, eventId: uuidFrom("event", turns), now: this.#clock.now(), delayMs });
    this.#journal.commit();
  }

  start(): void {
    this.#isRunning = true;
    for (const job of this.world.jobs) this.#arm(job);
    for (const order of this.world.orders) this.#replan(order);
    this.#journal.commit();
  }

  stop(): void {
    this.#isRunning = false;
    this.#alarms.clear();
  }

  #arm(job: Job): void {
    if (this.#isRunning) this.#alarms.set(`job/${job.id}`, job.atMs);
  }

  #replan(order: Order): void {
    this.#plan(order);
    this.world.save(order);
    if (this.#isRunning) this.#alarms.set(`step/${order.id}`, order.script.dueAtMs);
  }

  #ring(key: string): void {
    const [kind, id] = [key.slice(0, key.indexOf("/")), key.slice(key.indexOf("/") + 1)];
    if (kind === "step") {
      const order = this.world.order(id);
      if (order === undefined) return;
      this.#takeStep(order);
      this.#replan(order);
      this.#journal.commit();
      return;
    }
    const job = this.world.job(id);
    const order = job && this.world.order(job.orderId);
    if (job === undefined || order === undefined) return;
    this.play("platform", (turn) => {
      this.world.endJob(job);
      doJob(turn, order, job);
      touch(turn, order);
    });
    this.#replan(order);
    this.#journal.commit();
  }
}

function doJob(turn: Turn, order: Order, { what, objectId }: Job): void {
  const dispute = order.disputes.find(({ id }) => id === objectId);
  const transaction = order.transactions.find(({ id }) => id === objectId);
  if (what === "settle_transaction" && transaction) settleTransaction(turn, order, transaction);
  if (what === "finish_cancel") finishCancel(turn, order, { isRefunding: objectId === "refund" });
  if (what === "evidence_due" && dispute) passDueDate(turn, order, dispute);
  if (what === "decide_dispute" && dispute) decideDispute(turn, order, dispute);
}
