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
import { applyForRefund, applyForService, type RefundApplication, type TicketApplication } from "./buyer.ts";
import { answerControl, type CaseAction, caseActions } from "./control.ts";
import { Gateway } from "./gateway.ts";
import type { JdCase, JdRefund, JdShop, JdTicket } from "./model.ts";
import type { Params } from "./params.ts";
import { openPlanned } from "./plan-runner.ts";
import { plans } from "./plans.ts";
import { Platform } from "./platform.ts";
import { defaultSettings, type JdSettings } from "./settings.ts";
import { openShop } from "./shops.ts";
import { runTimers } from "./timers.ts";
import { grantConsent } from "./tokens.ts";
import { truthOf } from "./truth.ts";

export type { JdTicket } from "./model.ts";
export type { JdSettings } from "./settings.ts";

/** A simulated JD on this machine. `settings` replaces what README.md lists as assumed. */
export function createJd(options: MarketplaceOptions, settings: Partial<JdSettings> = {}): Jd {
  return new Jd(options, { ...defaultSettings, pace: options.pace ?? 1, ...settings });
}

export class Jd implements Marketplace {
  readonly channel = "jd";
  readonly plans = plans;
  readonly #platform: Platform;
  readonly #calls: CallLog;
  readonly #gateway: Gateway;
  readonly #timers: Alarms;
  readonly #port: number | undefined;
  #server: RunningServer | undefined;

  constructor({ clock, dataDir, port }: MarketplaceOptions, settings: JdSettings) {
    const journal = new Journal(dataDir === undefined ? undefined : join(dataDir, "jd.jsonl"));
    this.#platform = new Platform({ clock, settings, journal });
    this.#calls = createCallLog(clock);
    this.#timers = runTimers(this.#platform);
    this.#gateway = new Gateway(this.#platform, this.#calls);
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
        ask.path.startsWith("/_control/") ? answerControl(this.#controlTarget(), ask) : this.#gateway.answer(ask),
    });
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
    return { appKey, appSecret, gateway: `${this.url}/routerjson`, oauth: `${this.url}/oauth2` };
  }

  /** A shop that reads orders, names a usual reason and has found out its report codes; refunds by call stay off. */
  async openShop(name: string): Promise<SimulatedShop> {
    const { id, token } = openShop(this.#platform, name);
    this.#platform.commit();
    const intact = {
      packingState: 1,
      qualityState: 1,
      invoiceRecord: 1,
      judgmentReason: 1,
      accessoryOrGift: 1,
      appearanceState: 1,
    };
    return {
      shopId: id,
      name,
      credentials: {
        accessToken: token?.access,
        refreshToken: token?.refresh,
        expiresAt: new Date(token?.endsMs ?? 0).toISOString(),
        agreeReason: 101,
        switches: { readOrders: true },
        receiveCodes: { intact, damaged: { ...intact, qualityState: 2, appearanceState: 2 } },
        replacementOpFlag: 1,
      },
    };
  }

  /** This platform pushes nothing. */
  pushTo(_url: string | undefined): void {}

  async openCase(request: { shopId: string; plan: string; seed: number }): Promise<{ channelCaseId: string }> {
    const { key } = openPlanned(this.#platform, request);
    this.#platform.commit();
    return { channelCaseId: key };
  }

  truth(): CaseTruth[] {
    return [...this.#platform.cases.values()].map((case_) => truthOf(this.#platform, case_));
  }

  ledger(): Payment[] {
    return [...this.#platform.payments];
  }

  inject(faults: MarketplaceFaults): void {
    this.#gateway.inject(faults);
  }

  /** A request with explicit values that follows no plan: every further move is made with `act`. */
  applyForService(application: TicketApplication): [JdTicket, ...JdTicket[]] {
    const tickets = applyForService(this.#platform, application);
    this.#platform.commit();
    return tickets;
  }

  applyForRefund(application: RefundApplication): JdRefund {
    const refund = applyForRefund(this.#platform, application);
    this.#platform.commit();
    return refund;
  }

  /** Plays the buyer, the staff or the platform: see `caseActions` in control.ts for the names. */
  act(key: string, action: CaseAction, given: Params = {}): void {
    const case_ = this.#platform.cases.get(key);
    if (case_ === undefined) throw new Error(`no case ${key}`);
    caseActions[action](this.#platform, case_, given);
    this.#platform.commit();
  }

  case(key: string): JdCase | undefined {
    return this.#platform.cases.get(key);
  }

  /** The platform's clocks stand still between the two, as it announces for holidays. */
  pause(from: Date, to: Date): void {
    this.#platform.pause({ fromMs: from.getTime(), toMs: to.getTime() });
    this.#platform.commit();
  }

  /** What the consent page hands to the merchant's app: good once, for ten minutes. */
  consentCode(shopId: string): string {
    const code = grantConsent(this.#platform, shopId);
    this.#platform.commit();
    return code;
  }

  /** The merchant withdraws the grant, or changes the main password: the tokens are dead. */
  changeShop(shopId: string, change: Partial<Pick<JdShop, "isAuthorised" | "addresses">>): void {
    const shop = this.#platform.shops.get(shopId);
    if (shop === undefined) throw new Error(`no shop ${shopId}`);
    this.#platform.saveShop({ ...shop, ...change });
    this.#platform.commit();
  }

  #controlTarget() {
    return {
      platform: this.#platform,
      openCase: (given: Params) => {
        if ("expect" in given) return applyForService(this.#platform, given as unknown as TicketApplication);
        if ("isShipped" in given) return applyForRefund(this.#platform, given as unknown as RefundApplication);
        return openPlanned(this.#platform, given as Parameters<typeof openPlanned>[1]);
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
      shops: () => [...this.#platform.shops.values()],
      pauses: () => this.#platform.pauses,
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
      pause: () => this.pause(new Date(String(given.from)), new Date(String(given.to))),
      faults: () => this.inject(given),
    };
    const command = commands[name];
    if (command === undefined) throw new Error(`no command ${name}; there are ${Object.keys(commands).join(", ")}`);
    return command();
  }
}
