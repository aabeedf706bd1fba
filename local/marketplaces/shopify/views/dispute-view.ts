import { gid } from "../model/ids.ts";
import { money } from "../model/money.ts";
import type { Dispute, Order } from "../model/types.ts";
import { orderView } from "./order-view.ts";
import type { View } from "./view.ts";

export function disputeView(view: View, order: Order, dispute: Dispute): object {
  return {
    __typename: "ShopifyPaymentsDispute",
    id: gid("ShopifyPaymentsDispute", dispute.id),
    legacyResourceId: dispute.id,
    status: dispute.status,
    type: dispute.type,
    amount: money(dispute.amountMinor, order.presentmentCurrency),
    initiatedAt: dispute.initiatedAt,
    evidenceDueBy: dispute.evidenceDueBy ?? null,
    evidenceSentOn: dispute.evidenceSentOn ?? null,
    finalizedOn: dispute.finalizedOn ?? null,
    reasonDetails: { reason: dispute.reason, networkReasonCode: dispute.networkReasonCode },
    order: () => orderView(view, order),
    disputeEvidence: () => evidenceView(view, order, dispute),
  };
}

const evidenceFields = ["cancellationPolicy", "customerCommunication", "refundPolicy", "serviceDocumentation"]
  .concat("shippingDocumentation", "uncategorized")
  .map((each) => `${each}File`);

export function evidenceView(view: View, order: Order, dispute: Dispute): object {
  const { buyer } = order;
  const { evidence } = dispute;
  const uploads = (evidence.uploads ?? []).map((each) => ({
    __typename: "ShopifyPaymentsDisputeFileUpload",
    id: gid("ShopifyPaymentsDisputeFileUpload", each.id),
    disputeEvidenceType: each.documentType.toUpperCase(),
    fileSize: each.bytes,
    fileType: each.mediaType,
    originalFileName: each.name,
    url: `https://files.example/${each.id}`,
  }));
  return {
    __typename: "ShopifyPaymentsDisputeEvidence",
    ...evidence.texts,
    id: gid("ShopifyPaymentsDisputeEvidence", evidence.id),
    submitted: evidence.submitted,
    dispute: () => disputeView(view, order, dispute),
    customerEmailAddress: evidence.texts.customerEmailAddress ?? buyer?.email ?? null,
    customerFirstName: evidence.texts.customerFirstName ?? buyer?.firstName ?? null,
    customerLastName: evidence.texts.customerLastName ?? buyer?.lastName ?? null,
    ...Object.fromEntries(
      evidenceFields.map((field) => [field, uploads.find(({ id }) => id === evidence.files[field]) ?? null]),
    ),
    disputeFileUploads: uploads,
    fulfillments: [],
  };
}
