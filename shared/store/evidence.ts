import type { Evidence } from "#shared/case/evidence.ts";
import type { CaseId, TenantId } from "#shared/case/ids.ts";
import { endOf } from "#shared/case/retention.ts";
import { evidenceItemSchema, readItem, schemaVersion, writeItem } from "./item.ts";
import { evidenceKey, evidenceOf } from "./keys.ts";
import { getItem, itemsOf } from "./query.ts";
import type { Place } from "./request.ts";
import { putIf } from "./write.ts";

export type EvidenceRecords = ReturnType<typeof createEvidence>;

/**
 * What is known of the files that cases show, an item each beside its case: a case with many pictures stays small, and
 * none of them is a reason to save it.
 */
export function createEvidence(place: Place) {
  return {
    /** Writes down what became of a file. What is erased stays erased: false then. */
    async put(evidence: Evidence): Promise<boolean> {
      const { tenantId, caseId, evidenceId } = evidence;
      const item = writeItem({
        ...evidenceKey(tenantId, caseId, evidenceId),
        entity: "evidence",
        schemaVersion,
        expiresAtSeconds: endOf("evidence", evidence.receivedAt),
        evidence,
      });
      const condition = "attribute_not_exists(#pk) OR #evidence.#status <> :erased";
      return (await putIf(place, item, { condition, values: { erased: "erased" } })).written;
    },

    async get(tenantId: TenantId, caseId: CaseId, evidenceId: string): Promise<Evidence | undefined> {
      const item = await getItem(place, evidenceKey(tenantId, caseId, evidenceId));
      return item && readItem(evidenceItemSchema, item).evidence;
    },

    async list(tenantId: TenantId, caseId: CaseId): Promise<Evidence[]> {
      const found: Evidence[] = [];
      const where = "#pk = :pk AND begins_with(#sk, :prefix)";
      for await (const item of itemsOf(place, { where, values: evidenceOf(tenantId, caseId) })) {
        found.push(readItem(evidenceItemSchema, item).evidence);
      }
      return found;
    },
  };
}
