import type { Facts } from "#shared/case/observation.ts";
import type { GoodsStatus } from "#shared/case/vocabulary.ts";
import { instantOfChinaTime } from "../kit/time.ts";
import type { Exchange, Refund } from "./schema.ts";
import { goodsTable, type Step, shippedTable } from "./status.ts";

type Goods = Facts["goods"];

/** Whether the order had left the seller; undefined when nothing in the case says so. */
export function shippedOf({ order_status: order, good_status: goods }: Refund): boolean | undefined {
  if (goods === "BUYER_RECEIVED" || goods === "BUYER_RETURNED_GOODS") return true;
  return Object.hasOwn(shippedTable, order ?? "") ? shippedTable[order ?? ""] : undefined;
}

/** Where the goods are, by the channel's own word. A refund says nothing about goods, so it never moves them. */
export function goodsOfRefund(refund: Refund, step: Step | undefined): Goods {
  const status = shippedOf(refund) === false ? "not_shipped" : statusOf(refund.good_status, step);
  const wayBack = parcelOf(refund.company_name, refund.sid, refund.good_return_time);
  const { oid, num, outer_id: sku, has_good_return: comesBack } = refund;
  const addressProvided = comesBack ? isAddressProvided(refund.address, step) : undefined;
  return {
    ...(status && { status }),
    ...(oid &&
      num && {
        lines: [
          { lineId: oid, ...(sku && { sku: sku.slice(0, 128) }), requested: num, ...(comesBack && { toReturn: num }) },
        ],
      }),
    ...(wayBack && { wayBack }),
    ...(addressProvided !== undefined && { addressProvided }),
  };
}

export function goodsOfExchange(exchange: Exchange, step: Step | undefined): Goods {
  const status = statusOf(exchange.good_status, step);
  const wayBack = parcelOf(exchange.buyer_logistic_name, exchange.buyer_logistic_no);
  const replacement = parcelOf(exchange.seller_logistic_name, exchange.seller_logistic_no);
  const { biz_order_id: lineId, num } = exchange;
  const addressProvided = isAddressProvided(exchange.address, step);
  return {
    ...(status && { status }),
    ...(lineId && num && { lines: [{ lineId, requested: num, toReturn: num }] }),
    ...(wayBack && { wayBack }),
    ...(replacement && { replacement }),
    ...(addressProvided !== undefined && { addressProvided }),
  };
}

/** At these steps the channel has taken the seller's word that the goods came. */
const afterReceipt: readonly (Step | undefined)[] = ["to_ship", "shipped", "done"];

function statusOf(word: string | null | undefined, step: Step | undefined): GoodsStatus | undefined {
  const status = Object.hasOwn(goodsTable, word ?? "") ? goodsTable[word ?? ""] : undefined;
  return status === "returning" && afterReceipt.includes(step) ? "returned" : status;
}

/** Not stated before the return was agreed to, nor where a list leaves the address out. */
function isAddressProvided(address: string | null | undefined, step: Step | undefined): boolean | undefined {
  if (step === "address_owed") return false;
  return address ? true : undefined;
}

function parcelOf(
  carrier: string | null | undefined,
  number: string | null | undefined,
  time?: string | null,
): Goods["wayBack"] {
  const trackingNo = number?.trim().slice(0, 128);
  if (!trackingNo) return undefined;
  const reportedAt = time ? instantOfChinaTime(time) : undefined;
  return { trackingNo, ...(carrier && { carrier: carrier.slice(0, 128) }), ...(reportedAt && { reportedAt }) };
}
