import { join } from "node:path";
import type {
  CaseTruth,
  Marketplace,
  MarketplaceCall,
  MarketplaceFaults,
  MarketplaceOptions,
  Payment,
  SimulatedShop,
} from "../contract.ts";
import type { Alarms } from "../kit/alarms.ts";
import { type CallLog, createCallLog } from "../kit/call-log.ts";
import { type HttpAnswer, type HttpAsk, type RunningServer, startHttpServer } from "../kit/http-server.ts";
import { Journal } from "../kit/journal.ts";
import { type Application, open } from "./buyer.ts";
import { answerOAuth } from "./consent.ts";
import { answerControl, caseActions, type Given } from "./control.ts";
import { Gateway } from "./gateway.ts";
import { MessageQueue, type QueuedMessage } from "./message-queue.ts";
import type { TaobaoCase, TaobaoShop } from "./model.ts";
import { openPlanned } from "./plan-runner.ts";
import { plans } from "./plans.ts";
import { Platform } from "./platform.ts";
import { defaultSettings, type TaobaoSettings } from "./settings.ts";
import { openShop } from "./shops.ts";
import { runTimers } from "./timers.ts";
import { endAuthorisation, grantCode, grantTokens } from "./tokens.ts";
import { truthOf } from "./truth.ts";

export type { Application } from "./buyer.ts";
export type { TaobaoCase, TaobaoShop } from "./model.ts";
export type { TaobaoSettings } from "./settings.ts";

/** A simulated Taobao and Tmall on this machine. `settings` replaces what README.md lists as assumed. */
export function createTaobao(options: MarketplaceOptions, settings: Partial<TaobaoSettings> = {}): Taobao {
  return new Taobao(options, { ...defaultSettings, pace: options.pace ?? 1, ...settings });
}

export class Taobao implements Marketplace {
  readonly channel = "taobao";
  readonly plans = plans;
  readonly #platform: Platform;
  readonly #queue: MessageQueue;
  readonly #calls: CallLog;
  readonly #gateway: Gateway;
  readonly #timers: Alarms;
  readonly #port: number | undefined;
  #server: RunningServer | undefined;

  constructor({ clock, dataDir, port }: MarketplaceOptions, settings: TaobaoSettings) {
    const journal = new Journal(dataDir === undefined ? undefined : join(dataDir, "taobao.jsonl"));
    this.#platform = new Platform({ clock, settings, journal });
    this.#calls = createCallLog(clock);
    this.#queue = new MessageQueue(this.#platform);
    this.#timers = runTimers(this.#platform);
    this.#gateway = new Gateway(this.#platform, this.#queue, this.#calls);
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
    this.#server = await startHttpServer({ port: this.#port, answer: (ask) => this.#answer(ask) });
    this.#platform.journal.stage("port", this.#server.port);
    this.#platform.commit();
  }

  /** For good; a new one with the same `dataDir` goes on. */
  async stop(): Promise<void> {
    this.#timers.clear();
    await this.#server?.close();
    this.#platform.journal.close();
  }

  appSettings(): Record<string, unknown> {
    const { appKey, appSecret } = this.#platform.settings;
    return { appKey, appSecret, gateway: `${this.url}/router/rest`, oauth: this.url };
  }

  async openShop(name: string): Promise<SimulatedShop> {
    const shop = openShop(this.#platform, name);
    this.#platform.commit();
    const { tokens } = shop;
    return {
      shopId: shop.id,
      name,
      credentials: {
        shopKind: shop.kind,
        accessToken: tokens?.access,
        expiresAt: new Date(tokens?.accessEndsMs ?? 0).toISOString(),
      },
    };
  }

  /** Nothing is ever pushed: the app pulls its messages. */
  pushTo(_url: string | undefined): void {}

  async openCase(request: { shopId: string; plan: string; seed: number }): Promise<{ channelCaseId: string }> {
    const { id } = openPlanned(this.#platform, request);
    this.#platform.commit();
    return { channelCaseId: id };
  }

  truth(): CaseTruth[] {
    return [...this.#platform.cases.values()].map(truthOf);
  }

  ledger(): Payment[] {
    return [...this.#platform.payments];
  }

  /** What concerns pushes elsewhere concerns messages of the queue here. */
  inject(faults: MarketplaceFaults): void {
    this.#gateway.inject(faults);
    this.#queue.inject(faults);
  }

  /** Opens a case with explicit values that follows no plan: every further move is made with `act`. */
  apply(application: Application): TaobaoCase {
    const case_ = open(this.#platform, application);
    this.#platform.commit();
    return case_;
  }

  /** Plays the buyer, the staff or the platform: see `caseActions` in control.ts for the names. */
  act(caseId: string, action: keyof typeof caseActions, given: Given = {}): void {
    const case_ = this.#platform.cases.get(caseId);
    const move = caseActions[action];
    if (case_ === undefined || move === undefined) throw new Error(`no case ${caseId} or no action ${action}`);
    move(this.#platform, case_, given);
    this.#platform.commit();
  }

  case(caseId: string): TaobaoCase | undefined {
    return this.#platform.cases.get(caseId);
  }

  /** Messages not yet confirmed, oldest first. */
  waitingMessages(): readonly QueuedMessage[] {
    return this.#queue.waiting;
  }

  /** What the consent page hands to the merchant's app: good once, for ten minutes. */
  consentCode(shopId: string): string {
    const code = grantCode(this.#platform, shopId);
    this.#platform.commit();
    return code;
  }

  /** The shop ends its authorisation on a page of the platform. */
  endAuthorisation(shopId: string): void {
    endAuthorisation(this.#platform, this.#shop(shopId));
    this.#platform.commit();
  }

  /** The shop authorises by its main account, with which nothing can be refunded by call. */
  authoriseByMainAccount(shopId: string): string {
    const { tokens } = grantTokens(this.#platform, this.#shop(shopId), { isSubAccount: false });
    this.#platform.commit();
    return tokens?.access ?? "";
  }

  /** Switches things a merchant switches in the console. */
  changeShop(
    shopId: string,
    change: Partial<Pick<TaobaoShop, "addresses" | "hasAliGenius" | "kind" | "wantsSmsCode">>,
  ): void {
    this.#platform.saveShop({ ...this.#shop(shopId), ...change });
    this.#platform.commit();
  }

  #shop(shopId: string): TaobaoShop {
    const shop = this.#platform.shops.get(shopId);
    if (shop === undefined) throw new Error(`no shop ${shopId}`);
    return shop;
  }

  #answer(ask: HttpAsk): HttpAnswer {
    if (ask.path === "/router/rest") return this.#gateway.answer(ask);
    if (ask.path.startsWith("/_control/")) return answerControl(this.#controlTarget(), ask);
    const answer = answerOAuth(this.#platform, ask);
    this.#platform.commit();
    return answer;
  }

  #controlTarget() {
    return {
      platform: this.#platform,
      openCase: (given: Given) =>
        given.kind === undefined
          ? openPlanned(this.#platform, given as unknown as Parameters<typeof openPlanned>[1])
          : open(this.#platform, given as unknown as Application),
      read: (name: string) => this.#readControl(name),
      command: (name: string, given: Given) => this.#commandControl(name, given),
    };
  }

  #readControl(name: string): unknown {
    const readable: Record<string, () => unknown> = {
      truth: () => this.truth(),
      ledger: () => this.ledger(),
      calls: () => this.calls,
      messages: () => this.waitingMessages(),
      shops: () => [...this.#platform.shops.values()],
      plans: () => Object.entries(plans).map(([plan, { story, needsAnswer }]) => ({ plan, story, needsAnswer })),
    };
    const read = readable[name];
    if (read === undefined) throw new Error(`nothing called ${name}; there are ${Object.keys(readable).join(", ")}`);
    return read();
  }

  #commandControl(name: string, given: Given): unknown {
    const shopId = String(given.shopId ?? "");
    const commands: Record<string, () => unknown> = {
      shops: () => openShop(this.#platform, String(given.name)),
      consent: () => ({ code: grantCode(this.#platform, shopId) }),
      "end-authorisation": () => this.endAuthorisation(shopId),
      "change-shop": () => this.changeShop(shopId, given),
      faults: () => this.inject(given),
    };
    const command = commands[name];
    if (command === undefined) throw new Error(`no command ${name}; there are ${Object.keys(commands).join(", ")}`);
    return command();
  }
}
