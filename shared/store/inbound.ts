import type { TenantId } from "#shared/case/ids.ts";
import { endOf } from "#shared/case/retention.ts";
import { inboundKeysItemSchema, readItem, schemaVersion, writeItem } from "./item.ts";
import { inboundKeysKey, inboundMarkKey } from "./keys.ts";
import { getItem } from "./query.ts";
import type { Place } from "./request.ts";
import { putIf } from "./write.ts";

/** `sealed` is ciphertext. */
export interface SealedInboundKey {
  keyId: string;
  sealed: Uint8Array;
}

/** How many keys a tenant has at once: two while one is being replaced. */
const mostKeys = 2;

export type Inbound = ReturnType<typeof createInbound>;

export function createInbound(place: Place) {
  return {
    /** The keys with which a tenant's own systems sign, newest first. */
    async keys(tenantId: TenantId): Promise<SealedInboundKey[]> {
      const item = await getItem(place, inboundKeysKey(tenantId));
      return item ? readItem(inboundKeysItemSchema, item).keys : [];
    },

    /** Adds a key before those there are; beyond two the oldest goes. Of two that add at once the later wins. */
    async addKey(tenantId: TenantId, key: SealedInboundKey): Promise<void> {
      const others = (await this.keys(tenantId)).filter(({ keyId }) => keyId !== key.keyId);
      const keys = [key, ...others]
        .slice(0, mostKeys)
        .map((each) => ({ ...each, sealed: new Uint8Array(each.sealed) }));
      const item = writeItem({ ...inboundKeysKey(tenantId), entity: "inbound_keys", schemaVersion, keys });
      await putIf(place, item, {
        condition: "attribute_not_exists(#pk) OR #entity = :entity",
        values: { entity: "inbound_keys" },
      });
    },

    /** Whether the tenant's event has been taken before. */
    async isMarked(tenantId: TenantId, eventId: string): Promise<boolean> {
      return (await getItem(place, inboundMarkKey(tenantId, eventId))) !== undefined;
    },

    /** Remembers for 35 days that the event has been taken. Only after it is safely queued. */
    async mark(tenantId: TenantId, eventId: string, now: Date): Promise<void> {
      const expiresAtSeconds = endOf("inbound_mark", now);
      const key = inboundMarkKey(tenantId, eventId);
      const item = writeItem({ ...key, entity: "inbound_mark", schemaVersion, expiresAtSeconds });
      const condition = "attribute_not_exists(#pk) OR #expiresAtSeconds <= :now";
      await putIf(place, item, { condition, values: { now: Math.floor(now.getTime() / 1000) } });
    },
  };
}
