import type { Notice } from "#shared/case/notice.ts";
import { isSuiteError, SuiteError } from "#shared/errors.ts";
import type { RawCase } from "../contract.ts";
import { query, type TaobaoWorld } from "./client.ts";
import { disputeListSchema, exchangeAnswerSchema, listOf, nothingSchema, refundAnswerSchema } from "./schema.ts";
import { isAboutExchange } from "./topics.ts";

/** Only what is named is answered. The newest page's list, and fields of the object that the page leaves out. */
export const refundFields = [
  "refund_id,tid,oid,status,created,modified,refund_fee,total_fee,payment,good_status,has_good_return,reason,num,outer_id",
  "good_return_time,company_name,sid,address,refund_remind_timeout,refund_phase,refund_version,operation_contraint",
  "dispute_type,end_time,order_status,cs_status,advance_status,special_refund_type",
].join(",");

/** The request names the order `bizorder_id`, the answer `biz_order_id`. */
export const exchangeFields = [
  "dispute_id,bizorder_id,num,status,good_status,created,modified,reason,time_out,address,buyer_logistic_name",
  "buyer_logistic_no,seller_logistic_name,seller_logistic_no,refund_phase,refund_version,cs_status,operation_contraint",
].join(",");

const disputeFields =
  "refund_id,biz_order_id,oid,status,order_status,good_status,has_good_return,refund_fee,refund_phase,reason,num,created,modified,good_return_time,time_out";

/**
 * Reads the one case that a notice points at; none when the platform does not know it. A refund, an exchange and a
 * freight dispute share their ids but not their calls, so one after the other is asked until one knows it.
 */
export async function fetchCase(notice: Notice, world: TaobaoWorld): Promise<RawCase[]> {
  if (notice.subject.kind !== "case") {
    await probe(world);
    return [];
  }
  const { channelCaseId: caseId } = notice.subject;
  const { shopKind: shop } = world.credentials;
  const isTmall = shop === "tmall";
  if (isTmall && isAboutExchange(notice.topic)) {
    const exchange = await exchangeOf(caseId, world);
    if (exchange) return [{ payload: { shop, exchange } }];
  }
  const refund = (await refundOf("taobao.refund.get", caseId, world)) ?? (await specialOf(caseId, world));
  // The list of refunds shows exchanges too, but answers to them want what only the exchange itself says.
  if (isTmall && !isAboutExchange(notice.topic) && (!refund || refund.dispute_type === "TMALL_EXCHANGE")) {
    const exchange = await exchangeOf(caseId, world);
    if (exchange) return [{ payload: { shop, exchange } }];
  }
  const found = refund ?? (isTmall ? await disputeOf(caseId, world) : undefined);
  return found ? [{ payload: { shop, refund: found } }] : [];
}

async function refundOf(method: string, caseId: string, world: TaobaoWorld) {
  return whereKnown(async () => {
    const { refund } = await query(world, method, { refund_id: caseId, fields: refundFields }, refundAnswerSchema);
    if (refund && refund.refund_id !== caseId) throw anotherCase();
    return refund ?? undefined;
  });
}

const specialOf = (caseId: string, world: TaobaoWorld) => refundOf("taobao.special.refund.get", caseId, world);

async function exchangeOf(caseId: string, world: TaobaoWorld) {
  return whereKnown(async () => {
    const params = { dispute_id: caseId, fields: exchangeFields };
    const { result } = await query(world, "tmall.exchange.get", params, exchangeAnswerSchema);
    if (result.exchange && result.exchange.dispute_id !== caseId) throw anotherCase();
    return result.success === false ? undefined : (result.exchange ?? undefined);
  });
}

async function disputeOf(caseId: string, world: TaobaoWorld): Promise<unknown> {
  const params = { refund_id: caseId, fields: disputeFields, page_no: 1, page_size: 20, use_has_next: true };
  const { result } = await query(world, "tmall.dispute.receive.get", params, disputeListSchema);
  const rows = listOf(result.results, "dispute");
  return rows.find((row) => String((row as { refund_id?: unknown } | null)?.refund_id) === caseId);
}

/** Any cheap call that needs the shop's token: it fails when the shop has ended its authorisation. */
async function probe(world: TaobaoWorld): Promise<void> {
  await query(world, "taobao.logistics.address.search", { rdef: "cancel_def" }, nothingSchema);
}

/** Sub codes that say "there is none". The platform's lists of them could not be read; these follow its usual form. */
const noSuchCase = /\bisv\.[\w-]*(?:not-exist|not-found)/;

async function whereKnown<T>(read: () => Promise<T | undefined>): Promise<T | undefined> {
  try {
    return await read();
  } catch (error) {
    if (isSuiteError(error, "channel_refused") && noSuchCase.test(String(error.details.channelCode))) return undefined;
    throw error;
  }
}

function anotherCase(): SuiteError {
  return new SuiteError("payload_invalid", "the answer is about another case");
}
