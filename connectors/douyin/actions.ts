import * as z from "zod";
import type { Case } from "#shared/case/case.ts";
import { type Action, type Command, factsOf } from "#shared/case/command.ts";
import { SuiteError } from "#shared/errors.ts";
import type { ActionRequest, ChannelAction } from "../contract.ts";
import { command as ask, type DouyinWorld, type Params } from "./client.ts";
import { given, int64 } from "./given.ts";
import { picturesOf } from "./material.ts";
import { codesOf, isActionable, type Operation, operationsFor } from "./operate.ts";
import { fillReturnWaybill, interceptParcel } from "./parcels.ts";
import { refundRuleFor, report } from "./refund-rules.ts";
import { refusalOf } from "./refusal.ts";
import { refusedHere } from "./refused-here.ts";
import { operateAnswerSchema } from "./schema.ts";
import type { DouyinApp, DouyinCredentials } from "./settings.ts";

type DouyinAction = ChannelAction<DouyinApp, DouyinCredentials>;
type Request = ActionRequest;

const nothing = z.unknown();
const over = "The channel takes no more calls on this case: look at it in the merchant's console.";

/** Answers by `/afterSale/operate`: one case per call, because one failure fails a whole batch. */
function byOperate(action: Action, task: string, needs?: DouyinAction["needs"]): DouyinAction {
  return {
    needs,
    offered: (subject) => offeredIf(operationsFor(action, subject).length > 0, subject, task),
    send: async (request, world) => {
      const operation = chosen(action, request.subject, request.command);
      const parts = await partsOf(operation, request, world);
      await operate(operation.code, request, parts, world);
    },
  };
}

function chosen(action: Action, subject: Case, { args, askedBy }: Command): Operation {
  const fitting = operationsFor(action, subject);
  const operation = fitting.find(({ needs }) => needs !== "address" || args.addressId) ?? fitting[0];
  if (!operation) throw refusedHere("the channel does not offer this at the case's status");
  const { status } = codesOf(subject);
  if (operation.byPersonAt?.includes(status) && !askedBy.startsWith("person:"))
    throw refusedHere("only a person may pay before the goods are back");
  if (factsOf(action).movesMoney) checkAmount(subject, args);
  return operation;
}

/** The channel pays what the buyer claims; it takes no amount, so another one must not be asked for. */
function checkAmount({ facts }: Case, { amount }: Command["args"]): void {
  const { claimed } = facts.money;
  if (!amount || !claimed) return;
  if (amount.currency !== claimed.currency || amount.amountMinor !== claimed.amountMinor)
    throw refusedHere("the channel refunds exactly what the buyer claims");
}

async function partsOf({ needs }: Operation, request: Request, world: DouyinWorld): Promise<Params> {
  const { args } = request.command;
  switch (needs) {
    case "address":
      return { logistics: { receiver_address_id: int64(args.addressId, "addressId") } };
    case "waybill":
      return {
        logistics: {
          company_code: given(args.carrier, "carrier"),
          logistics_code: given(args.trackingNo, "trackingNo"),
        },
      };
    case "refusal":
      return refusalOf(request, world);
    case "nothing":
      return {};
  }
}

async function operate(type: number, { subject, command }: Request, parts: Params, world: DouyinWorld): Promise<void> {
  const aftersaleId = subject.channelCaseId;
  const item = { aftersale_id: aftersaleId, update_time: command.decidedOnVersion, ...parts };
  const { items } = await ask(world, "/afterSale/operate", { type, items: [item] }, operateAnswerSchema);
  const failed = items?.find(({ status_code: code }) => code);
  if (failed) {
    throw new SuiteError("channel_refused", "the channel refused the operation", {
      details: { channelCode: `operate ${failed.status_code}` },
    });
  }
}

const refuseByOperate = byOperate("refuse", "Refuse in the merchant's console, if the case still allows it.");

/** A refund before shipment is refused by shipping the order; the rest goes by operate. */
const refuse: DouyinAction = {
  takesFiles: true,
  offered: (subject, args) => {
    if (!isUnshippedRefund(subject)) return refuseByOperate.offered(subject);
    const task =
      "Ship the order and enter the waybill in the merchant's console: that refuses a refund before shipment.";
    return offeredIf(Boolean(args?.carrier && args.trackingNo), subject, task);
  },
  send: async (request, world) => {
    const { subject, command } = request;
    if (!isUnshippedRefund(subject)) return refuseByOperate.send(request, world);
    const orderId = given(subject.facts.orders[0]?.orderId, "order");
    const params = {
      order_id: orderId,
      company_code: given(command.args.carrier, "carrier"),
      logistics_code: given(command.args.trackingNo, "trackingNo"),
      is_reject_refund: true,
    };
    await ask(world, "/order/logisticsAdd", params, nothing);
  },
};

function isUnshippedRefund(subject: Case): boolean {
  const { caseType, status } = codesOf(subject);
  return isActionable(subject) && caseType === 2 && status === 6;
}

const agreeByOperate = byOperate(
  "agree_refund",
  "Agree to the refund in the merchant's console, if the case still allows it.",
);

/** By operate, or by the report that the shop's own refund rule waits for. */
const agreeRefund: DouyinAction = {
  ...agreeByOperate,
  wholeClaimOnly: true,
  send: async (request, world) => {
    const rule = refundRuleFor(request.subject, world.credentials);
    if (!rule) return agreeByOperate.send(request, world);
    checkAmount(request.subject, request.command.args);
    return report(rule, request, world);
  },
};

const agreeIfDeliveryRefusedByOperate = byOperate(
  "agree_refund_if_delivery_refused",
  "The channel takes this only on a refund after shipment that waits for its first answer: see the merchant's console.",
);

/** The buyer refuses the parcel at the door, and the channel's robot pays. The case stays where it is until then. */
const agreeIfDeliveryRefused: DouyinAction = {
  ...agreeIfDeliveryRefusedByOperate,
  wholeClaimOnly: true,
  offered: (subject) => {
    const isDone = subject.facts.money.agreedIfDeliveryRefused === true;
    const task = "This has been agreed to already: the channel pays once the delivery is refused.";
    return isDone ? { offered: false, task } : agreeIfDeliveryRefusedByOperate.offered(subject);
  },
};

const shipByOperate = byOperate(
  "ship_replacement",
  "Ship the replacement and enter its waybill in the merchant's console.",
);
/**
 * `send_type` of fillLogistics by case type: 1 ships a reissue, 4 a repaired item. A repair at 8 has no second audit before
 * it, which is what 611 answers, and the channel's own document names this call; 611 stays for goods that are being audited.
 */
const sendTypes: Readonly<Record<number, number>> = { 7: 1, 8: 4 };

const shipReplacement: DouyinAction = {
  needs: ["carrier", "trackingNo"],
  offered: (subject) => (sendTypeOf(subject) ? { offered: true } : shipByOperate.offered(subject)),
  send: async (request, world) => {
    const { subject, command } = request;
    const sendType = sendTypeOf(subject);
    if (!sendType) return shipByOperate.send(request, world);
    const params = {
      aftersale_id: int64(subject.channelCaseId, "case id"),
      send_type: sendType,
      company_code: given(command.args.carrier, "carrier"),
      tracking_no: given(command.args.trackingNo, "trackingNo"),
    };
    await ask(world, "/afterSale/fillLogistics", params, nothing);
  },
};

function sendTypeOf(subject: Case): number | undefined {
  const { caseType, status } = codesOf(subject);
  return isActionable(subject) && status === 8 ? sendTypes[caseType] : undefined;
}

/** Seven more days to receive; the channel takes it when two days or less are left. */
const extendTime: DouyinAction = {
  offered: (subject) =>
    offeredIf(
      codesOf(subject).status === 11 && isActionable(subject),
      subject,
      "The channel gives more time only for receiving returned goods: ask for it in the merchant's console.",
    ),
  send: async ({ subject }, world) => {
    await ask(world, "/afterSale/timeExtend", { aftersale_id: int64(subject.channelCaseId, "case id") }, nothing);
  },
};

const mostEvidence = 4;

const submitEvidence: DouyinAction = {
  needs: ["evidence"],
  takesFiles: true,
  offered: (subject) => {
    const { status } = subject.facts.dispute;
    const isOpen = status.known && (status.value === "evidence_due" || status.value === "negotiating");
    return offeredIf(isOpen, subject, "The channel takes evidence by call only in a dispute that asks for it.");
  },
  send: async (request, world) => {
    const { subject, command } = request;
    const pictures = await picturesOf(request, mostEvidence, world);
    if (pictures.length === 0) throw refusedHere("evidence is missing");
    const params = {
      aftersale_id: int64(subject.channelCaseId, "case id"),
      comment: command.args.note ?? "",
      evidence: pictures.map(({ url }) => url),
    };
    await ask(world, "/afterSale/submitEvidence", params, nothing);
  },
};

const remark: DouyinAction = {
  needs: ["note"],
  offered: () => ({ offered: true }),
  send: async ({ subject, command }, world) => {
    const params = { after_sale_id: subject.channelCaseId, remark: given(command.args.note, "note") };
    await ask(world, "/afterSale/addOrderRemark", params, nothing);
  },
};

/**
 * What we may ask of the channel. Left out: `provide_address` (an address goes with the consent), `confirm_receipt`
 * (accepting the goods is the refund), `message_buyer` (no call).
 */
export const actions: Readonly<Partial<Record<Action, DouyinAction>>> = {
  agree_return: byOperate(
    "agree_return",
    "Agree to the return in the merchant's console, if the case still allows it.",
    ["addressId"],
  ),
  agree_refund: agreeRefund,
  agree_refund_if_delivery_refused: agreeIfDeliveryRefused,
  agree_exchange: byOperate(
    "agree_exchange",
    "Agree to the exchange in the merchant's console, if the case still allows it.",
    ["addressId"],
  ),
  agree_reissue: byOperate(
    "agree_reissue",
    "Agree to the reissue in the merchant's console, if the case still allows it.",
  ),
  agree_repair: byOperate(
    "agree_repair",
    "Agree to the repair in the merchant's console, if the case still allows it.",
  ),
  refuse,
  ship_replacement: shipReplacement,
  fill_return_waybill: fillReturnWaybill,
  intercept_parcel: interceptParcel,
  extend_time: extendTime,
  submit_evidence: submitEvidence,
  remark,
};

function offeredIf(condition: boolean, subject: Case, task: string): ReturnType<DouyinAction["offered"]> {
  if (condition) return { offered: true };
  return { offered: false, task: subject.facts.flags.includes("not_actionable") ? over : task };
}
