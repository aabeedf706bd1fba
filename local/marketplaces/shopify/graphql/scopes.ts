/** Scopes a field needs, all of them. A write scope includes the read scope. A field not named here needs none. */
export const fieldScopes: Readonly<Record<string, readonly string[]>> = {
  "QueryRoot.return": ["read_returns"],
  "QueryRoot.returnReasonDefinitions": ["read_returns"],
  "QueryRoot.returnableFulfillment": ["read_orders", "read_returns"],
  "QueryRoot.returnableFulfillments": ["read_orders", "read_returns"],
  "QueryRoot.reverseDelivery": ["read_returns"],
  "QueryRoot.reverseFulfillmentOrder": ["read_returns"],
  "QueryRoot.order": ["read_orders"],
  "QueryRoot.orders": ["read_orders"],
  "QueryRoot.refund": ["read_orders"],
  "QueryRoot.dispute": ["read_shopify_payments_disputes"],
  "QueryRoot.disputes": ["read_shopify_payments_disputes"],
  "QueryRoot.disputeEvidence": ["read_shopify_payments_dispute_evidences"],
  "QueryRoot.location": ["read_locations"],
  "QueryRoot.locations": ["read_locations"],
  "Return.order": ["read_orders"],
  "Return.refunds": ["read_orders"],
  "Return.transactions": ["read_orders"],
  "Refund.return": ["read_returns"],
  "Order.returns": ["read_returns"],
  "Order.customer": ["read_customers"],
  "Order.disputes": ["read_shopify_payments_disputes"],
  "ShopifyPaymentsDispute.disputeEvidence": ["read_shopify_payments_dispute_evidences"],
  "Mutation.returnRequest": ["write_returns"],
  "Mutation.returnCreate": ["write_returns"],
  "Mutation.returnApproveRequest": ["write_returns"],
  "Mutation.returnDeclineRequest": ["write_returns"],
  "Mutation.returnCancel": ["write_returns"],
  "Mutation.returnClose": ["write_returns"],
  "Mutation.returnReopen": ["write_returns"],
  "Mutation.removeFromReturn": ["write_returns"],
  "Mutation.returnProcess": ["write_returns"],
  "Mutation.reverseDeliveryCreateWithShipping": ["write_returns"],
  "Mutation.reverseDeliveryShippingUpdate": ["write_returns"],
  "Mutation.reverseFulfillmentOrderDispose": ["write_returns"],
  "Mutation.refundCreate": ["write_orders"],
  "Mutation.orderCancel": ["write_orders"],
  "ShopifyPaymentsDisputeEvidence.disputeFileUploads": ["read_shopify_payments_dispute_file_uploads"],
  "Mutation.disputeEvidenceUpdate": ["write_shopify_payments_dispute_evidences"],
};

/** Fields that show the buyer's name, address, e-mail or phone, and need the platform's approval besides the scope. */
export const protectedFields: ReadonlySet<string> = new Set([
  ...["email", "phone", "statusPageUrl"].map((field) => `Order.${field}`),
  ...["displayName", "firstName", "lastName", "email", "phone"].map((field) => `Customer.${field}`),
  ...[
    "name",
    "firstName",
    "lastName",
    "address1",
    "address2",
    "zip",
    "formatted",
    "latitude",
    "longitude",
    "phone",
  ].map((field) => `MailingAddress.${field}`),
  ...["customerEmailAddress", "customerFirstName", "customerLastName"].map(
    (field) => `ShopifyPaymentsDisputeEvidence.${field}`,
  ),
]);

export const everyScope: readonly string[] = [
  "write_returns",
  "write_orders",
  "read_all_orders",
  "read_customers",
  "read_locations",
  "read_shopify_payments_disputes",
  "write_shopify_payments_dispute_evidences",
  "write_shopify_payments_dispute_file_uploads",
];

export function isGranted(granted: readonly string[], scope: string): boolean {
  return granted.includes(scope) || granted.includes(scope.replace(/^read_/, "write_"));
}
