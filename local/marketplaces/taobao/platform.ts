import type { LocalClock } from "../../clock.ts";
import type { Payment } from "../contract.ts";
import type { Journal } from "../kit/journal.ts";
import { createRandom } from "../kit/random.ts";
import { noSuchRefund } from "./answers.ts";
import type { Happening } from "./events.ts";
import type { SellerAddress, TaobaoCase, TaobaoShop } from "./model.ts";
import type { TaobaoSettings } from "./settings.ts";

/**
 * The platform's memory and its clock. Everything else is given this. Changes are staged case by case and committed by
 * whoever began them: the gateway before it answers, a timer when it has run.
 */
export class Platform {
  readonly clock: LocalClock;
  readonly settings: TaobaoSettings;
  readonly journal: Journal;
  readonly cases = new Map<string, TaobaoCase>();
  readonly shops = new Map<string, TaobaoShop>();
  readonly payments: Payment[];
  /** Tells of a change to a case; the message queue is behind it. */
  announce: (case_: TaobaoCase, what: Happening) => void = () => {};
  /** Tells a shop's own news, e.g. that it has ended its authorisation. */
  tell: (shop: TaobaoShop, topic: string, content: object) => void = () => {};
  /** Told of every saved case, to set its timer. */
  onSaved: (case_: TaobaoCase) => void = () => {};

  constructor({ clock, settings, journal }: { clock: LocalClock; settings: TaobaoSettings; journal: Journal }) {
    this.clock = clock;
    this.settings = settings;
    this.journal = journal;
    for (const kept of journal.values("case/") as TaobaoCase[]) this.cases.set(kept.id, kept);
    for (const kept of journal.values("shop/") as TaobaoShop[]) this.shops.set(kept.id, kept);
    this.payments = journal.values("payment/") as Payment[];
  }

  nowMs(): number {
    return this.clock.now().getTime();
  }

  saveCase(case_: TaobaoCase): void {
    this.cases.set(case_.id, case_);
    this.journal.stage(`case/${case_.id}`, case_);
    this.onSaved(case_);
  }

  saveShop(shop: TaobaoShop): void {
    this.shops.set(shop.id, shop);
    this.journal.stage(`shop/${shop.id}`, shop);
  }

  pay(payment: Payment): void {
    this.payments.push(payment);
    this.journal.stage(`payment/${this.payments.length}`, payment);
  }

  commit(): void {
    this.journal.commit();
  }

  /** Throws what the gateway says about a case that does not exist in this shop. */
  caseOf(shop: TaobaoShop, id: string): TaobaoCase {
    const found = this.cases.get(id);
    if (found === undefined || found.shopId !== shop.id) throw noSuchRefund();
    return found;
  }

  casesOf(shop: TaobaoShop): TaobaoCase[] {
    return [...this.cases.values()].filter(({ shopId }) => shopId === shop.id);
  }

  shopOf({ shopId }: TaobaoCase): TaobaoShop {
    const shop = this.shops.get(shopId);
    if (shop === undefined) throw new Error(`no shop ${shopId}`);
    return shop;
  }

  returnAddressOf(shopId: string): SellerAddress | undefined {
    const addresses = this.shops.get(shopId)?.addresses ?? [];
    return addresses.find(({ isReturnDefault }) => isReturnDefault) ?? addresses[0];
  }

  /** Digits that are the same for the same words; trades have 19 of them, cases 18. */
  makeId(leading: string, length: number, ...words: (string | number)[]): string {
    const draw = (part: string, count: number) => createRandom(words.join("/"), "id", leading, part).digits(count);
    return leading + draw("head", 8) + draw("tail", length - leading.length - 8);
  }
}
