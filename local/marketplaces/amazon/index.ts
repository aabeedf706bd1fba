import { join } from "node:path";
import type {
  CaseTruth,
  Marketplace,
  MarketplaceCall,
  MarketplaceFaults,
  MarketplaceOptions,
  Payment,
  QueueSender,
  SimulatedShop,
} from "../contract.ts";
import type { Alarms } from "../kit/alarms.ts";
import { type CallLog, createCallLog } from "../kit/call-log.ts";
import { type HttpAsk, type RunningServer, startHttpServer } from "../kit/http-server.ts";
import { Journal } from "../kit/journal.ts";
import { PushQueue } from "../kit/push-queue.ts";
import { type Application, ask } from "./buyer.ts";
import { askToCancel, endCancel } from "./cancel.ts";
import { answerControl, type CaseAction, caseActions } from "./control.ts";
import { scheduleFeed } from "./feeds.ts";
import { Gateway } from "./gateway.ts";
import type { AmazonReturn, CancelRequest, FeedFate, QueueMessage, Region } from "./model.ts";
import { openPlanned, runTimers } from "./plan-runner.ts";
import { plans } from "./plans.ts";
import { Platform } from "./platform.ts";
import { type AmazonSettings, defaultSettings } from "./settings.ts";
import { openShop } from "./shops.ts";
import { accessToken, endAccess, liveSecrets, rotateSecret } from "./tokens.ts";
import { truthOf } from "./truth.ts";

export type { Application } from "./buyer.ts";
export type { AmazonReturn } from "./model.ts";
export type { AmazonSettings } from "./settings.ts";

/** A simulated Selling Partner API on this machine. `settings` replaces what README.md lists as assumed. */
export function createAmazon(options: MarketplaceOptions, settings: Partial<AmazonSettings> = {}): Amazon {
  return new Amazon(options, { ...defaultSettings, pace: options.pace ?? 1, ...settings });
}

export class Amazon implements Marketplace {
  readonly channel = "amazon";
  readonly plans = plans;
  readonly #platform: Platform;
  readonly #calls: CallLog;
  readonly #gateway: Gateway;
  readonly #timers: Alarms;
  readonly #notifications: PushQueue<QueueMessage>;
  #sendTo: QueueSender | undefined;
  readonly #port: number | undefined;
  #server: RunningServer | undefined;

  constructor({ clock, dataDir, port }: MarketplaceOptions, settings: AmazonSettings) {
    const journal = new Journal(dataDir === undefined ? undefined : join(dataDir, "amazon.jsonl"));
    this.#platform = new Platform({ clock, settings, journal });
    this.#calls = createCallLog(clock);
    this.#notifications = new PushQueue<QueueMessage>({
      clock,
      journal,
      send: async ([message]) => (message ? await this.#delivered(message) : true),
      gapsMs: [60_000, 300_000, 900_000],
    });
    this.#platform.tell = (message, delayMs) => this.#notifications.add(message, { delayMs });
    this.#timers = runTimers(this.#platform);
    this.#gateway = new Gateway(this.#platform, this.#calls);
    for (const feed of this.#platform.feeds.values()) scheduleFeed(this.#platform, feed);
    this.#port = port ?? (journal.get("port") as number | undefined);
  }

  get url(): string {
    if (this.#server === undefined) throw new Error("start() comes first");
    return this.#server.url;
  }

  get calls(): readonly MarketplaceCall[] {
    return this.#calls.calls;
  }

  async start(): Promise<void> {
    this.#server = await startHttpServer({
      port: this.#port,
      answer: (asked) =>
        asked.path.startsWith("/_control/")
          ? answerControl(this.#controlTarget(), asked)
          : this.#gateway.answer(asked, addressAsked(asked.headers) ?? this.url),
    });
    this.#platform.journal.stage("port", this.#server.port);
    this.#platform.commit();
  }

  /** For good; a new one with the same `dataDir` goes on. */
  async stop(): Promise<void> {
    this.#timers.clear();
    this.#notifications.close();
    await this.#server?.close();
    this.#platform.journal.close();
  }

  appSettings(): Record<string, unknown> {
    const [clientSecret] = liveSecrets(this.#platform);
    const { clientId, applicationId, isDraft } = this.#platform.settings;
    const registered = { clientId, clientSecret, applicationId, draft: isDraft };
    return { ...registered, tokenUrl: `${this.url}/auth/o2/token`, gateway: this.url, consoleUrl: this.url };
  }

  async openShop(name: string, region: Region = "na"): Promise<SimulatedShop> {
    const shop = openShop(this.#platform, name, region);
    this.#platform.commit();
    const { accessTokenLifeMs } = this.#platform.settings;
    return {
      shopId: shop.id,
      name,
      credentials: {
        refreshToken: shop.refreshToken,
        accessToken: accessToken(this.#platform, shop),
        expiresAt: new Date(this.#platform.nowMs() + accessTokenLifeMs).toISOString(),
        region: shop.region,
        marketplaceIds: [shop.marketplaceId],
        externalFulfillment: this.#platform.settings.externalFulfillment,
      },
    };
  }

  endAccess(shopId: string): void {
    endAccess(this.#platform, shopId);
    this.#platform.commit();
  }

  /** Amazon calls nobody: it puts its notifications into queues, see `sendTo`. */
  pushTo(): void {}

  sendTo(sender: QueueSender): void {
    this.#sendTo = sender;
    this.#notifications.open();
  }

  async openCase(request: { shopId: string; plan: string; seed: number }): Promise<{ channelCaseId: string }> {
    const { key } = openPlanned(this.#platform, request);
    this.#platform.commit();
    return { channelCaseId: key };
  }

  truth(): CaseTruth[] {
    return [...this.#platform.returns.values()].map((each) => truthOf(this.#platform, each));
  }

  ledger(): Payment[] {
    return [...this.#platform.payments];
  }

  inject(faults: MarketplaceFaults): void {
    this.#gateway.inject(faults);
    this.#notifications.inject(faults);
  }

  /** Opens a return that follows no plan: every further move is made with `act`. */
  ask(application: Application): AmazonReturn {
    const return_ = ask(this.#platform, application);
    this.#platform.commit();
    return return_;
  }

  /** A buyer asks to cancel an order that has not left; the order then stays, leaves or is cancelled. */
  askToCancel(request: { shopId: string; seed: number }): CancelRequest {
    const cancel = askToCancel(this.#platform, request);
    this.#platform.commit();
    return cancel;
  }

  shipAllTheSame(orderId: string): void {
    const cancel = this.#platform.cancels.get(orderId);
    if (!cancel) throw new Error(`no order ${orderId}`);
    endCancel(this.#platform, cancel, "Shipped");
    this.#platform.commit();
  }

  /** Plays the buyer, the carrier, the staff or Amazon: see control.ts for the names. */
  act(key: string, action: CaseAction): void {
    const return_ = this.#platform.returns.get(key);
    if (return_ === undefined) throw new Error(`no return ${key}`);
    caseActions[action](this.#platform, return_);
    this.#platform.commit();
  }

  case(key: string): AmazonReturn | undefined {
    return this.#platform.returns.get(key);
  }

  /** How the next feed ends. */
  endNextFeed(fate: FeedFate): void {
    this.#platform.nextFates.push(fate);
  }

  /** Replaces the app's secret; the old one is good for seven days more. */
  rotateSecret(): string {
    const secret = rotateSecret(this.#platform);
    this.#platform.commit();
    return secret;
  }

  /** The seller withdraws the grant, or gives it again. */
  authorise(shopId: string, isAuthorised: boolean): void {
    const shop = this.#platform.shops.get(shopId);
    if (shop === undefined) throw new Error(`no shop ${shopId}`);
    this.#platform.saveShop({ ...shop, isAuthorised });
    this.#platform.commit();
  }

  async #delivered({ arn, body }: QueueMessage): Promise<boolean> {
    await this.#sendTo?.(arn, body);
    return true;
  }

  #controlTarget() {
    return {
      platform: this.#platform,
      openCase: (given: Record<string, unknown>) =>
        openPlanned(this.#platform, given as Parameters<typeof openPlanned>[1]),
      read: (name: string) => this.#readControl(name),
      command: (name: string, given: Record<string, unknown>) => this.#commandControl(name, given),
    };
  }

  #readControl(name: string): unknown {
    const readable: Record<string, () => unknown> = {
      truth: () => this.truth(),
      ledger: () => this.ledger(),
      calls: () => this.calls,
      shops: () => [...this.#platform.shops.values()],
      plans: () => Object.entries(plans).map(([plan, { story, needsAnswer }]) => ({ plan, story, needsAnswer })),
    };
    const read = readable[name];
    if (read === undefined) throw new Error(`nothing called ${name}; there are ${Object.keys(readable).join(", ")}`);
    return read();
  }

  #commandControl(name: string, given: Record<string, unknown>): unknown {
    const commands: Record<string, () => unknown> = {
      shops: () => openShop(this.#platform, String(given.name)),
      faults: () => this.inject(given),
      "next-feed": () => this.endNextFeed(given.fate as FeedFate),
      authorise: () => this.authorise(String(given.shopId), given.isAuthorised === true),
    };
    const command = commands[name];
    if (command === undefined) throw new Error(`no command ${name}; there are ${Object.keys(commands).join(", ")}`);
    return command();
  }
}

/** The address that a proxy in front was called by: Amazon's own names, when its clients are led here. */
function addressAsked(headers: HttpAsk["headers"]): string | undefined {
  const host = headers["x-forwarded-host"];
  return typeof host === "string" ? `https://${host}` : undefined;
}
