import type { TenantId } from "#shared/case/ids.ts";
import type { TenantLimits } from "#shared/case/write-limits.ts";
import { limitsItemSchema, readItem, schemaVersion, writeItem } from "./item.ts";
import { limitsKey } from "./keys.ts";
import { getItem } from "./query.ts";
import type { Place } from "./request.ts";
import { putIf } from "./write.ts";

export type Limits = ReturnType<typeof createLimits>;

export function createLimits(place: Place) {
  return {
    /** How much, how fast and when the suite may write in a tenant's shops; undefined while nobody has said. */
    async get(tenantId: TenantId): Promise<TenantLimits | undefined> {
      const item = await getItem(place, limitsKey(tenantId));
      return item && readItem(limitsItemSchema, item).limits;
    },

    /** Puts new limits in the place of the old ones; in force with the next write. */
    async put(tenantId: TenantId, limits: TenantLimits): Promise<void> {
      const item = writeItem({ ...limitsKey(tenantId), entity: "write_limits", schemaVersion, limits });
      await putIf(place, item, {
        condition: "attribute_not_exists(#pk) OR #entity = :entity",
        values: { entity: "write_limits" },
      });
    },
  };
}
