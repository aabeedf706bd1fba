import { createHash } from "node:crypto";
import type { ChannelCaseId } from "#shared/case/ids.ts";

/** An RMA is short and names no order; every other call wants the order. So a case is both. */
export function returnCaseId(orderId: string, rmaId: string | undefined, row: { sku?: string; requestDate: string }) {
  return caseIdOfOrder(orderId, rmaId ?? `row-${shortHash(`${row.sku ?? ""} ${row.requestDate}`)}`);
}

/** One per order: the buyer asks once, for some or all of its items. */
export function cancelCaseId(orderId: string): ChannelCaseId {
  return caseIdOfOrder(orderId, "cancel");
}

/** The same case as the returns report's, where the line names its RMA; else one of its own. */
export function externalCaseId(orderId: string, rmaId: string | undefined, returnId: string): ChannelCaseId {
  return caseIdOfOrder(orderId, rmaId ?? `ef-${shortHash(returnId)}`);
}

export function fbaCaseId(orderId: string, unitId: string): ChannelCaseId {
  return caseIdOfOrder(orderId, `fba-${unitId}`);
}

export function orderIdOf(channelCaseId: string): string {
  return channelCaseId.slice(0, Math.max(0, channelCaseId.indexOf("/")));
}

/** The same content gives the same notice, whichever report brought it. */
export function shortHash(text: string): string {
  return createHash("sha256").update(text).digest("hex").slice(0, 20);
}

function caseIdOfOrder(orderId: string, part: string): ChannelCaseId {
  return `${orderId}/${part}` as ChannelCaseId;
}
