import type { Work } from "./works.ts";

export const listPrivacyRequests: Work<"list_privacy_requests"> = async ({ operator }, { store }) => ({
  requests: (await store.privacyRequests.list(operator.tenantId)).map(({ tenantId: _, ...request }) => request),
});
