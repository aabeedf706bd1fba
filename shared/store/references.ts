import type { CaseId, TenantId } from "#shared/case/ids.ts";
import type { Instant } from "#shared/case/instant.ts";
import { endOf } from "#shared/case/retention.ts";
import { readItem, referenceItemSchema, schemaVersion, writeItem } from "./item.ts";
import { endedKey, endedUpTo, type Key, referenceKey, referencesTo, type ShopKey } from "./keys.ts";
import { itemsOf } from "./query.ts";
import type { Place } from "./request.ts";
import { deleteAll, putAll } from "./write.ts";

/** `refund_reference`: only needed for some nights. */
type Kind = "reference" | "refund_reference";

/** A case that is over, and from when the term counts for which it may still lead to a person. */
export interface EndedCase {
  caseId: CaseId;
  from: Instant;
}

export type References = ReturnType<typeof createReferences>;

export function createReferences(place: Place) {
  const itemOf = (key: Key, tenantId: TenantId, caseId: CaseId, kind: Kind) =>
    writeItem({
      ...key,
      entity: "reference",
      schemaVersion,
      expiresAtSeconds: endOf(kind, place.clock.now()),
      ...{ tenantId, caseId },
    });

  return {
    /** Makes a case findable by what people have in hand: order and tracking numbers. Safe to repeat. */
    async put(
      tenantId: TenantId,
      caseId: CaseId,
      references: readonly string[],
      kind: Kind = "reference",
    ): Promise<void> {
      const names = [...new Set(references)];
      await putAll(
        place,
        names.map((name) => itemOf(referenceKey(tenantId, name, caseId), tenantId, caseId, kind)),
      );
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

    /** Has a case that is over wait for what leads to a person to be erased from it. Safe to repeat. */
    async putEnded(shop: ShopKey, { caseId, from }: EndedCase): Promise<void> {
      await putAll(place, [itemOf(endedKey(shop, from, caseId), shop.tenantId, caseId, "reference")]);
    },

    /** A shop's cases that wait for it, and whose term counts from `until` or before; the longest over first. */
    async *endedUpTo(shop: ShopKey, until: Instant): AsyncGenerator<EndedCase> {
      const where = "#pk = :pk AND #sk <= :last";
      for await (const item of itemsOf(place, { where, values: endedUpTo(shop, until) })) {
        const { caseId, sk } = readItem(referenceItemSchema, item);
        yield { caseId, from: sk.slice(0, sk.indexOf("#")) };
      }
    },

    /** It has been done, or the case has been opened anew. Safe to repeat. */
    async removeEnded(shop: ShopKey, { caseId, from }: EndedCase): Promise<void> {
      await deleteAll(place, [endedKey(shop, from, caseId)]);
    },
  };
}
