import * as z from "zod";
import { SuiteError } from "#shared/errors.ts";
import { ask, type ShopifyWorld } from "./client.ts";
import * as documents from "./documents.ts";
import { bare, gid } from "./gid.ts";
import { parse } from "./parse.ts";
import { sweepQuery } from "./sweep-query.ts";

/** More pages than any real order or window has; a bound against an answer that never ends. */
const maxPages = 20;
/** How far before the trigger of a message without an id we look. */
const recentMs = 600_000;

interface Lookup {
  by: string;
  id: string;
  occurredAt?: string;
}

/** The ids of all cases that a lookup leads to; none when what it starts from is not there. */
export async function idsOf({ by, id, occurredAt }: Lookup, world: ShopifyWorld): Promise<string[]> {
  switch (by) {
    case "order":
      return idsOfOrder(id, world);
    case "refund":
      return [id];
    case "reverse_fulfillment_order":
      return idsOfReverseOrder(id, world);
    case "reverse_delivery": {
      const { data } = await ask(world, documents.reverseDeliveryCases, { id: gid(id) });
      if (!data.reverseDelivery) return [];
      const { reverseFulfillmentOrder } = parse(reverseDeliverySchema, data.reverseDelivery);
      return reverseFulfillmentOrder ? idsOfReverseOrder(bare(reverseFulfillmentOrder.id), world) : [];
    }
    case "recent":
      return idsOfRecent(Date.parse(id || occurredAt || world.now.toISOString()), world);
    default:
      throw new SuiteError("payload_invalid", "not a way to look up cases");
  }
}

const idNode = z.object({ id: z.string() });
const pageInfoSchema = z.object({ hasNextPage: z.boolean(), endCursor: z.string().nullish() });
const reverseDeliverySchema = z.object({ reverseFulfillmentOrder: idNode.nullish() });
const refundsSchema = z.array(z.object({ id: z.string(), return: idNode.nullish() })).nullish();

const orderSchema = z.object({
  returns: z.object({ nodes: z.array(idNode), pageInfo: pageInfoSchema }).nullish(),
  refunds: refundsSchema,
});

async function idsOfOrder(id: string, world: ShopifyWorld): Promise<string[]> {
  const ids: string[] = [];
  let after: string | null = null;
  for (let page = 0; page < maxPages; page += 1) {
    const { data } = await ask(world, documents.orderCases, { id: gid(id), after });
    if (!data.order) return ids;
    const order: z.infer<typeof orderSchema> = parse(orderSchema, data.order);
    ids.push(...caseIdsOf(order.returns?.nodes, order.refunds));
    after = order.returns?.pageInfo.endCursor ?? null;
    if (!order.returns?.pageInfo.hasNextPage || after === null) return ids;
  }
  return ids;
}

/** Case ids of an order's returns and of those refunds that belong to no return. */
export function caseIdsOf(
  returns: readonly { id: string }[] | undefined,
  refunds: z.infer<typeof refundsSchema>,
): string[] {
  const alone = (refunds ?? []).filter((refund) => !refund.return);
  return [...(returns ?? []), ...alone].map(({ id }) => bare(id));
}

const reverseOrderSchema = z.object({
  order: z
    .object({
      id: z.string(),
      returns: z
        .object({
          nodes: z.array(
            z.object({ id: z.string(), reverseFulfillmentOrders: z.object({ nodes: z.array(idNode) }).nullish() }),
          ),
        })
        .nullish(),
    })
    .nullish(),
});

/** The return that holds the reverse fulfilment order; all returns of its order when that cannot be told. */
async function idsOfReverseOrder(id: string, world: ShopifyWorld): Promise<string[]> {
  const { data } = await ask(world, documents.reverseOrderCases, { id: gid(id) });
  if (!data.reverseFulfillmentOrder) return [];
  const { order } = parse(reverseOrderSchema, data.reverseFulfillmentOrder);
  if (!order) return [];
  const holders = (order.returns?.nodes ?? []).filter((each) =>
    (each.reverseFulfillmentOrders?.nodes ?? []).some((node) => node.id === gid(id)),
  );
  return holders.length > 0 ? holders.map((each) => bare(each.id)) : idsOfOrder(bare(order.id), world);
}

const ordersSchema = z.object({
  pageInfo: pageInfoSchema,
  nodes: z.array(orderSchema.extend({ returns: z.object({ nodes: z.array(idNode) }).nullish() })),
});

/** All cases of orders that changed shortly before `at` or since. */
async function idsOfRecent(at: number, world: ShopifyWorld): Promise<string[]> {
  const since = new Date((Number.isNaN(at) ? world.now.getTime() : at) - recentMs);
  const ids: string[] = [];
  let after: string | null = null;
  for (let page = 0; page < maxPages; page += 1) {
    const { data } = await ask(world, documents.returnsSweep, { query: sweepQuery(since), after });
    const orders: z.infer<typeof ordersSchema> = parse(ordersSchema, data.orders);
    for (const { returns, refunds } of orders.nodes) ids.push(...caseIdsOf(returns?.nodes, refunds));
    after = orders.pageInfo.endCursor ?? null;
    if (!orders.pageInfo.hasNextPage || after === null) return ids;
  }
  return ids;
}
