import type { Money } from "#shared/case/money.ts";
import { SuiteError } from "#shared/errors.ts";
import type { ActionRequest } from "../contract.ts";
import { placeOf, readAddresses } from "./addresses.ts";
import { businessFailure } from "./business-failure.ts";
import { carrierCode } from "./carriers.ts";
import { wordsOf } from "./case-words.ts";
import { command as ask, type Params, type TaobaoWorld } from "./client.ts";
import { given, refusedHere } from "./refused-here.ts";
import { listOf, refundAgreedSchema, refundsAgreedSchema, successSchema } from "./schema.ts";

export type Request = ActionRequest;

/** Tmall wants the version that was decided on and the phase back; a Taobao shop's calls leave both out. */
export function lockOf({ subject, command }: Request): Params {
  const { shop, phase } = wordsOf(subject);
  return shop === "tmall" ? { refund_phase: phase, refund_version: command.decidedOnVersion } : {};
}

/**
 * Refunds one case. The channel takes up to 20 at once, but a batch fails in part, so each goes alone. It may ask for the
 * code it sends to the seller's phone; that is a person's to enter, and is never asked for again by us.
 */
export async function agreeRefund(request: Request, world: TaobaoWorld): Promise<void> {
  const { subject, command } = request;
  const amount = amountOf(request);
  const { shop, phase } = wordsOf(subject);
  const info = [subject.channelCaseId, amount.amountMinor, command.decidedOnVersion];
  const parts = shop === "tmall" ? [...info, phase] : info;
  if (shop === "tmall" && world.app.reviewBeforeRefund) await review(request, world);
  const answer = await ask(
    world,
    "taobao.rp.refunds.agree",
    { refund_infos: parts.join("|"), ignore_code: world.app.skipSmsCode ? true : undefined },
    { schema: refundsAgreedSchema },
  );
  const results = listOf(answer.results, "refund_mapping_result").flatMap(
    (row) => refundAgreedSchema.safeParse(row).data ?? [],
  );
  const own = results.find(({ refund_id: refundId }) => refundId === subject.channelCaseId);
  if (own?.succ ?? answer.succ) return;
  throw businessFailure(answer.msg_code, own?.message ?? answer.message);
}

/** Freight and other parts the channel adds by itself; more than is claimed it does not take. */
function amountOf({ subject, command }: Request): Money {
  const { claimed } = subject.facts.money;
  const amount = command.args.amount ?? claimed;
  if (amount?.currency !== "CNY" || amount.amountMinor <= 0) throw refusedHere("the amount is missing");
  if (claimed && amount.amountMinor > claimed.amountMinor) throw refusedHere("the amount is above what is claimed");
  return amount;
}

/** Marks the case as looked at. Moves nothing, so doing it twice is the same as once. */
async function review(request: Request, world: TaobaoWorld): Promise<void> {
  const { subject, command } = request;
  const operator = world.credentials.subAccount ?? "casebridge";
  const params = {
    refund_id: subject.channelCaseId,
    ...lockOf(request),
    operator,
    message: command.args.note?.slice(0, 200) ?? "审核通过",
    result: true,
  };
  const { is_success: isSuccess } = await ask(world, "taobao.rp.refund.review", params, {
    schema: successSchema,
  }).catch(notYetRefunded);
  if (!isSuccess) throw refusedHere("the platform did not take the review");
}

/** Whether or not the review arrived, no refund was asked for. */
function notYetRefunded(error: unknown): never {
  if (!(error instanceof SuiteError) || error.code !== "answer_unclear") throw error;
  throw new SuiteError("channel_unavailable", "the review was not answered", { cause: error });
}

const mostRemark = 200;

/** Agrees to a return and says where to: Tmall by the address's id, a Taobao shop by its id and its text. */
export async function agreeReturn(request: Request, world: TaobaoWorld): Promise<void> {
  const { subject, command } = request;
  const addressId = given(command.args.addressId, "addressId");
  if (!/^\d{1,19}$/.test(addressId)) throw refusedHere("addressId is no number");
  const remark = (command.args.note ?? "同意退货").slice(0, mostRemark);
  const where =
    wordsOf(subject).shop === "tmall" ? { ...lockOf(request), remark } : await writtenAddress(addressId, world);
  const { is_success: isSuccess } = await ask(
    world,
    "taobao.rp.returngoods.agree",
    { refund_id: subject.channelCaseId, seller_address_id: addressId, ...where },
    { schema: successSchema },
  );
  if (!isSuccess) throw businessFailure("returngoods.agree", undefined);
}

async function writtenAddress(addressId: string, world: TaobaoWorld): Promise<Params> {
  const address = (await readAddresses(world)).find(({ contact_id: contactId }) => contactId === addressId);
  if (!address) throw refusedHere("the platform has no such address of the seller");
  return {
    name: address.contact_name ?? undefined,
    address: placeOf(address),
    post: address.zip_code ?? undefined,
    tel: address.phone ?? undefined,
    mobile: address.mobile_phone ?? undefined,
  };
}

/** The waybill of goods that came back although the buyer has entered none. */
export async function refillWaybill({ subject, command }: Request, world: TaobaoWorld): Promise<void> {
  const { is_success: isSuccess } = await ask(
    world,
    "taobao.rp.returngoods.refill",
    {
      refund_id: subject.channelCaseId,
      refund_phase: wordsOf(subject).phase,
      logistics_waybill_no: given(command.args.trackingNo, "trackingNo"),
      logistics_company_code: await carrierCode(given(command.args.carrier, "carrier"), world),
    },
    { schema: successSchema },
  );
  if (!isSuccess) throw businessFailure("returngoods.refill", undefined);
}
