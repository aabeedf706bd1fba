import type { LocalClock } from "../../clock.ts";
import type { Payment } from "../contract.ts";
import type { Journal } from "../kit/journal.ts";
import { createRandom } from "../kit/random.ts";
import { noSuchTicket } from "./answers.ts";
import type { JdCase, JdRefund, JdShop, JdTicket } from "./model.ts";
import { type Pause, withPause } from "./pauses.ts";
import type { JdSettings } from "./settings.ts";

/**
 * The platform's memory and its clock. Changes are staged case by case and committed by whoever began them: the gateway
 * before it answers, a timer when it has run.
 */
export class Platform {
  readonly clock: LocalClock;
  readonly settings: JdSettings;
  readonly journal: Journal;
  readonly cases = new Map<string, JdCase>();
  readonly shops = new Map<string, JdShop>();
  readonly payments: Payment[];
  pauses: Pause[];
  /** Told of every saved case, to set its timer. */
  onSaved: (case_: JdCase) => void = () => {};

  constructor({ clock, settings, journal }: { clock: LocalClock; settings: JdSettings; journal: Journal }) {
    this.clock = clock;
    this.settings = settings;
    this.journal = journal;
    for (const kept of journal.values("case/") as JdCase[]) this.cases.set(kept.key, kept);
    for (const kept of journal.values("shop/") as JdShop[]) this.shops.set(kept.id, kept);
    this.payments = journal.values("payment/") as Payment[];
    this.pauses = (journal.get("pauses") as Pause[] | undefined) ?? [];
  }

  nowMs(): number {
    return this.clock.now().getTime();
  }

  saveCase(case_: JdCase): void {
    this.cases.set(case_.key, case_);
    this.journal.stage(`case/${case_.key}`, case_);
    this.onSaved(case_);
  }

  saveShop(shop: JdShop): void {
    this.shops.set(shop.id, shop);
    this.journal.stage(`shop/${shop.id}`, shop);
  }

  pay(payment: Payment): void {
    this.payments.push(payment);
    this.journal.stage(`payment/${this.payments.length}`, payment);
  }

  /** Announced by notice to merchants: every clock that runs stands still then. */
  pause(pause: Pause): void {
    this.pauses = withPause(this.pauses, pause);
    this.journal.stage("pauses", this.pauses);
    for (const case_ of this.cases.values()) this.onSaved(case_);
  }

  commit(): void {
    this.journal.commit();
  }

  tickets(shopId: string): JdTicket[] {
    return [...this.cases.values()].filter((each) => each.family === "ticket" && each.shopId === shopId) as JdTicket[];
  }

  refunds(shopId: string): JdRefund[] {
    return [...this.cases.values()].filter((each) => each.family === "refund" && each.shopId === shopId) as JdRefund[];
  }

  /** Both ids must fit, and the shop: a ticket of another is as good as none. */
  ticket(shop: JdShop, serviceId: string, orderId?: string): JdTicket {
    const found = this.cases.get(`ticket-${serviceId}`);
    const fits = found?.family === "ticket" && found.shopId === shop.id;
    if (!fits || (orderId !== undefined && found.orderId !== orderId)) throw noSuchTicket();
    return found;
  }

  /** 19 digits above 2^53 and below 2^63, the same for the same words. */
  makeId(leading: string, ...words: (string | number)[]): string {
    const draw = (part: string, length: number) => createRandom(words.join("/"), "id", leading, part).digits(length);
    return leading + draw("head", 9) + draw("tail", 10 - leading.length);
  }
}
