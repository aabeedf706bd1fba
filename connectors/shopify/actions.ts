import type { Case } from "#shared/case/case.ts";
import type { Action } from "#shared/case/command.ts";
import { linksOf } from "../kit/pieces.ts";
import { moved, readDispute, readReturn, refused } from "./before-write.ts";
import { cancelAndRefund, cancelOrder } from "./cancel-order.ts";
import { write } from "./client.ts";
import { byHand, isReturn, offered, type ShopifyAction } from "./commands.ts";
import * as documents from "./documents.ts";
import { filesOf, filesScope } from "./evidence-files.ts";
import { sendExchange } from "./exchange.ts";
import { gid } from "./gid.ts";
import { refundAgain, refundReturn } from "./pay.ts";
import { cancelReturn, closeReturn, reopenReturn } from "./return-life.ts";
import { isScopeGranted, missingScope } from "./scopes.ts";

/** Reasons for declining, by the names we and others give them; everything else is OTHER. */
const declineReasons: Readonly<Record<string, string>> = {
  FINAL_SALE: "FINAL_SALE",
  OUT_OF_WINDOW: "RETURN_PERIOD_ENDED",
  RETURN_PERIOD_ENDED: "RETURN_PERIOD_ENDED",
};
/** Shopify's limit. Source: Admin API schema, `ReturnDeclineRequestInput`, read 2026-11-22. */
const maxDeclineNote = 500;

const approve: ShopifyAction = {
  offered: (subject) =>
    isReturn(subject, ["requested"])
      ? offered
      : byHand(
          "Only a return request that nobody has answered can be approved. Open a new return in the Shopify admin.",
        ),
  send: async ({ subject }, world) => {
    const { status } = await readReturn(subject, world);
    // Approved already, by us before or by the merchant's staff: nothing is left to do.
    if (status === "OPEN") return;
    if (status !== "REQUESTED") throw moved(status);
    await write(world, documents.approve, { id: gid(subject.channelCaseId) });
  },
};

const refuse: ShopifyAction = {
  offered: (subject) =>
    isReturn(subject, ["requested"])
      ? offered
      : byHand(
          "Shopify declines only unanswered return requests. Settle this with the buyer and close the return in the admin.",
        ),
  send: async ({ subject, command }, world) => {
    const { status } = await readReturn(subject, world);
    if (status === "DECLINED") return;
    if (status !== "REQUESTED") throw moved(status);
    const { reasonCode = "", note } = command.args;
    const reason = reasonCode.toUpperCase();
    await write(world, documents.decline, {
      id: gid(subject.channelCaseId),
      reason: Object.hasOwn(declineReasons, reason) ? declineReasons[reason] : "OTHER",
      note: note === undefined ? null : cut(note, maxDeclineNote),
    });
  },
};

/** A return has no address: the buyer learns it from the label, or from the e-mail that a reverse delivery sends. */
const provideAddress: ShopifyAction = {
  offered: (subject) =>
    isReturn(subject, ["approved", "return_in_transit"])
      ? offered
      : byHand("Shopify sends return instructions only for an open return. Write to the buyer instead."),
  send: async ({ subject, command }, world) => {
    const { status, reverseFulfillmentOrders } = await readReturn(subject, world);
    if (status !== "OPEN") throw moved(status);
    const { trackingNo } = command.args;
    const deliveriesOf = ({ reverseDeliveries }: (typeof reverseFulfillmentOrders.nodes)[number]) =>
      reverseDeliveries.nodes;
    const deliveries = reverseFulfillmentOrders.nodes.flatMap(deliveriesOf);
    const isDone = deliveries.some(
      ({ deliverable }) => trackingNo === undefined || deliverable?.tracking?.number === trackingNo,
    );
    if (isDone) return;
    const open = reverseFulfillmentOrders.nodes.filter((each) => each.status === "OPEN");
    const target = open.find((each) => deliveriesOf(each).length === 0) ?? open[0];
    if (!target) throw moved("NO_OPEN_REVERSE_FULFILLMENT_ORDER");
    const label = linksOf(command.args).find(({ kind }) => kind === "return_label");
    await write(world, documents.attachDelivery, {
      id: target.id,
      label: label ? { fileUrl: label.url } : null,
      tracking: trackingNo === undefined ? null : { number: trackingNo },
    });
  },
};

/** Says that everything not yet accounted for has come back. What it is worth is decided by looking at it. */
const confirmReceipt: ShopifyAction = {
  offered: (subject) =>
    isReturn(subject, ["approved", "return_in_transit", "received"])
      ? offered
      : byHand("Receipt can be recorded only on an open return. Check the return in the Shopify admin."),
  send: async ({ subject, command }, world) => {
    const { status, reverseFulfillmentOrders } = await readReturn(subject, world);
    if (status !== "OPEN") throw moved(status);
    const { addressId } = command.args;
    const inputs = reverseFulfillmentOrders.nodes
      .filter((each) => each.status === "OPEN")
      .flatMap(({ lineItems }) => lineItems.nodes)
      .map(({ id, totalQuantity, dispositions }) => ({
        reverseFulfillmentOrderLineItemId: id,
        quantity: totalQuantity - dispositions.reduce((sum, { quantity }) => sum + quantity, 0),
        dispositionType: "PROCESSING_REQUIRED",
        ...(addressId?.startsWith("Location/") ? { locationId: gid(addressId) } : {}),
      }))
      .filter(({ quantity }) => quantity > 0);
    if (inputs.length === 0) return;
    await write(world, documents.dispose, { inputs });
  },
};

const agreeRefund: ShopifyAction = {
  offered: (subject) => {
    const { type, money } = subject.facts;
    if (isReturn(subject, ["approved", "return_in_transit", "received"])) {
      return type.known && type.value === "exchange"
        ? byHand(
            "An exchange is processed by sending its goods out. Where money is due either way, process it in the Shopify admin.",
          )
        : offered;
    }
    if (isReturn(subject)) return byHand("Shopify refunds only an approved, open return. Approve the return first.");
    if (isRefund(subject) && money.status === "failed") return offered;
    return byHand("Look at the order in the Shopify admin: there is nothing here that the API could refund.");
  },
  // A failed refund never changes: what is paid again is a refund of its own.
  showsElsewhere: isRefund,
  send: (request, world) => (isRefund(request.subject) ? refundAgain(request, world) : refundReturn(request, world)),
};

const shipReplacement: ShopifyAction = {
  offered: (subject) => {
    const { type } = subject.facts;
    return isReturn(subject, ["approved", "return_in_transit", "received"]) && type.known && type.value === "exchange"
      ? offered
      : byHand("Shopify sends goods out only for an open exchange. Make a new order in the admin instead.");
  },
  // The goods become lines of the order: the return shows no more than that it took them.
  showsElsewhere: () => true,
  send: sendExchange,
};

/** The bank reads the answer once: after it is handed in, it cannot be changed. */
const submitEvidence: ShopifyAction = {
  takesFiles: true,
  offered: ({ channelCaseId, facts }, args, credentials) => {
    const { status } = facts.dispute;
    const isAsked = status.known && status.value === "evidence_due";
    if (!channelCaseId.startsWith("ShopifyPaymentsDispute/") || !isAsked) {
      return byHand(
        "Shopify takes evidence only for a dispute that waits for the merchant. Look at the order in the admin.",
      );
    }
    const hasFiles = (args?.evidence ?? []).length > 0;
    return hasFiles && !isScopeGranted(credentials?.scope, filesScope) ? byHand(lacking(filesScope)) : offered;
  },
  send: async (request, world) => {
    const { subject, command } = request;
    const { note, evidence = [] } = command.args;
    if (!note && evidence.length === 0) throw refused("note_missing", "the evidence needs a text or a file");
    const { status, disputeEvidence } = await readDispute(subject, world);
    if (status !== "NEEDS_RESPONSE") throw moved(status);
    if (disputeEvidence.submitted) throw refused("EVIDENCE_ALREADY_ACCEPTED", "evidence has been handed in before");
    // All is uploaded before anything is handed in.
    const files = await filesOf(request, world);
    await write(world, documents.updateEvidence, {
      id: disputeEvidence.id,
      input: { ...(note && { uncategorizedText: note }), ...files, submitEvidence: true },
    });
  },
};

export const actions = {
  agree_return: withScope("agree_return", approve),
  agree_exchange: withScope("agree_exchange", approve),
  refuse: withScope("refuse", refuse),
  provide_address: withScope("provide_address", provideAddress),
  confirm_receipt: withScope("confirm_receipt", confirmReceipt),
  agree_refund: withScope("agree_refund", agreeRefund),
  ship_replacement: withScope("ship_replacement", shipReplacement),
  close_return: withScope("close_return", closeReturn),
  reopen_return: withScope("reopen_return", reopenReturn),
  cancel_return: withScope("cancel_return", cancelReturn),
  cancel_order: withScope("cancel_order", cancelOrder),
  cancel_and_refund: withScope("cancel_and_refund", cancelAndRefund),
  submit_evidence: withScope("submit_evidence", submitEvidence),
} as const satisfies Partial<Record<Action, ShopifyAction>>;

const lacking = (scope: string) =>
  `Our app lacks the scope ${scope} in this shop: do it in the Shopify admin, or grant it and connect again.`;

/** What the shop has not granted is a task: people in the admin need no scope. */
function withScope(action: Action, plain: ShopifyAction): ShopifyAction {
  return {
    ...plain,
    offered: (subject, args, credentials) => {
      const offer = plain.offered(subject, args, credentials);
      const lacks = missingScope(action, credentials?.scope, isRefund(subject));
      return offer.offered && lacks !== undefined ? byHand(lacking(lacks)) : offer;
    },
  };
}

function isRefund(subject: Case): boolean {
  return subject.channelCaseId.startsWith("Refund/");
}

/** At most `max` UTF-16 units, never half a character at the end. */
function cut(text: string, max: number): string {
  const start = text.slice(0, max);
  return start.isWellFormed() || !text.isWellFormed() ? start : start.slice(0, -1);
}
