import type { Case } from "#shared/case/case.ts";
import type { Action, CommandArgs } from "#shared/case/command.ts";
import { SuiteError } from "#shared/errors.ts";
import type { ChannelAction } from "../contract.ts";
import { reportReceipt, reportShipmentCancelled } from "./ali-genius.ts";
import { wordsOf } from "./case-words.ts";
import type { TaobaoWorld } from "./client.ts";
import {
  agreeExchange,
  confirmExchangeReceipt,
  messageExchange,
  refuseExchange,
  shipExchange,
} from "./exchange-actions.ts";
import { messageRefund } from "./message-refund.ts";
import { offerFor } from "./offers.ts";
import { agreeRefund, agreeReturn, type Request, refillWaybill } from "./refund-actions.ts";
import { refuseRefund, refuseReturnedGoods } from "./refund-refusal.ts";
import { refusedHere } from "./refused-here.ts";
import type { TaobaoApp, TaobaoCredentials } from "./settings.ts";

type TaobaoAction = ChannelAction<TaobaoApp, TaobaoCredentials>;
type Send = (request: Request, world: TaobaoWorld, call: string) => Promise<void>;

/** How each call is made. */
const sends: Readonly<Record<string, Send>> = {
  "taobao.rp.refunds.agree": agreeRefund,
  "taobao.rdc.aligenius.sendgoods.cancel": reportShipmentCancelled,
  "taobao.rdc.aligenius.warehouse.reverse.uploading": reportReceipt,
  "taobao.rp.returngoods.agree": agreeReturn,
  "taobao.rp.returngoods.refill": refillWaybill,
  "taobao.rp.returngoods.refuse": refuseReturnedGoods,
  "taobao.refund.refuse": refuseRefund,
  "taobao.refund.message.add": messageRefund,
  "tmall.exchange.agree": agreeExchange,
  "tmall.exchange.refuse": refuseExchange,
  "tmall.exchange.returngoods.agree": confirmExchangeReceipt,
  "tmall.exchange.returngoods.refuse": refuseExchange,
  "tmall.exchange.consigngoods": shipExchange,
  "tmall.exchange.confirm.consign": shipExchange,
  "tmall.exchange.message.add": messageExchange,
};

function action(name: Action, task: string, needs: readonly (keyof CommandArgs)[] = []): TaobaoAction {
  return {
    needs,
    // The calls that carry a picture.
    ...((name === "refuse" || name === "message_buyer") && { takesFiles: true as const }),
    // A receipt of a refund is the warehouse's word: the platform takes it, and the case shows no trace of it.
    showsElsewhere: (subject) => name === "confirm_receipt" && wordsOf(subject).kind === "refund",
    offered: (subject, args, credentials) =>
      offerFor(name, subject, args, credentials) ? { offered: true } : { offered: false, task: taskFor(subject, task) },
    send: async (request, world) => {
      const offer = offerFor(name, request.subject, request.command.args, world.credentials);
      const send = offer && sends[offer.call];
      if (!offer || !send) throw refusedHere("the platform does not offer this at the case's status");
      checkMayWrite(world);
      await send(request, world, offer.call);
    },
  };
}

/** Why a person has to do it, where the case itself says so. */
function taskFor({ facts }: Case, task: string): string {
  if (facts.flags.includes("web_only")) return "The platform takes this case only in the seller's console.";
  if (facts.flags.includes("not_actionable"))
    return "The platform decides this case itself: look at it in its console.";
  return task;
}

/** Reading may go on when writing has ended, so this is a refusal of the call and no lost authorisation. */
function checkMayWrite({ credentials, now }: TaobaoWorld): void {
  const ends = [credentials.writableUntil, credentials.sensitiveWritableUntil].filter((end) => end !== undefined);
  const hasEnded = ends.length > 0 && ends.every((end) => Date.parse(end) <= now.getTime());
  if (!hasEnded) return;
  throw new SuiteError("channel_refused", "Connect the shop again: its permission to write has ended.", {
    details: { channelCode: "not sent", manualOnly: true },
  });
}

/**
 * What we may ask of the channel. Left out: `agree_reissue`, `agree_repair`, `extend_time`, `submit_evidence` and
 * `remark`, for which no call is published.
 */
export const actions: Readonly<Partial<Record<Action, TaobaoAction>>> = {
  agree_return: action("agree_return", "Agree to the return in the seller's console, if the case still allows it.", [
    "addressId",
  ]),
  provide_address: action("provide_address", "Enter the return address in the seller's console.", ["addressId"]),
  agree_refund: action("agree_refund", "Agree to the refund in the seller's console, if the case still allows it."),
  agree_exchange: action(
    "agree_exchange",
    "Agree to the exchange in the seller's console; no call is published for it.",
    ["addressId"],
  ),
  refuse: action("refuse", "The platform takes no refusal of this case by call: see the seller's console.", [
    "reasonCode",
  ]),
  confirm_receipt: action(
    "confirm_receipt",
    "Here the refund itself confirms the receipt: agree to it, enter the buyer's waybill in the seller's console, or set the shop's aliGenius.warehouseName.",
  ),
  ship_replacement: action("ship_replacement", "Ship the replacement and enter its waybill in the seller's console.", [
    "carrier",
    "trackingNo",
  ]),
  message_buyer: action("message_buyer", "Write to the buyer in the seller's console.", ["note"]),
};
