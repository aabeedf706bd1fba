import { createHash } from "node:crypto";
import type { Money } from "#shared/case/money.ts";
import { endOf } from "#shared/case/retention.ts";
import type { WriteLimits } from "#shared/case/write-limits.ts";
import { dayItemSchema, paceItemSchema, readItem, schemaVersion } from "./item.ts";
import { dayKey, paceKey, type ShopKey } from "./keys.ts";
import { getItem } from "./query.ts";
import type { Place } from "./request.ts";
import { updateIf } from "./write.ts";

/** A refund that a day is charged with. The same `spentBy` is charged once, however often it is asked. */
export interface Spending {
  shop: ShopKey;
  /** The shop's own date. */
  day: string;
  amount: Money;
  spentBy: string;
}

export interface Today {
  refunds: number;
  amountMinor: number;
}

export type Counters = ReturnType<typeof createCounters>;

export function createCounters(place: Place) {
  /**
   * Takes a turn to write in a shop, or says how long to wait for one. A bucket kept as one number, the instant at which
   * it would be full again (GCRA): each write moves it on by an interval, and it may not lie further ahead than a burst.
   *
   *   idle shop    freeAt <= now                        freeAt = now + interval: go
   *   busy shop    now < freeAt <= now + burst          freeAt = freeAt + interval: go
   *   full         freeAt > now + burst                 unchanged: wait freeAt - now - burst
   *
   * A lost answer may take a second turn, which costs the shop one interval and nothing else.
   */
  async function turn(shop: ShopKey, now: Date, limits: WriteLimits): Promise<{ go: true } | { waitMs: number }> {
    const interval = Math.ceil(60_000 / limits.writesPerMinute);
    const mostAhead = now.getTime() + interval * (limits.writesAtOnce - 1);
    const about = { entity: "pace", schemaVersion, now: now.getTime(), expires: endOf("pace", now) };
    const labelled = "#entity = :entity, #schemaVersion = :schemaVersion, #expiresAtSeconds = :expires";
    const idle = await updateIf(place, paceKey(shop), {
      update: `SET #freeAt = :next, ${labelled}`,
      condition: "attribute_not_exists(#pk) OR #freeAt <= :now",
      values: { ...about, next: now.getTime() + interval },
    });
    if (idle.written) return { go: true };
    const busy = await updateIf(place, paceKey(shop), {
      update: "SET #freeAt = #freeAt + :interval",
      condition: "#freeAt <= :mostAhead",
      values: { interval, mostAhead },
    });
    if (busy.written) return { go: true };
    const freeAt = busy.current ? readItem(paceItemSchema, busy.current).freeAt : mostAhead;
    return { waitMs: Math.max(1, freeAt - mostAhead) };
  }

  /** Lets every write of the shop wait, because its channel said so. Never shortens a wait. */
  async function slowDown(shop: ShopKey, until: Date, limits: WriteLimits): Promise<void> {
    const interval = Math.ceil(60_000 / limits.writesPerMinute);
    const freeAt = until.getTime() + interval * (limits.writesAtOnce - 1);
    await updateIf(place, paceKey(shop), {
      update: "SET #freeAt = :freeAt, #entity = :entity, #schemaVersion = :schemaVersion, #expiresAtSeconds = :expires",
      condition: "attribute_not_exists(#pk) OR #freeAt < :freeAt",
      values: { freeAt, entity: "pace", schemaVersion, expires: endOf("pace", until) },
    });
  }

  /** What a day is charged with already. */
  async function today({ shop, day, amount }: Omit<Spending, "spentBy">): Promise<Today> {
    const item = await getItem(place, dayKey(shop, day, amount.currency));
    const { refunds, amountMinor } = item ? readItem(dayItemSchema, item) : { refunds: 0, amountMinor: 0 };
    return { refunds, amountMinor };
  }

  /**
   * Charges a day with a refund before it is sent, in one conditional write, so that no two together pass a cap. False,
   * and nothing charged, when it would. A repetition finds its own mark and is charged once.
   */
  async function spend({ shop, day, amount, spentBy }: Spending, limits: WriteLimits): Promise<boolean> {
    const mark = markOf(spentBy);
    const most = limits.dailyAmountMinor[amount.currency] ?? Number.MAX_SAFE_INTEGER;
    if (limits.dailyRefunds < 1 || amount.amountMinor > most) return false;
    const write = await updateIf(place, dayKey(shop, day, amount.currency), {
      update:
        "SET #entity = :entity, #schemaVersion = :schemaVersion, #expiresAtSeconds = :expires " +
        "ADD #refunds :one, #amountMinor :amount, #spent :marks",
      condition:
        "attribute_not_exists(#pk) OR (NOT contains(#spent, :mark) AND #refunds < :mostRefunds AND #amountMinor <= :left)",
      values: {
        ...{ entity: "refund_day", schemaVersion, expires: endOf("refund_day", new Date(day)) },
        ...{ one: 1, amount: amount.amountMinor, marks: new Set([mark]), mark },
        ...{ mostRefunds: limits.dailyRefunds, left: most - amount.amountMinor },
      },
    });
    if (write.written) return true;
    return write.current !== undefined && (readItem(dayItemSchema, write.current).spent?.has(mark) ?? false);
  }

  /** Gives back what was charged for a refund that certainly was not carried out. Once, however often it is asked. */
  async function giveBack({ shop, day, amount, spentBy }: Spending): Promise<void> {
    const mark = markOf(spentBy);
    await updateIf(place, dayKey(shop, day, amount.currency), {
      update: "ADD #refunds :lessOne, #amountMinor :less DELETE #spent :marks",
      condition: "contains(#spent, :mark)",
      values: { lessOne: -1, less: -amount.amountMinor, marks: new Set([mark]), mark },
    });
  }

  return { turn, slowDown, today, spend, giveBack };
}

/** Short, because a day keeps one for each of its refunds. */
function markOf(spentBy: string): string {
  return createHash("sha256").update(spentBy).digest("base64url").slice(0, 12);
}
