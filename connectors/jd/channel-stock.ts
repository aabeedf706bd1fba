import type { JdWorld, Params } from "./client.ts";
import { refusedHere } from "./refused-here.ts";
import type { BillToAnswer } from "./schema.ts";
import { mainWare } from "./status.ts";

/**
 * What goes out to the buyer from the channel's own warehouse, and which one that is: the article of the ticket again, which
 * is what an exchange of the same kind or a reissue means. @throws SuiteError `channel_refused` when the shop keeps no goods
 * there, or the ticket does not name the article.
 */
export function fromStock(ticket: BillToAnswer, { credentials }: JdWorld): Params {
  const { channelStock } = credentials;
  if (!channelStock) throw refusedHere("the shop keeps no goods with the channel: channelStock is missing");
  const wares = ticket.serviceBillDetailList.filter(({ wareType }) => wareType === mainWare);
  const skuId = wares.flatMap((ware) => (ware.skuId === undefined ? [] : [BigInt(ware.skuId)]));
  if (skuId.length === 0 || skuId.length !== wares.length) throw refusedHere("the ticket does not name the article");
  return {
    ...channelStock,
    skuId,
    wareName: wares.map(({ wareName }) => wareName ?? ""),
    wareNum: wares.map(({ wareNum }) => wareNum ?? 1),
  };
}
