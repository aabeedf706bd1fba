import type { CaseId, TenantId } from "#shared/case/ids.ts";
import { readItem, referenceItemSchema, schemaVersion, writeItem } from "./item.ts";
import { referenceKey, referencesTo } from "./keys.ts";
import { itemsOf } from "./query.ts";
import type { Place } from "./request.ts";
import { deleteAll, putAll } from "./write.ts";

export type References = ReturnType<typeof createReferences>;

export function createReferences(place: Place) {
  return {
    /** Makes a case findable by what people have in hand: order and tracking numbers. Safe to repeat. */
    async put(tenantId: TenantId, caseId: CaseId, references: readonly string[]): Promise<void> {
      const items = [...new Set(references)].map((reference) =>
        writeItem({
          ...referenceKey(tenantId, reference, caseId),
          entity: "reference",
          schemaVersion,
          ...{ tenantId, caseId },
        }),
      );
      await putAll(place, items);
    },

    /** Lets a case be found by these no more. Safe to repeat. */
    async remove(tenantId: TenantId, caseId: CaseId, references: readonly string[]): Promise<void> {
      await deleteAll(
        place,
        [...new Set(references)].map((reference) => referenceKey(tenantId, reference, caseId)),
      );
    },

    /** The cases that an order or tracking number leads to, in the order of their ids. */
    async find(tenantId: TenantId, reference: string): Promise<CaseId[]> {
      const caseIds: CaseId[] = [];
      const values = { pk: referencesTo(tenantId, reference) };
      for await (const item of itemsOf(place, { where: "#pk = :pk", values })) {
        caseIds.push(readItem(referenceItemSchema, item).caseId);
      }
      return caseIds;
    },
  };
}
