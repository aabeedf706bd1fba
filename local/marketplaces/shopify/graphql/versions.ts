/** Versions that answer. Asking for another one is no error: the oldest of these answers instead. */
export const accessibleVersions = ["2026-01", "2026-04", "2026-07", "2026-10"] as const;
export type Version = (typeof accessibleVersions)[number];
export const latestVersion: Version = "2026-10";

export function versionFor(asked: string): Version {
  return accessibleVersions.find((version) => version === asked) ?? accessibleVersions[0];
}

/** What a version does not have yet, as `Type.field`, `Enum.VALUE` or `Input.field`, with the version that brought it. */
export const arrivals: Readonly<Record<string, Version>> = {
  "ExchangeLineItem.productId": "2026-10",
  "ExchangeLineItem.title": "2026-10",
  "ExchangeLineItem.variantSku": "2026-10",
  "ExchangeLineItem.variantTitle": "2026-10",
  "OrderCancelPayload.jobResult": "2026-10",
  "DisputeStatus.PREVENTED": "2026-04",
  "WebhookSubscriptionInput.name": "2026-04",
  "WebhookSubscription.name": "2026-04",
};

/** From this version on `refundCreate` is refused without an idempotency key. */
export const idempotencyRequiredFrom: Version = "2026-04";
