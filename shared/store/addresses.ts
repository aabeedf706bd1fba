import type { BookEntry, Warehouse } from "#shared/case/address-book.ts";
import { type AddressRules, noAddressRules } from "#shared/case/address-rules.ts";
import type { CaseId, TenantId } from "#shared/case/ids.ts";
import { endOf } from "#shared/case/retention.ts";
import { sameValue } from "#shared/case/same-value.ts";
import {
  addressRulesItemSchema,
  readItem,
  schemaVersion,
  warehouseDayItemSchema,
  warehouseItemSchema,
  writeItem,
} from "./item.ts";
import { addressRulesKey, warehouseDayKey, warehouseKey, warehousesOf } from "./keys.ts";
import { getItem, itemsOf } from "./query.ts";
import type { Place } from "./request.ts";
import { putIf, updateIf } from "./write.ts";

/** Version 0 while the tenant has said nothing. */
export interface SavedAddressRules {
  version: number;
  rules: AddressRules;
}

export type Addresses = ReturnType<typeof createAddresses>;

export function createAddresses(place: Place) {
  /** The tenant's warehouses, by id. */
  async function list(tenantId: TenantId): Promise<BookEntry[]> {
    const entries: BookEntry[] = [];
    const where = "#pk = :pk AND begins_with(#sk, :prefix)";
    for await (const item of itemsOf(place, { where, values: warehousesOf(tenantId) })) {
      const { version, warehouse } = readItem(warehouseItemSchema, item);
      entries.push({ version, warehouse });
    }
    return entries;
  }

  async function get(tenantId: TenantId, addressId: string): Promise<BookEntry | undefined> {
    const item = await getItem(place, warehouseKey(tenantId, addressId));
    if (!item) return undefined;
    const { version, warehouse } = readItem(warehouseItemSchema, item);
    return { version, warehouse };
  }

  /** Stores the version after `replaces`, 0 for the first. False when another was stored since; the very same again is stored. */
  async function put(tenantId: TenantId, warehouse: Warehouse, replaces: number): Promise<boolean> {
    const version = replaces + 1;
    const key = warehouseKey(tenantId, warehouse.addressId);
    const item = writeItem({ ...key, entity: "warehouse", schemaVersion, version, warehouse });
    const write = await putIf(place, item, after(replaces));
    if (write.written) return true;
    const stored = write.current && readItem(warehouseItemSchema, write.current);
    return stored?.version === version && sameValue(stored.warehouse, warehouse);
  }

  async function getRules(tenantId: TenantId): Promise<SavedAddressRules> {
    const item = await getItem(place, addressRulesKey(tenantId));
    if (!item) return { version: 0, rules: noAddressRules };
    const { version, rules } = readItem(addressRulesItemSchema, item);
    return { version, rules };
  }

  /** As `put`. */
  async function putRules(tenantId: TenantId, rules: AddressRules, replaces: number): Promise<boolean> {
    const version = replaces + 1;
    const item = writeItem({ ...addressRulesKey(tenantId), entity: "address_rules", schemaVersion, version, rules });
    const write = await putIf(place, item, after(replaces));
    if (write.written) return true;
    const stored = write.current && readItem(addressRulesItemSchema, write.current);
    return stored?.version === version && sameValue(stored.rules, rules);
  }

  /** Counts a case's goods towards a warehouse's day. Safe to repeat: a case counts once. */
  async function countIn(tenantId: TenantId, addressId: string, day: string, caseId: CaseId): Promise<void> {
    await updateIf(place, warehouseDayKey(tenantId, addressId, day), {
      update: "SET #entity = :entity, #schemaVersion = :schemaVersion, #expiresAtSeconds = :expires ADD #cases :cases",
      condition: "attribute_not_exists(#pk) OR #entity = :entity",
      values: {
        ...{ entity: "warehouse_day", schemaVersion, cases: new Set([caseId]) },
        expires: endOf("warehouse_day", new Date(day)),
      },
    });
  }

  async function countOf(tenantId: TenantId, addressId: string, day: string): Promise<number> {
    const item = await getItem(place, warehouseDayKey(tenantId, addressId, day));
    return item ? readItem(warehouseDayItemSchema, item).cases.size : 0;
  }

  return { list, get, put, getRules, putRules, countIn, countOf };
}

const after = (replaces: number) =>
  replaces === 0
    ? { condition: "attribute_not_exists(#pk)" }
    : { condition: "#version = :replaces", values: { replaces } };
