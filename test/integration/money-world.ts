import type { Bookmark, HttpClient, HttpRequest, HttpResponse } from "#connectors/contract.ts";
import { connectorOf } from "#connectors/registry.ts";
import { observeCases } from "#connectors/session/observe-cases.ts";
import { rereadNotice } from "#connectors/session/reread.ts";
import { openSession } from "#connectors/session/session.ts";
import { attentionAt, type Case } from "#shared/case/case.ts";
import { type Channel, channelSchema } from "#shared/case/channel.ts";
import { defaultClockRules } from "#shared/case/clock-rules.ts";
import { isOpen } from "#shared/case/command.ts";
import { caseIdOf, channelCaseIdSchema, shopIdSchema, tenantIdSchema } from "#shared/case/ids.ts";
import { instant } from "#shared/case/instant.ts";
import { httpClient } from "#shared/http.ts";
import { createStore, type Store } from "#shared/store/index.ts";
import { actOnChannel, type Deps } from "../../functions/act-on-channel/act-on-channel.ts";
import type { Order } from "../../functions/act-on-channel/write-down.ts";
import { connectShop } from "../../functions/connect-shop/connect-shop.ts";
import { enforceDeadline } from "../../functions/enforce-deadline/enforce-deadline.ts";
import { type PlanAnswer, type PlanRequest, planCommand } from "../../functions/plan-command/plan-command.ts";
import type { Marketplace } from "../../local/marketplaces/contract.ts";
import type { ManualClock } from "../../local/marketplaces/kit/manual-clock.ts";
import { glassVault, keeping } from "../builders/fakes.ts";
import type { TestTable } from "../engine.ts";

const tenantId = tenantIdSchema.parse("acme");
type PlanWish = PlanRequest extends infer Each
  ? Each extends unknown
    ? Omit<Each, "tenantId" | "caseId">
    : never
  : never;

/** What a write meets on its way, once: it is handed the real call and does with it what the fault says. */
export type WriteFault = (send: () => Promise<HttpResponse>, worker: Worker) => Promise<HttpResponse>;

/** One run of act-on-channel; a dead one never answers again, whatever it waits for. */
export interface Worker {
  deps: Deps;
  die(): Promise<never>;
}

/**
 * Everything between a person's word and a marketplace, without the queues: the real work functions, the real connector,
 * a real table and a simulated marketplace. The queue is a list, and time moves when it is told to.
 */
export class MoneyWorld {
  readonly store: Store;
  readonly clock: ManualClock;
  readonly market: Marketplace;
  readonly orders: Order[] = [];
  /** For the next write only. */
  fault: WriteFault | undefined;
  writes = 0;
  readonly #isWrite: (request: HttpRequest) => boolean;
  readonly #channel: Channel;
  #shopId = "";
  #addressId = "";

  constructor(
    table: TestTable,
    { market, clock, isWrite }: { market: Marketplace; clock: ManualClock; isWrite: (request: HttpRequest) => boolean },
  ) {
    this.store = createStore(table);
    this.market = market;
    this.clock = clock;
    this.#isWrite = isWrite;
    this.#channel = channelSchema.parse(market.channel);
  }

  get place() {
    return { shopId: this.#shopId, addressId: this.#addressId };
  }

  async connect(name: string, more: Record<string, unknown> = {}): Promise<void> {
    const shop = await this.market.openShop(name);
    this.#shopId = shop.shopId;
    const place = { tenantId, channel: this.#channel, shopId: shopIdSchema.parse(shop.shopId) };
    const credentials = { ...shop.credentials, ...more };
    const { deps } = this.worker();
    const { addresses } = await connectShop(
      { ...place, name: shop.name, mode: "auto", credentials },
      connectDeps(deps, this.store),
    );
    this.#addressId = addresses[0]?.addressId ?? "";
  }

  caseIdOf(channelCaseId: string) {
    return caseIdOf(this.#channel, shopIdSchema.parse(this.#shopId), channelCaseIdSchema.parse(channelCaseId));
  }

  /** The case as the channel shows it now. */
  async read(channelCaseId: string): Promise<Case> {
    const { deps } = this.worker();
    const place = {
      channel: this.#channel,
      shopId: shopIdSchema.parse(this.#shopId),
      channelCaseId: channelCaseIdSchema.parse(channelCaseId),
    };
    const [subject] = await observeCases(rereadNotice(place, "test"), await openSession(place, deps), deps);
    if (!subject) throw new Error(`the channel knows no case ${channelCaseId}`);
    return subject;
  }

  /** Reads a feed of the shop to its end, as poll-channel and normalize-case would. */
  async poll(feed: string): Promise<void> {
    const place = { channel: this.#channel, shopId: shopIdSchema.parse(this.#shopId) };
    const { deps } = this.worker();
    const asked = connectorOf(this.#channel).feeds?.[feed];
    if (asked?.scope !== "shop") throw new Error(`${this.#channel} has no feed ${feed} of a shop`);
    for (let bookmark: Bookmark | undefined; ; ) {
      const session = await openSession(place, deps);
      const page = await session.call((world) => asked.list(bookmark, world));
      for (const notice of page.notices) await observeCases(notice, session, deps);
      bookmark = page.bookmark;
      if (page.next.when === "later") return;
      if (page.next.when === "wait") await this.clock.advance(page.next.waitMs);
    }
  }

  /** A person's word. */
  ask(channelCaseId: string, wish: PlanWish): Promise<PlanAnswer> {
    const { deps } = this.worker();
    const request = { tenantId, caseId: this.caseIdOf(channelCaseId), ...wish } as PlanRequest;
    return planCommand(request, { ...deps, references: this.store.references, connectorOf });
  }

  /** Runs what has been queued, each message in a worker of its own. A worker that dies is not waited for. */
  async work(): Promise<void> {
    for (let order = this.orders.shift(); order; order = this.orders.shift()) {
      const again = order;
      // A queue brings back what failed.
      await this.run(order).catch(() => this.run(again));
    }
  }

  async run(order: Order): Promise<void> {
    const worker = this.worker();
    await Promise.race([actOnChannel(order, worker.deps), worker.died]);
  }

  /** Lets time pass, with timers for the case as the sweep would set them. */
  async pass(channelCaseId: string, seconds: readonly number[]): Promise<void> {
    for (const [place, each] of seconds.entries()) {
      await this.work();
      // Nobody but us writes to our table, so what is read now is what a timer finds when its time has come.
      const held = await this.store.cases.get(tenantId, this.caseIdOf(channelCaseId));
      if (held && !held.commands.some(isOpen)) {
        // Nothing waits any more: the rest of the time passes in one go.
        await this.clock.advance(seconds.slice(place).reduce((sum, next) => sum + next, 0) * 1000);
        return;
      }
      await this.clock.advance(each * 1000);
      const at = held && attentionAt(held);
      if (!held || at === undefined || at > instant(this.clock.now())) continue;
      await enforceDeadline(held, this.worker().deps);
    }
    await this.work();
  }

  payments(channelCaseId: string) {
    return this.market.ledger().filter((payment) => payment.channelCaseId === channelCaseId);
  }

  worker(): Worker & { died: Promise<void> } {
    const end = Promise.withResolvers<void>();
    let isDead = false;
    const never = new Promise<never>(() => {});
    const alive = <Args extends unknown[], Result>(work: (...args: Args) => Promise<Result>) => {
      return async (...args: Args): Promise<Result> => (isDead ? never : work(...args));
    };
    const real = httpClient();
    const http: HttpClient = async (request) => {
      if (isDead) return never;
      if (!this.#isWrite(request)) return real(request);
      this.writes++;
      const { fault } = this;
      this.fault = undefined;
      return fault ? fault(() => real(request), worker) : real(request);
    };
    const { cases } = this.store;
    const told = (subject: Case) => this.#publish(subject);
    const deps: Deps = {
      ...{ shops: this.store.shops, limits: this.store.limits, counters: this.store.counters, connectorOf, http },
      cases: {
        ...cases,
        get: alive(cases.get),
        create: alive(async (first) => {
          const created = await cases.create(first);
          if (created.created) told(first);
          return created;
        }),
        save: alive(async (next) => {
          await cases.save(next);
          told(next);
        }),
        change: alive(async (...args) => {
          const changed = await cases.change(...args);
          if (changed.saved) told(changed.current);
          return changed;
        }),
      },
      clockRulesOf: async () => defaultClockRules,
      channelSettings: async () => [this.market.appSettings()],
      vault: glassVault,
      ...keeping(),
      clock: this.clock,
      enqueue: async () => {},
      setTimer: async () => {},
      random: () => 0.5,
      newId: () => crypto.randomUUID(),
    };
    const worker = {
      deps,
      died: end.promise,
      die: () => {
        isDead = true;
        end.resolve();
        return never;
      },
    };
    return worker;
  }

  /** What the stream would bring to the queue of commands. */
  #publish({ caseId, news }: Case): void {
    for (const { name, data } of news) {
      if (name !== "command.planned" && name !== "command.retried") continue;
      this.orders.push({ tenantId, caseId, commandId: data.commandId });
    }
  }
}

function connectDeps(deps: Deps, store: Store): Parameters<typeof connectShop>[1] {
  return { ...deps, feeds: store.feeds, resume: async () => {} };
}
