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
import { type RunningServer, startHttpServer } from "../kit/http-server.ts";
import { Journal } from "../kit/journal.ts";
import { type Application, open } from "./buyer.ts";
import { answerConsent } from "./consent.ts";
import { answerControl, caseActions } from "./control.ts";
import { Gateway } from "./gateway.ts";
import type { Material } from "./materials.ts";
import type { DouyinCase, DouyinShop } from "./model.ts";
import type { Params } from "./params.ts";
import { openPlanned } from "./plan-runner.ts";
import { plans } from "./plans.ts";
import { Platform } from "./platform.ts";
import type { PushMessage } from "./push-messages.ts";
import { Pushes } from "./pushes.ts";
import { type DouyinSettings, defaultSettings } from "./settings.ts";
import { openShop } from "./shops.ts";
import { runTimers } from "./timers.ts";
import { endAccess, grantConsent } from "./tokens.ts";
import { truthOf } from "./truth.ts";

export type { Application } from "./buyer.ts";
export type { DouyinCase, DouyinShop } from "./model.ts";
export type { DouyinSettings } from "./settings.ts";

/** A simulated Douyin shop platform on this machine. `settings` replaces what README.md lists as assumed. */
export function createDouyin(options: MarketplaceOptions, settings: Partial<DouyinSettings> = {}): Douyin {
  return new Douyin(options, { ...defaultSettings, pace: options.pace ?? 1, ...settings });
}

export class Douyin implements Marketplace {
  readonly channel = "douyin";
  readonly plans = plans;
  readonly #platform: Platform;
  readonly #calls: CallLog;
  readonly #gateway: Gateway;
  readonly #pushes: Pushes;
  readonly #timers: Alarms;
  readonly #port: number | undefined;
  #server: RunningServer | undefined;

  constructor({ clock, dataDir, port }: MarketplaceOptions, settings: DouyinSettings) {
    const journal = new Journal(dataDir === undefined ? undefined : join(dataDir, "douyin.jsonl"));
    this.#platform = new Platform({ clock, settings, journal });
    this.#calls = createCallLog(clock);
    this.#pushes = new Pushes(this.#platform, this.#calls);
    this.#timers = runTimers(this.#platform);
    this.#gateway = new Gateway(this.#platform, this.#calls, () => openShop(this.#platform, "测试店铺"));
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
      answer: (ask) =>
        ask.path.startsWith("/_control/")
          ? answerControl(this.#controlTarget(), ask)
          : ask.path === "/authorize"
            ? answerConsent(this.#platform, ask)
            : this.#gateway.answer(ask),
    });
    this.#platform.journal.stage("port", this.#server.port);
    this.#platform.commit();
  }

  /** For good; a new one with the same `dataDir` goes on. */
  async stop(): Promise<void> {
    this.#timers.clear();
    this.#pushes.stop();
    await this.#server?.close();
    this.#platform.journal.close();
  }

  appSettings(): Record<string, unknown> {
    const { appKey, appSecret, pushSigning, serviceId } = this.#platform.settings;
    return { appKey, appSecret, gateway: this.url, pushSigning, serviceId, serviceMarket: this.url };
  }

  async openShop(name: string): Promise<SimulatedShop> {
    const { id, tokens } = openShop(this.#platform, name);
    this.#platform.commit();
    return {
      shopId: id,
      name,
      credentials: {
        grant: "authorization_self",
        accessToken: tokens?.access,
        refreshToken: tokens?.refresh,
        expiresAt: new Date(tokens?.accessEndsMs ?? 0).toISOString(),
      },
    };
  }

  endAccess(shopId: string): void {
    endAccess(this.#platform, shopId);
    this.#platform.commit();
  }

  pushTo(url: string | undefined): void {
    this.#pushes.pushTo(url);
  }

  signPush(body: string): Record<string, string> {
    return this.#pushes.headersOf(body);
  }

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

  inject(faults: MarketplaceFaults): void {
    this.#gateway.inject(faults);
    this.#pushes.inject(faults);
  }

  /** Opens a case with explicit values that follows no plan: every further move is made with `act`. */
  apply(application: Application): DouyinCase {
    const case_ = open(this.#platform, application);
    this.#platform.commit();
    return case_;
  }

  /** Plays the buyer, the staff or the platform: see `caseActions` in control.ts for the names. */
  act(caseId: string, action: keyof typeof caseActions, given: Params = {}): void {
    const case_ = this.#platform.cases.get(caseId);
    const move = caseActions[action];
    if (case_ === undefined || move === undefined) throw new Error(`no case ${caseId} or no action ${action}`);
    move(this.#platform, case_, given);
    this.#platform.commit();
  }

  case(caseId: string): DouyinCase | undefined {
    return this.#platform.cases.get(caseId);
  }

  /** Pushes not yet accepted by the receiver. */
  waitingPushes(): readonly PushMessage[] {
    return this.#pushes.waiting;
  }

  /** What the consent page hands to the merchant's app: good for `authorization_code`, once, for ten minutes. */
  consentCode(shopId: string): string {
    const code = grantConsent(this.#platform, shopId);
    this.#platform.commit();
    return code;
  }

  /** Switches things a merchant switches in the console. */
  changeShop(shopId: string, change: Partial<Pick<DouyinShop, "isAuthorised" | "refundHelper" | "addresses">>): void {
    const shop = this.#platform.shops.get(shopId);
    if (shop === undefined) throw new Error(`no shop ${shopId}`);
    this.#platform.saveShop({ ...shop, ...change });
    this.#platform.commit();
  }

  /** The pictures that shops have uploaded. */
  materials(): readonly Material[] {
    return [...this.#platform.materials.values()];
  }

  /** The platform's staff looks at a picture: 3 passes it, 4 rejects it. */
  auditMaterial(materialId: string, verdict: 3 | 4): void {
    const material = this.#platform.materials.get(materialId);
    if (material === undefined) throw new Error(`no material ${materialId}`);
    this.#platform.saveMaterial({ ...material, verdict });
    this.#platform.commit();
  }

  /** Turns the caller allow-list on (with these addresses) or off. */
  allowCallersFrom(ips: readonly string[] | undefined): void {
    this.#gateway.allowedIps = ips;
  }

  #controlTarget() {
    return {
      platform: this.#platform,
      openCase: (given: Params) => {
        if (given.type === undefined) return openPlanned(this.#platform, given as Parameters<typeof openPlanned>[1]);
        return open(this.#platform, given as unknown as Application);
      },
      read: (name: string) => this.#readControl(name),
      command: (name: string, given: Params) => this.#commandControl(name, given),
    };
  }

  #readControl(name: string): unknown {
    const readable: Record<string, () => unknown> = {
      truth: () => this.truth(),
      ledger: () => this.ledger(),
      calls: () => this.calls,
      pushes: () => this.waitingPushes(),
      materials: () => this.materials(),
      shops: () => [...this.#platform.shops.values()],
      plans: () => Object.entries(plans).map(([plan, { story, needsAnswer }]) => ({ plan, story, needsAnswer })),
    };
    const read = readable[name];
    if (read === undefined) throw new Error(`nothing called ${name}; there are ${Object.keys(readable).join(", ")}`);
    return read();
  }

  #commandControl(name: string, given: Params): unknown {
    const shopId = String(given.shopId ?? "");
    const commands: Record<string, () => unknown> = {
      shops: () => openShop(this.#platform, String(given.name)),
      consent: () => ({ code: grantConsent(this.#platform, shopId) }),
      "change-shop": () => this.changeShop(shopId, given),
      faults: () => this.inject(given),
      "push-to": () => this.pushTo(typeof given.url === "string" ? given.url : undefined),
      "allow-callers": () => this.allowCallersFrom(given.ips as string[] | undefined),
    };
    const command = commands[name];
    if (command === undefined) throw new Error(`no command ${name}; there are ${Object.keys(commands).join(", ")}`);
    return command();
  }
}
