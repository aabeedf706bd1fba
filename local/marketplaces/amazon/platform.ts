import type { LocalClock } from "../../clock.ts";
import type { Payment } from "../contract.ts";
import type { Journal } from "../kit/journal.ts";
import { touch } from "./external.ts";
import type {
  AmazonReturn,
  AmazonShop,
  AppSecrets,
  CancelRequest,
  Code,
  Feed,
  FeedFate,
  QueueMessage,
  Report,
  StoredDocument,
  Subscription,
} from "./model.ts";
import type { AmazonSettings } from "./settings.ts";

/** Amazon's memory and its clock. Changes are staged and committed by whoever began them: a call, or a timer. */
export class Platform {
  readonly clock: LocalClock;
  readonly settings: AmazonSettings;
  readonly journal: Journal;
  readonly shops = new Map<string, AmazonShop>();
  readonly returns = new Map<string, AmazonReturn>();
  readonly reports = new Map<string, Report>();
  readonly feeds = new Map<string, Feed>();
  readonly documents = new Map<string, StoredDocument>();
  readonly cancels = new Map<string, CancelRequest>();
  readonly codes = new Map<string, Code>();
  /** Names of queues by destination id, and who wants what sent where. */
  readonly destinations = new Map<string, string>();
  readonly subscriptions = new Map<string, Subscription>();
  /** Set once the app's secret has been replaced. */
  secrets: AppSecrets | undefined;
  readonly payments: Payment[];
  /** How the next feeds end, first come first served. */
  readonly nextFates: FeedFate[] = [];
  /** Stages a message for a queue; set by whoever delivers them. */
  tell: (message: QueueMessage, delayMs: number) => void = () => {};
  /** Told of every saved return, to set its timer. */
  onSaved: (return_: AmazonReturn) => void = () => {};

  constructor({ clock, settings, journal }: { clock: LocalClock; settings: AmazonSettings; journal: Journal }) {
    this.clock = clock;
    this.settings = settings;
    this.journal = journal;
    for (const kept of journal.values("shop/") as AmazonShop[]) this.shops.set(kept.id, kept);
    for (const kept of journal.values("return/") as AmazonReturn[]) this.returns.set(kept.key, kept);
    for (const kept of journal.values("report/") as Report[]) this.reports.set(kept.reportId, kept);
    for (const kept of journal.values("feed/") as Feed[]) this.feeds.set(kept.feedId, kept);
    for (const kept of journal.values("document/") as StoredDocument[]) this.documents.set(kept.documentId, kept);
    for (const kept of journal.values("cancel/") as CancelRequest[]) this.cancels.set(kept.orderId, kept);
    for (const kept of journal.values("code/") as Code[]) this.codes.set(kept.code, kept);
    for (const kept of journal.values("subscription/") as Subscription[]) this.subscriptions.set(kept.id, kept);
    for (const { id, arn } of journal.values("destination/") as { id: string; arn: string }[])
      this.destinations.set(id, arn);
    this.secrets = journal.get("secrets") as AppSecrets | undefined;
    this.payments = journal.values("payment/") as Payment[];
  }

  nowMs(): number {
    return this.clock.now().getTime();
  }

  saveShop(shop: AmazonShop): void {
    this.shops.set(shop.id, shop);
    this.journal.stage(`shop/${shop.id}`, shop);
  }

  saveReturn(return_: AmazonReturn): void {
    touch(return_, this.nowMs());
    this.returns.set(return_.key, return_);
    this.journal.stage(`return/${return_.key}`, return_);
    this.onSaved(return_);
  }

  saveReport(report: Report): void {
    this.reports.set(report.reportId, report);
    this.journal.stage(`report/${report.reportId}`, report);
  }

  saveFeed(feed: Feed): void {
    this.feeds.set(feed.feedId, feed);
    this.journal.stage(`feed/${feed.feedId}`, feed);
  }

  /** A document without bytes is a place that waits for an upload. */
  saveDocument(document: StoredDocument): void {
    this.documents.set(document.documentId, document);
    this.journal.stage(`document/${document.documentId}`, document);
  }

  saveCancel(cancel: CancelRequest): void {
    this.cancels.set(cancel.orderId, cancel);
    this.journal.stage(`cancel/${cancel.orderId}`, cancel);
  }

  saveCode(code: Code): void {
    this.codes.set(code.code, code);
    this.journal.stage(`code/${code.code}`, code);
  }

  saveSecrets(secrets: AppSecrets): void {
    this.secrets = secrets;
    this.journal.stage("secrets", secrets);
  }

  saveDestination(id: string, arn: string): void {
    this.destinations.set(id, arn);
    this.journal.stage(`destination/${id}`, { id, arn });
  }

  saveSubscription(subscription: Subscription): void {
    this.subscriptions.set(subscription.id, subscription);
    this.journal.stage(`subscription/${subscription.id}`, subscription);
  }

  dropSubscription(id: string): void {
    this.subscriptions.delete(id);
    this.journal.stage(`subscription/${id}`, undefined);
  }

  pay(payment: Payment): void {
    this.payments.push(payment);
    this.journal.stage(`payment/${this.payments.length}`, payment);
  }

  commit(): void {
    this.journal.commit();
  }

  returnsOf(shopId: string): AmazonReturn[] {
    return [...this.returns.values()].filter((each) => each.shopId === shopId);
  }

  currencyOf(shopId: string): string {
    return this.shops.get(shopId)?.currency ?? "USD";
  }
}
