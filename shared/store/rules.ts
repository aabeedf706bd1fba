import { TransactionCanceledException, TransactWriteItemsCommand } from "@aws-sdk/client-dynamodb";
import type { Calendar } from "#shared/case/calendar.ts";
import type { TenantId } from "#shared/case/ids.ts";
import type { Instant } from "#shared/case/instant.ts";
import { sameValue } from "#shared/case/same-value.ts";
import type { TenantRules } from "#shared/case/tenant-rules.ts";
import { SuiteError } from "#shared/errors.ts";
import {
  type Attributes,
  calendarItemSchema,
  readItem,
  rulesHistoryItemSchema,
  rulesItemSchema,
  schemaVersion,
  writeItem,
} from "./item.ts";
import { calendarKey, rulesHistoryKey, rulesKey } from "./keys.ts";
import { getItem } from "./query.ts";
import { answered, type Place } from "./request.ts";
import { declared } from "./write.ts";

/** What a tenant has decided about clocks. `version` counts its decisions from 1. */
export interface SavedRules {
  version: number;
  savedAt: Instant;
  rules: TenantRules;
  /** One for each market that the rules name. */
  calendars: Calendar[];
}

export type Rules = ReturnType<typeof createRules>;

export function createRules(place: Place) {
  /**
   * What holds now; undefined while the tenant has decided nothing. With `known`, what was read before, one request in the
   * usual case: a version never changes, so nothing but its number has to be looked at again.
   */
  async function get(tenantId: TenantId, known?: SavedRules): Promise<SavedRules | undefined> {
    const item = await getItem(place, rulesKey(tenantId));
    if (!item) return undefined;
    const { version, savedAt, rules } = readItem(rulesItemSchema, item);
    if (known?.version === version) return known;
    const calendars = await Promise.all(
      rules.calendars.map(async (market) => {
        const stored = await getItem(place, calendarKey(tenantId, market));
        return stored ? [readItem(calendarItemSchema, stored).calendar] : [];
      }),
    );
    return { version, savedAt, rules, calendars: calendars.flat() };
  }

  /** What held at a version. */
  async function getVersion(tenantId: TenantId, version: number): Promise<SavedRules | undefined> {
    const item = await getItem(place, rulesHistoryKey(tenantId, version));
    if (!item) return undefined;
    const { savedAt, rules, calendars } = readItem(rulesHistoryItemSchema, item);
    return { version, savedAt, rules, calendars };
  }

  /**
   * Stores the next version, with its history and calendars, all or nothing. False when another was stored first; the
   * very same again, as after a lost answer, counts as stored. @throws SuiteError `store_unavailable` (retryable)
   */
  async function put(tenantId: TenantId, { version, savedAt, rules, calendars }: SavedRules): Promise<boolean> {
    const about = { schemaVersion, version } as const;
    const current = writeItem({ ...rulesKey(tenantId), entity: "tenant_rules", ...about, savedAt, rules });
    const history = writeItem({
      ...rulesHistoryKey(tenantId, version),
      ...{ entity: "tenant_rules_history", ...about, savedAt, rules, calendars },
    });
    const perMarket = calendars.map((calendar) =>
      writeItem({ ...calendarKey(tenantId, calendar.market), entity: "calendar", ...about, calendar }),
    );
    const condition = version === 1 ? "attribute_not_exists(#pk)" : "#version = :previous";
    const conditional = {
      ...put1(current),
      ConditionExpression: condition,
      ...declared(condition, version === 1 ? {} : { previous: version - 1 }),
    };
    const TransactItems = [conditional, ...[history, ...perMarket].map(put1)].map((Put) => ({ Put }));
    try {
      await answered(place.client.send(new TransactWriteItemsCommand({ TransactItems })));
      return true;
    } catch (cause) {
      if (!(cause instanceof TransactionCanceledException)) throw cause;
      if (cause.CancellationReasons?.[0]?.Code !== "ConditionalCheckFailed") {
        throw new SuiteError("store_unavailable", "the rules were being written by another", { cause });
      }
      const stored = await get(tenantId);
      return stored?.version === version && sameValue(stored.rules, rules);
    }
  }

  function put1(item: Attributes) {
    return { TableName: place.tableName, Item: item };
  }

  return { get, getVersion, put };
}
