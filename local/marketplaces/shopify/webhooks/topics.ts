/** Topics this platform can send, each with the scopes of which one is needed to subscribe. */
export const topicScopes = {
  "returns/request": ["read_returns"],
  "returns/approve": ["read_returns"],
  "returns/decline": ["read_returns"],
  "returns/cancel": ["read_returns", "read_orders"],
  "returns/close": ["read_returns", "read_orders"],
  "returns/reopen": ["read_returns", "read_orders"],
  "returns/update": ["read_returns"],
  "returns/process": ["read_returns"],
  "reverse_deliveries/attach_deliverable": ["read_returns"],
  "reverse_fulfillment_orders/dispose": ["read_returns"],
  "refunds/create": ["read_orders"],
  "order_transactions/create": ["read_orders"],
  "disputes/create": ["read_shopify_payments_disputes"],
  "disputes/update": ["read_shopify_payments_disputes"],
  "orders/cancelled": ["read_orders"],
  "orders/edited": ["read_orders"],
  "orders/updated": ["read_orders"],
  "app/uninstalled": [],
  "app/scopes_update": [],
  "bulk_operations/finish": [],
} as const satisfies Record<string, readonly string[]>;

export type SubscribableTopic = keyof typeof topicScopes;
/** These reach an app only through its configuration file, never through a subscription. */
export type ComplianceTopic = "customers/data_request" | "customers/redact" | "shop/redact";
export type Topic = SubscribableTopic | ComplianceTopic;

/** What the app's configuration file subscribes in every shop. `orders/updated` would double every other topic. */
export const configuredTopics: readonly Topic[] = [
  ...(Object.keys(topicScopes) as SubscribableTopic[]).filter((topic) => topic !== "orders/updated"),
  "customers/data_request",
  "customers/redact",
  "shop/redact",
];

export function enumOf(topic: Topic): string {
  return topic.toUpperCase().replace("/", "_");
}

export function topicOf(enumName: string): SubscribableTopic | undefined {
  return (Object.keys(topicScopes) as SubscribableTopic[]).find((topic) => enumOf(topic) === enumName);
}
