import type { Journal } from "../../kit/journal.ts";
import { gid } from "./ids.ts";
import type { Dispute, Job, Order, Refund, Return, ReverseDelivery, ReverseOrder, Shop } from "./types.ts";

/**
 * Shops, orders and pending jobs, in memory and in the journal. Objects are changed in place; `save` stages them, and
 * whoever started the change commits it together with its webhooks.
 */
export class World {
  readonly journal: Journal;
  readonly #shops = new Map<string, Shop>();
  readonly #orders = new Map<string, Order>();
  readonly #jobs = new Map<string, Job>();
  /** Global id of anything that hangs on an order, to that order. */
  readonly #owners = new Map<string, Order>();

  constructor(journal: Journal) {
    this.journal = journal;
    for (const shop of journal.values("shop/") as Shop[]) this.#shops.set(shop.domain, shop);
    for (const order of journal.values("order/") as Order[]) this.#keep(order);
    for (const job of journal.values("job/") as Job[]) this.#jobs.set(job.id, job);
  }

  get shops(): readonly Shop[] {
    return [...this.#shops.values()];
  }

  get orders(): readonly Order[] {
    return [...this.#orders.values()];
  }

  get jobs(): readonly Job[] {
    return [...this.#jobs.values()];
  }

  shop(domain: string): Shop | undefined {
    return this.#shops.get(domain);
  }

  order(id: string): Order | undefined {
    return this.#orders.get(id);
  }

  /** The order an object belongs to, if that object is this shop's. */
  ownerOf(shop: string, globalId: string): Order | undefined {
    const order = this.#owners.get(globalId);
    return order?.shop === shop ? order : undefined;
  }

  ordersOf(shop: string): Order[] {
    return this.orders.filter((order) => order.shop === shop);
  }

  saveShop(shop: Shop): void {
    this.#shops.set(shop.domain, shop);
    this.journal.stage(`shop/${shop.domain}`, shop);
  }

  save(order: Order): void {
    this.#keep(order);
    this.journal.stage(`order/${order.id}`, order);
  }

  job(id: string): Job | undefined {
    return this.#jobs.get(id);
  }

  addJob(job: Job): void {
    this.#jobs.set(job.id, job);
    this.journal.stage(`job/${job.id}`, job);
  }

  endJob(job: Job): void {
    this.#jobs.delete(job.id);
    this.journal.stage(`job/${job.id}`, undefined);
  }

  #keep(order: Order): void {
    this.#orders.set(order.id, order);
    for (const globalId of globalIds(order)) this.#owners.set(globalId, order);
  }
}

function* globalIds(order: Order): Generator<string> {
  yield gid("Order", order.id);
  for (const line of order.lines) yield gid("LineItem", line.id);
  for (const line of order.lines) if (line.fulfillmentLineId) yield gid("FulfillmentLineItem", line.fulfillmentLineId);
  for (const transaction of order.transactions) yield gid("OrderTransaction", transaction.id);
  for (const refund of order.refunds) yield gid("Refund", refund.id);
  for (const dispute of order.disputes) {
    yield gid("ShopifyPaymentsDispute", dispute.id);
    yield gid("ShopifyPaymentsDisputeEvidence", dispute.evidence.id);
  }
  for (const one of order.returns) {
    yield gid("Return", one.id);
    for (const reverse of one.reverseOrders) {
      yield gid("ReverseFulfillmentOrder", reverse.id);
      for (const line of reverse.lines) yield gid("ReverseFulfillmentOrderLineItem", line.id);
      for (const delivery of reverse.deliveries) yield gid("ReverseDelivery", delivery.id);
    }
  }
}

export function findReturn(order: Order | undefined, globalId: string): Return | undefined {
  return order?.returns.find((one) => gid("Return", one.id) === globalId);
}

export function findRefund(order: Order | undefined, globalId: string): Refund | undefined {
  return order?.refunds.find((refund) => gid("Refund", refund.id) === globalId);
}

export function findDispute(order: Order | undefined, globalId: string): Dispute | undefined {
  return order?.disputes.find((dispute) => gid("ShopifyPaymentsDispute", dispute.id) === globalId);
}

export function findReverseOrder(order: Order | undefined, globalId: string): [Return, ReverseOrder] | undefined {
  for (const one of order?.returns ?? []) {
    for (const reverse of one.reverseOrders) {
      if (gid("ReverseFulfillmentOrder", reverse.id) === globalId) return [one, reverse];
    }
  }
  return undefined;
}

export function findDelivery(
  order: Order | undefined,
  globalId: string,
): [Return, ReverseOrder, ReverseDelivery] | undefined {
  for (const one of order?.returns ?? []) {
    for (const reverse of one.reverseOrders) {
      for (const delivery of reverse.deliveries) {
        if (gid("ReverseDelivery", delivery.id) === globalId) return [one, reverse, delivery];
      }
    }
  }
  return undefined;
}
