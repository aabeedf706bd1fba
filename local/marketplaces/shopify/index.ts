import { join } from "node:path";
import type { Marketplace, MarketplaceOptions, SimulatedShop } from "../contract.ts";
import { createCallLog } from "../kit/call-log.ts";
import { type RunningServer, startHttpServer } from "../kit/http-server.ts";
import { Journal } from "../kit/journal.ts";
import { createRandom } from "../kit/random.ts";
import type { Turn } from "./acts/turn.ts";
import { BulkOperations } from "./bulk/operations.ts";
import { buyerBody, forgetBuyer, shopRedactAfterMs, shopRedactBody, uninstalledBody } from "./compliance.ts";
import { answerControl } from "./control.ts";
import { Idempotency } from "./graphql/idempotency.ts";
import { latestVersion } from "./graphql/versions.ts";
import { FrontDoor } from "./http.ts";
import { makeOrder, type OrderWish } from "./model/make-order.ts";
import type { Actor, Order, Shop } from "./model/types.ts";
import { app } from "./oauth/app.ts";
import { refreshTokenSeconds, Tokens } from "./oauth/tokens.ts";
import { answerPlans } from "./plans/answer-plans.ts";
import { disputePlans } from "./plans/dispute-plans.ts";
import type { Plan } from "./plans/plan.ts";
import { planNext, takeStep } from "./plans/player.ts";
import { staffPlans } from "./plans/staff-plans.ts";
import { Platform } from "./platform.ts";
import { makeShop, type ShopWish } from "./shops.ts";
import { ledgerOf, type ShopifyTruth, truthOf } from "./truth.ts";
import { Deliveries, type Delivery } from "./webhooks/deliveries.ts";
import { Subscriptions } from "./webhooks/subscriptions.ts";
import type { Topic } from "./webhooks/topics.ts";

export type { ShopifyTruth } from "./truth.ts";

const plans: Readonly<Record<string, Plan>> = { ...staffPlans, ...answerPlans, ...disputePlans };

export interface ShopifyMarketplace extends Marketplace {
  openShop(
    name: string,
    wish?: ShopWish & { grant?: "client_credentials" | "expiring" | "lasting" },
  ): Promise<SimulatedShop>;
  truth(): ShopifyTruth[];
  /** An order without any case, for tests and for acting by hand. */
  openOrder(request: { shopId: string; seed: number; wish?: OrderWish }): Order;
  /** One thing done by one party, with the functions of `acts/`. */
  play<T>(by: Actor, work: (turn: Turn) => T): T;
  orders(): readonly Order[];
  /** Changes scopes, plan, state or approval for personal data. */
  changeShop(shopId: string, change: Partial<Shop>): void;
  /** The merchant removes the app: its tokens are dead at once, `shop/redact` follows after two days. */
  uninstall(shopId: string): void;
  /** The buyer of an order asks to be erased, or for their data. */
  askPrivacy(orderId: string, wish: "redact" | "data_request"): void;
  /** Bulk operations of a shop that still run come to no result. Returns how many there were. */
  endBulk(shopId: string, as: "FAILED" | "CANCELED"): number;
  /** Webhooks not yet accepted. */
  waitingWebhooks(): Delivery[];
}

/** A stand-in for Shopify: Admin GraphQL, OAuth and webhooks of any number of shops on one port. */
export function createShopify({ clock, dataDir, port, pace = 1 }: MarketplaceOptions): ShopifyMarketplace {
  const journal = new Journal(dataDir === undefined ? undefined : join(dataDir, "shopify.jsonl"));
  const { calls, record } = createCallLog(clock);
  const tokens = new Tokens(journal);
  const subscriptions = new Subscriptions(journal);
  const idempotency = new Idempotency(journal);
  const bulk = new BulkOperations(journal);
  const deliveries = new Deliveries({ clock, journal, subscriptions, secret: app.clientSecret, log: record });
  const platform = new Platform({
    clock,
    journal,
    deliveries,
    plan: (order, now) => planNext(plans, order, now, pace),
    takeStep: (self, order) => takeStep(plans, self, order),
  });
  const { world } = platform;
  let server: RunningServer | undefined;
  const baseUrl = () => server?.url ?? "";
  const shopNamed = (domain: string): Shop => {
    const shop = world.shop(domain);
    if (shop === undefined) throw new Error(`There is no shop ${domain}; open it first.`);
    return shop;
  };
  const frontDoor = new FrontDoor({
    now: () => clock.now(),
    shop: (domain) => world.shop(domain),
    saveShop: (shop) => world.saveShop(shop),
    commit: () => journal.commit(),
    tokens,
    log: record,
    request: (shop, version) => ({
      view: { world, shop, now: clock.now() },
      version,
      act: (work) => platform.play("api", work),
      subscriptions,
      idempotency,
      bulk,
      baseUrl: baseUrl(),
    }),
  });

  const self: ShopifyMarketplace = {
    channel: "shopify",
    calls,
    plans,
    get url() {
      return baseUrl();
    },
    async start() {
      const wanted = port ?? (Number(journal.get("port") ?? 0) || 0);
      server = await startHttpServer({
        port: wanted,
        answer: (ask) => {
          // Staged uploads are accepted and forgotten: only their address matters to a return.
          if (ask.path.startsWith("/uploads/")) return { status: 201, body: "" };
          if (ask.path.startsWith("/bulk/")) return bulk.serve(ask, clock.now());
          return ask.path.startsWith("/_control") ? answerControl(ask, self) : frontDoor.answer(ask);
        },
      });
      journal.stage("port", server.port);
      journal.commit();
      platform.start();
      deliveries.start();
    },
    async stop() {
      deliveries.stop();
      platform.stop();
      await server?.close();
      server = undefined;
      journal.close();
    },
    appSettings: () => ({
      clientId: app.clientId,
      clientSecret: app.clientSecret,
      apiVersion: latestVersion,
      gateway: `${baseUrl()}/shops/{shop}`,
    }),
    async openShop(name, { grant = "client_credentials", ...wish } = {}) {
      const made = makeShop(name, wish);
      const shop = world.shop(made.domain) ?? made;
      world.saveShop(shop);
      const nowMs = clock.now().getTime();
      const issued = tokens.issue(shop.domain, grant, nowMs);
      journal.commit();
      const at = (seconds: number) => new Date(nowMs + seconds * 1000).toISOString();
      const { accessToken, refreshToken, expiresInSeconds } = issued;
      return {
        shopId: shop.domain,
        name: shop.name,
        credentials: {
          grant: grant === "client_credentials" ? grant : "offline",
          accessToken,
          ...(expiresInSeconds !== undefined && { expiresAt: at(expiresInSeconds) }),
          ...(refreshToken !== undefined && { refreshToken, refreshTokenExpiresAt: at(refreshTokenSeconds) }),
          scope: shop.scopes.join(","),
        },
      };
    },
    endAccess(shopId) {
      tokens.endAccess(shopId, clock.now().getTime());
      journal.commit();
    },
    pushTo: (url) => deliveries.pushTo(url, { isRunning: server !== undefined }),
    signPush: (body, { shopId, topic = "returns/request" }) =>
      deliveries.sign(body, { shop: shopId, topic: topic as Topic }),
    async openCase({ shopId, plan: name, seed }) {
      const plan = plans[name];
      if (plan === undefined) throw new Error(`There is no plan ${name}; there are ${Object.keys(plans).join(", ")}.`);
      const shop = shopNamed(shopId);
      const order = makeOrder({ shop, plan: name, seed, now: clock.now(), wish: plan.order });
      const channelCaseId = platform.play(plan.by, (turn) => {
        world.saveShop(shop);
        world.save(order);
        return plan.begin(turn, order, createRandom(seed, shopId, name, "begin"));
      });
      return { channelCaseId };
    },
    openOrder({ shopId, seed, wish = {} }) {
      const shop = shopNamed(shopId);
      const order = makeOrder({ shop, plan: "by_hand", seed, now: clock.now(), wish });
      order.script.isDone = true;
      world.saveShop(shop);
      world.save(order);
      journal.commit();
      return order;
    },
    play: (by, work) => platform.play(by, work),
    orders: () => world.orders,
    changeShop(shopId, change) {
      world.saveShop(Object.assign(shopNamed(shopId), change));
      journal.commit();
    },
    uninstall(shopId) {
      const shop = shopNamed(shopId);
      self.changeShop(shopId, { isInstalled: false });
      platform.announce(shopId, "app/uninstalled", uninstalledBody(shop));
      platform.announce(shopId, "shop/redact", shopRedactBody(shop), { delayMs: shopRedactAfterMs });
    },
    askPrivacy(orderId, wish) {
      const order = world.order(orderId);
      if (order?.buyer === undefined) throw new Error(`Order ${orderId} has no buyer.`);
      const [topic, word] =
        wish === "redact"
          ? (["customers/redact", "orders_to_redact"] as const)
          : (["customers/data_request", "orders_requested"] as const);
      const body = buyerBody(shopNamed(order.shop), order.buyer, [order], word);
      if (wish === "redact") forgetBuyer(order);
      world.save(order);
      platform.announce(order.shop, topic, body);
    },
    endBulk: (shopId, as) => bulk.endAll(shopId, as, clock.now()),
    waitingWebhooks: () => deliveries.waiting,
    truth: () => truthOf(world.orders),
    ledger: () => ledgerOf(world.orders),
    inject(faults) {
      frontDoor.inject(faults);
      deliveries.inject(faults);
    },
  };
  return self;
}
