import type { Case } from "#shared/case/case.ts";
import type { Action } from "#shared/case/command.ts";
import type { ChannelAction } from "../contract.ts";
import { agreeRefund } from "./agree-refund.ts";
import { cancelOrder } from "./cancel-order.ts";
import { messageBuyer } from "./message-buyer.ts";
import { refusedHere } from "./refused-here.ts";
import type { AmazonApp, AmazonCredentials } from "./settings.ts";

type AmazonAction = ChannelAction<AmazonApp, AmazonCredentials>;

/** No call, and what a person does instead. */
function byHand(task: (subject: Case) => string): AmazonAction {
  return {
    byHand: true,
    offered: (subject) => ({ offered: false, task: task(subject) }),
    send: async () => {
      throw refusedHere("Amazon has no call for this");
    },
  };
}

const orderOf = ({ facts }: Case) => facts.orders[0]?.orderId ?? "the order";
const returnsPage = "Seller Central, Orders, Manage Returns";

/**
 * What we may ask of Amazon: feeds, one template, and tasks. The API has no call for returns or claims; a message to the
 * buyer has templates, none of them for a return. Left out is what Amazon does not know at all (repairs, more time, remarks).
 */
export const actions: Readonly<Partial<Record<Action, AmazonAction>>> = {
  agree_refund: agreeRefund,
  agree_return: byHand(
    (subject) => `Authorise the return of ${orderOf(subject)} (${returnsPage}) and choose the return address there.`,
  ),
  provide_address: byHand(
    () => "Set the return address in Seller Central, Settings, Account Info: Amazon prints it on the label.",
  ),
  agree_exchange: byHand(
    (subject) => `Amazon offers the replacement itself; answer the request of ${orderOf(subject)} in ${returnsPage}.`,
  ),
  agree_reissue: byHand(() => "Amazon creates the replacement order itself; ship it like any order, or cancel it."),
  refuse: byHand(
    (subject) =>
      `Close the request of ${orderOf(subject)} with its reason in ${returnsPage}; the buyer may file a claim.`,
  ),
  submit_evidence: byHand(
    (subject) =>
      `Answer the claim on ${orderOf(subject)} in Seller Central, Performance, A-to-z Guarantee Claims, within 48 hours of Amazon's e-mail.`,
  ),
  cancel_order: cancelOrder,
  message_buyer: messageBuyer(
    (subject) =>
      `Write to the buyer of ${orderOf(subject)} in Seller Central, Messages, in the buyer's language: "${messageFor(subject)}"`,
  ),
};

/** Ready to send: no link, no address, nothing that Amazon's rules for messages forbid. */
function messageFor({ facts }: Case): string {
  switch (facts.state.known ? facts.state.value : undefined) {
    case "requested":
      return "We have received your return request and will answer it within one day.";
    case "approved":
    case "return_in_transit":
      return "Your return is authorised. Please send the item with the label from your order page.";
    case "received":
      return "Your return has arrived. We are checking it and will refund you within four days.";
    case "refunding":
    case "refunded":
      return "Your refund has been issued. Your bank may need some days to show it.";
    default:
      return "Thank you for your message. We are looking into your order and will come back to you within one day.";
  }
}
