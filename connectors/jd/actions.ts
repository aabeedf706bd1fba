import { auditActions, cancelUnanswered, evidenceText, refuseAtAudit, waitsForAudit } from "./audit-actions.ts";
import { command as ask } from "./client.ts";
import { closeTicket, goodsActions, sendBack } from "./goods-actions.ts";
import { agreeRefund, refuseRefund } from "./pay.ts";
import { refusedHere } from "./refused-here.ts";
import { processStatuses, waitsForBuyer } from "./status.ts";
import { codesOf, type JdAction, type JdActions, offeredIf, ticketParams, waybill, waybillForm } from "./subject.ts";

/** `reasonCode` of a refusal of goods that came back where there is nothing to send to the buyer. */
const nothingToSendBack = "close";

/**
 * A cancellation is refused by its answer, a ticket at its audit, goods that came back by sending them back. Where the
 * parcel held nothing, the ticket is closed; where the buyer does not answer a question, it is cancelled.
 */
const refuse: JdAction = {
  offered: (subject, args, credentials) => {
    const codes = codesOf(subject);
    const { family, status } = codes;
    if ((family === "refund" && status === 0) || waitsForAudit(codes)) return { offered: true };
    if (family === "ticket" && status === waitsForBuyer)
      return offeredIf(
        credentials?.switches.cancelUnanswered === true,
        "Cancel the ticket in the merchant's console if the buyer does not answer.",
      );
    const isBack = family === "ticket" && processStatuses.includes(status);
    if (!isBack) return offeredIf(false, "Refuse in the merchant's console, if the case still allows it.");
    return offeredIf(
      !args || waybill(args) !== undefined || args.reasonCode === nothingToSendBack,
      `Send the goods back to the buyer, then refuse ${waybillForm}; with reasonCode ${nothingToSendBack} where the parcel was empty; or ask the channel to arbitrate in the merchant's console.`,
    );
  },
  send: async (request, world) => {
    const codes = codesOf(request.subject);
    if (codes.family === "refund") return refuseRefund(request, world);
    if (waitsForAudit(codes)) return refuseAtAudit(request, world);
    if (codes.status === waitsForBuyer) return cancelUnanswered(request, world);
    const isEmpty = request.command.args.reasonCode === nothingToSendBack;
    return isEmpty ? closeTicket(request, world) : sendBack(request, world);
  },
};

/** A note in the ticket's own log, with where the evidence lies: the channel takes no pictures from merchants by call. */
const remark: JdAction = {
  offered: (subject) =>
    offeredIf(
      codesOf(subject).family === "ticket",
      "Write the remark in the merchant's console: cancellations take none by call.",
    ),
  send: async (request, world) => {
    const { args } = request.command;
    const text = [args.note, evidenceText(args)].filter(Boolean).join("；");
    if (!text) throw refusedHere("note is missing");
    const { orderId: _, ...params } = ticketParams(request, world);
    await ask(world, "jingdong.asc.track.save", { ...params, operateRemark: text.slice(0, 500) });
  },
};

/**
 * What we may ask of the channel. Left out: `extend_time` (no call) and `submit_evidence` (no call takes any; asking the
 * channel to arbitrate, `process.JdIntervene`, wants reasons and a phone that a person should choose).
 */
export const actions: JdActions = { ...auditActions, ...goodsActions, agree_refund: agreeRefund, refuse, remark };
