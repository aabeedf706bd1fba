import { piecesOf } from "../kit/pieces.ts";
import { businessFailure } from "./business-failure.ts";
import { carrierName } from "./carriers.ts";
import { command as ask, type Params, query, type TaobaoWorld } from "./client.ts";
import { pictureOf } from "./picture.ts";
import type { Request } from "./refund-actions.ts";
import { chosenReason } from "./refund-refusal.ts";
import { given, refusedHere } from "./refused-here.ts";
import { exchangeAnswerSchema, exchangeReasonsSchema } from "./schema.ts";

const fields = "dispute_id,bizorder_id,modified,status";
/** 100 is post, 200 a parcel service. */
const express = 200;
const mostPictureBytes = 500_000;

export async function agreeExchange(request: Request, world: TaobaoWorld): Promise<void> {
  const { addressId, note } = request.command.args;
  const address = given(addressId, "addressId");
  if (!/^\d{1,19}$/.test(address)) throw refusedHere("addressId is no number");
  await change(request, world, "tmall.exchange.agree", { address_id: address, leave_message: note });
}

/** Confirms that the goods are back; the replacement is then owed. */
export async function confirmExchangeReceipt(request: Request, world: TaobaoWorld): Promise<void> {
  await change(request, world, "tmall.exchange.returngoods.agree", {});
}

/** Ships the replacement; while the goods are still to be confirmed, confirms them in the same call. */
export async function shipExchange(request: Request, world: TaobaoWorld, call: string): Promise<void> {
  const { carrier, trackingNo } = request.command.args;
  await change(request, world, call, {
    logistics_no: given(trackingNo, "trackingNo"),
    logistics_type: express,
    logistics_company_name: await carrierName(given(carrier, "carrier"), world),
  });
}

/** Refuses an exchange, or the goods that came back. The reasons depend on the case, so they are read right before. */
export async function refuseExchange(request: Request, world: TaobaoWorld, call: string): Promise<void> {
  const { reasonCode, note } = request.command.args;
  const code = given(reasonCode, "reasonCode");
  // 0: reasons of either phase.
  const params = { dispute_id: request.subject.channelCaseId, fields: "reason_id,reason_text", dispute_type: 0 };
  const { result } = await query(world, "tmall.exchange.refusereason.get", params, exchangeReasonsSchema);
  const reason = chosenReason(result.results, code);
  await change(request, world, call, { seller_refuse_reason_id: reason.id, leave_message: note ?? reason.text }, [
    "leave_message_pics",
  ]);
}

export async function messageExchange(request: Request, world: TaobaoWorld): Promise<void> {
  const content = given(request.command.args.note, "note");
  await change(request, world, "tmall.exchange.message.add", { content }, ["message_pics"]);
}

/** `picture` names the parameter that takes a picture, where the call has one. */
async function change(
  request: Request,
  world: TaobaoWorld,
  method: string,
  params: Params,
  [picture]: readonly string[] = [],
): Promise<void> {
  const { subject } = request;
  const [proof, ...more] = picture ? piecesOf(request) : [];
  if (more.length > 0) throw refusedHere("the platform takes one picture");
  const pictures =
    proof && picture ? [await pictureOf({ piece: proof, name: picture, mostBytes: mostPictureBytes }, world)] : [];
  const all = { dispute_id: subject.channelCaseId, fields, ...params };
  const { result } = await ask(world, method, all, { schema: exchangeAnswerSchema, pictures });
  if (result.success === false) throw businessFailure(result.msg_code, result.message);
}
