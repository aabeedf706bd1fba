import { amazonRows } from "./deadline-policy/amazon.ts";
import { jdRows } from "./deadline-policy/jd.ts";
import { lawRows } from "./deadline-policy/law.ts";
import type { PolicyRow } from "./deadline-policy/row.ts";
import { taobaoRows } from "./deadline-policy/taobao.ts";
import type { Facts } from "./observation.ts";
import type { HeldState } from "./states.ts";

export type { PolicyRow, StartFact } from "./deadline-policy/row.ts";

/**
 * What platforms and laws publish about clocks that no payload states. Douyin has no rows: its payloads state every
 * clock, and its sheet warns against computing one. A newer rule is a new row; the old one gets a `validUntil`.
 */
export const policyRows: readonly PolicyRow[] = [...taobaoRows, ...jdRows, ...amazonRows, ...lawRows];

/** The market of channels that serve one. */
export const channelMarkets: Readonly<Record<string, string>> = { taobao: "CN", jd: "CN", douyin: "CN" };

/** Whether a row speaks of this case, whatever its dates. `laws` are those that the tenant says it sells under. */
export function speaksOf(
  row: PolicyRow,
  facts: Facts,
  { channel, market, laws }: { channel: string; market: string | undefined; laws: readonly string[] },
): boolean {
  if (!row.channels.includes(channel) || (row.law && !laws.includes(row.law))) return false;
  if (row.markets && !(market && row.markets.includes(market))) return false;
  if (row.exceptMarkets && market && row.exceptMarkets.includes(market)) return false;
  const state: HeldState = facts.state.known ? facts.state.value : "unknown";
  const dispute = facts.dispute.status.known ? facts.dispute.status.value : undefined;
  if ("dispute" in row.during ? row.during.dispute !== dispute : !row.during.states.some((each) => each === state)) {
    return false;
  }
  const type = facts.type.known ? facts.type.value : undefined;
  if (row.types && !(type && row.types.includes(type))) return false;
  if (row.rawType !== undefined && row.rawType !== facts.raw.type) return false;
  if (row.shipped !== undefined && row.shipped !== facts.shipped) return false;
  if (row.executedBy !== undefined && row.executedBy !== facts.money.executedBy) return false;
  if (row.exceptDispute !== undefined && row.exceptDispute === dispute) return false;
  if (row.exceptFlag && facts.flags.includes(row.exceptFlag)) return false;
  return !row.goods || (facts.goods.status !== undefined && row.goods.includes(facts.goods.status));
}

/** Whether a row was in force when its clock started. Its dates are days of the row's own zone. */
export function inForce({ validFrom, validUntil }: PolicyRow, startedOn: string): boolean {
  return (validFrom === undefined || validFrom <= startedOn) && (validUntil === undefined || startedOn <= validUntil);
}
