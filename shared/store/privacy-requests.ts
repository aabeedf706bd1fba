import type { TenantId } from "#shared/case/ids.ts";
import type { PrivacyRequest } from "#shared/case/privacy-request.ts";
import { endOf } from "#shared/case/retention.ts";
import { privacyRequestItemSchema, readItem, schemaVersion, writeItem } from "./item.ts";
import { privacyRequestKey, privacyRequestsOf } from "./keys.ts";
import { itemsOf } from "./query.ts";
import type { Place } from "./request.ts";
import { putIf } from "./write.ts";

export type PrivacyRequests = ReturnType<typeof createPrivacyRequests>;

export function createPrivacyRequests(place: Place) {
  const itemOf = (request: PrivacyRequest) =>
    writeItem({
      ...privacyRequestKey(request.tenantId, request.requestId),
      entity: "privacy_request",
      schemaVersion,
      expiresAtSeconds: endOf("privacy_request", request.receivedAt),
      request,
    });

  return {
    /** Writes the request down, once; the one there is, if it has been written down before. */
    async open(request: PrivacyRequest): Promise<PrivacyRequest> {
      const write = await putIf(place, itemOf(request), { condition: "attribute_not_exists(#pk)" });
      return write.written || !write.current ? request : readItem(privacyRequestItemSchema, write.current).request;
    },

    /** Writes down how it ended. Safe to repeat. */
    async end(request: PrivacyRequest): Promise<void> {
      await putIf(place, itemOf(request), { condition: "attribute_exists(#pk)" });
    },

    /** All that were made to a tenant and are still kept, by their ids. */
    async list(tenantId: TenantId): Promise<PrivacyRequest[]> {
      const requests: PrivacyRequest[] = [];
      const where = "#pk = :pk AND begins_with(#sk, :prefix)";
      for await (const item of itemsOf(place, { where, values: privacyRequestsOf(tenantId) })) {
        requests.push(readItem(privacyRequestItemSchema, item).request);
      }
      return requests;
    },
  };
}
