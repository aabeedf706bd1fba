import type { Facts, Line } from "#shared/case/observation.ts";
import type { CaseState } from "#shared/case/states.ts";
import type { CaseType } from "#shared/case/vocabulary.ts";
import { yuan } from "./money.ts";
import type { Bill, RawTicket, RefundApply } from "./schema.ts";
import { giftWare, mainWare, pickware } from "./status.ts";
import { instantOf } from "./time.ts";

type Goods = Facts["goods"];

/** Whether the buyer has sent something back: the ticket itself does not say, its row in the list does. */
export function waybillOf({ row, freight }: RawTicket): string | undefined {
  return (freight?.expressCode ?? row.expressCode)?.trim().slice(0, 128) || undefined;
}

/** Where the goods are. A ticket comes after delivery, so they are with the buyer until a waybill or a receipt says more. */
export function ticketGoods(raw: RawTicket, type: CaseType | undefined, state: CaseState | undefined): Goods {
  const { bill, freight } = raw;
  const trackingNo = waybillOf(raw);
  const reportedAt = instantOf(freight?.firstUploadDate ?? raw.row.freightUpdateDate);
  const carrier = freight?.expressCompany?.slice(0, 128);
  const comesBack = type === "return_refund" || type === "exchange" || type === "repair";
  const lines = linesOf(bill, comesBack);
  return {
    status: bill.receiveDate !== undefined ? "returned" : trackingNo ? "returning" : "with_buyer",
    ...(lines.length > 0 && { lines }),
    ...(trackingNo && { wayBack: { trackingNo, ...(carrier && { carrier }), ...(reportedAt && { reportedAt }) } }),
    ...(comesBack && isAgreed(state) && buyerSends(bill) && { addressProvided: isAddressKnown(raw, trackingNo) }),
  };
}

function isAgreed(state: CaseState | undefined): boolean {
  return state !== undefined && state !== "requested" && state !== "rejected";
}

/** A courier of the channel knows the way; only who ships or brings the goods must be told. */
function buyerSends({ pickwareType, expectPickwareType }: Bill): boolean {
  const way = pickwareType ?? expectPickwareType;
  return way === pickware.send || way === pickware.delivery;
}

/** Who has sent the parcel knew where to; else the shop must vouch that the buyer sees the ticket's own contact. */
function isAddressKnown({ bill, addressIsShown }: RawTicket, trackingNo: string | undefined): boolean {
  if (trackingNo || bill.receiveDate !== undefined) return true;
  return addressIsShown === true && Boolean(bill.afsContactInfo?.detailAddress);
}

function linesOf({ serviceBillDetailList, serviceCount, receiveDate }: Bill, comesBack: boolean): Line[] {
  const goods = serviceBillDetailList.filter(
    ({ wareType = mainWare }) => wareType === mainWare || wareType === giftWare,
  );
  return goods.slice(0, 250).flatMap((line): Line[] => {
    const lineId = line.serviceDetailIdLong ?? line.serviceDetailId;
    if (!lineId) return [];
    const requested = line.wareNum ?? serviceCount ?? 1;
    const isMain = (line.wareType ?? mainWare) === mainWare;
    return [
      {
        lineId,
        ...(line.skuId && { sku: line.skuId }),
        requested,
        ...(comesBack && { toReturn: requested }),
        // Only a single unit is certain to have come whole when the ticket says that the goods came.
        ...(comesBack && receiveDate !== undefined && requested === 1 && { received: 1 }),
        ...(isMain && requested === 1 && line.actualPayPrice && { unitPaid: yuan(line.actualPayPrice) }),
      },
    ];
  });
}

export function refundGoods({ skuVoList }: RefundApply, shipped: boolean | undefined): Goods {
  const lines = skuVoList.slice(0, 250).flatMap(({ skuId, skuUuid, skuCount }): Line[] => {
    const lineId = (skuUuid ?? skuId)?.slice(0, 64);
    return lineId ? [{ lineId, ...(skuId && { sku: skuId }), requested: skuCount ?? 1 }] : [];
  });
  return {
    ...(shipped !== undefined && { status: shipped ? "outbound" : "not_shipped" }),
    ...(lines.length > 0 && { lines }),
  };
}
