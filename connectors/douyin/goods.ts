import type { Facts, Line } from "#shared/case/observation.ts";
import type { GoodsStatus } from "#shared/case/vocabulary.ts";
import { instantOfSecondsOr } from "../kit/time.ts";
import type { Detail, Parcel } from "./schema.ts";
import { returningTypes, shippedTable } from "./status.ts";

type Goods = Facts["goods"];

/** Where the goods are, by parcels and nodes. A refund says nothing about goods, so it never moves them. */
export function goodsOf(detail: Detail): Goods {
  const { after_sale_info: info, logistics_info: logistics } = detail.process_info;
  const status = goodsStatusOf(detail);
  const lines = linesOf(detail);
  const wayBack = parcelOf(logistics?.return);
  const replacement = parcelOf(logistics?.exchange) ?? parcelOf(logistics?.resend);
  const comesBack = returningTypes.includes(info.after_sale_type);
  return {
    ...(status && { status }),
    ...(lines.length > 0 && { lines }),
    ...(wayBack && { wayBack }),
    ...(replacement && { replacement }),
    ...(comesBack && { addressProvided: Boolean(info.return_address_id && info.return_address_id !== "0") }),
  };
}

/** Whether the buyer has sent something back. */
export function hasParcel({ process_info: { logistics_info: logistics } }: Detail): boolean {
  return Boolean(logistics?.return?.tracking_no);
}

function goodsStatusOf(detail: Detail): GoodsStatus | undefined {
  const { after_sale_type: type, after_sale_status: status, got_pkg: gotPackage } = detail.process_info.after_sale_info;
  const shipped = shippedTable[type];
  if (shipped === undefined) return undefined;
  if (!shipped) return "not_shipped";
  if (status === 11) return "returning";
  // At these nodes the channel has taken the merchant's word that the goods came.
  if (hasParcel(detail)) return [3, 8, 13, 14, 29].includes(status) ? "returned" : undefined;
  if (gotPackage === 1) return "with_buyer";
  return gotPackage === 0 ? "outbound" : undefined;
}

function linesOf({ order_info: order, process_info: { after_sale_info: info } }: Detail): Line[] {
  const rows = order?.sku_order_infos ?? [];
  return rows.map((row) => {
    const { item_quantity: bought, pay_amount: paid } = row;
    const isWhole = bought && paid !== undefined && paid !== null && paid % bought === 0;
    return {
      lineId: row.sku_order_id,
      ...(row.shop_sku_code && { sku: row.shop_sku_code.slice(0, 128) }),
      requested: row.after_sale_item_count ?? bought ?? 0,
      // The count is the case's; only with one line is it that line's.
      ...(rows.length === 1 && typeof info.need_return_count === "number" && { toReturn: info.need_return_count }),
      ...(isWhole && { unitPaid: { amountMinor: paid / bought, currency: "CNY" } }),
    };
  });
}

function parcelOf(parcel: Parcel | null | undefined): Goods["wayBack"] {
  const trackingNo = parcel?.tracking_no?.trim().slice(0, 128);
  if (!trackingNo) return undefined;
  const reportedAt = parcel?.logistics_time ? instantOfSecondsOr(parcel.logistics_time) : undefined;
  return {
    trackingNo,
    ...(parcel?.company_name && { carrier: parcel.company_name.slice(0, 128) }),
    ...(reportedAt && { reportedAt }),
  };
}
