import type { LocalClock } from "../../clock.ts";
import type { Payment } from "../contract.ts";
import type { Journal } from "../kit/journal.ts";
import { createRandom } from "../kit/random.ts";
import { invalidCase } from "./answers.ts";
import type { Material } from "./materials.ts";
import type { DouyinCase, DouyinShop } from "./model.ts";
import type { DouyinSettings } from "./settings.ts";

/** What announces a change to the merchant's app; the pushes are behind it. */
export type Announce = (case_: DouyinCase, tag: number, fields?: Record<string, unknown>) => void;

/**
 * The platform's memory and its clock. Everything else is given this. Changes are staged case by case and committed by
 * whoever began them: the gateway before it answers, a timer when it has run.
 */
export class Platform {
  readonly clock: LocalClock;
  readonly settings: DouyinSettings;
  readonly journal: Journal;
  readonly cases = new Map<string, DouyinCase>();
  readonly shops = new Map<string, DouyinShop>();
  readonly payments: Payment[];
  readonly materials = new Map<string, Material>();
  announce: Announce = () => {};
  /** Told of every saved case, to set its timer. */
  onSaved: (case_: DouyinCase) => void = () => {};

  constructor({ clock, settings, journal }: { clock: LocalClock; settings: DouyinSettings; journal: Journal }) {
    this.clock = clock;
    this.settings = settings;
    this.journal = journal;
    for (const kept of journal.values("case/") as DouyinCase[]) this.cases.set(kept.id, kept);
    for (const kept of journal.values("shop/") as DouyinShop[]) this.shops.set(kept.id, kept);
    for (const kept of journal.values("material/") as Material[]) this.materials.set(kept.id, kept);
    this.payments = journal.values("payment/") as Payment[];
  }

  nowMs(): number {
    return this.clock.now().getTime();
  }

  nowSeconds(): number {
    return Math.floor(this.nowMs() / 1000);
  }

  saveCase(case_: DouyinCase): void {
    this.cases.set(case_.id, case_);
    this.journal.stage(`case/${case_.id}`, case_);
    this.onSaved(case_);
  }

  saveShop(shop: DouyinShop): void {
    this.shops.set(shop.id, shop);
    this.journal.stage(`shop/${shop.id}`, shop);
  }

  saveMaterial(material: Material): void {
    this.materials.set(material.id, material);
    this.journal.stage(`material/${material.id}`, material);
  }

  pay(payment: Payment): void {
    this.payments.push(payment);
    this.journal.stage(`payment/${this.payments.length}`, payment);
  }

  commit(): void {
    this.journal.commit();
  }

  /** Throws what the gateway says about a case that does not exist in this shop. */
  caseOf(shop: DouyinShop, caseId: string): DouyinCase {
    const found = this.cases.get(caseId);
    if (found === undefined || found.shopId !== shop.id) throw invalidCase();
    return found;
  }

  defaultReturnAddressId(shopId: string): string {
    return this.shops.get(shopId)?.addresses.find((address) => address.isDefault)?.id ?? "";
  }

  /** 19 digits above 2^53, the same for the same words. Two draws, because one alone repeats within 100,000 ids. */
  makeId(leading: string, ...words: (string | number)[]): string {
    const draw = (part: string, length: number) => createRandom(words.join("/"), "id", leading, part).digits(length);
    return leading + draw("head", 9) + draw("tail", 10 - leading.length);
  }
}
