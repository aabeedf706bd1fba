import { invalid } from "./answers.ts";
import type { TaobaoCase, TaobaoShop } from "./model.ts";
import { fieldsOf, flag, optional, type Params, pick, whole } from "./params.ts";
import type { Platform } from "./platform.ts";
import { disputeView, exchangeFields, exchangeView, listed, notListedOfExchanges, refundView } from "./views.ts";
import { List } from "./wire.ts";
import { msOfChinaTime, numbers, refundStatus } from "./wording.ts";

const inDefaultTypes = "guarantee_trade,auto_delivery";

/** Refunds, and what else has a type of its own; price protection stands in a list of its own. */
export function listRefunds(platform: Platform, shop: TaobaoShop, params: Params, { special = false } = {}) {
  const fields = fieldsOf(params);
  const types = (optional(params, "type") ?? inDefaultTypes).split(",");
  const status = optional(params, "status");
  const rows = changed(platform, shop, params, ["start_modified", "end_modified"]).filter(
    (case_) =>
      (case_.kind === "price") === special &&
      case_.kind !== "freight" &&
      types.includes(case_.order.tradeType) &&
      (status === undefined || refundStatus(case_) === status),
  );
  const { page, total, hasNext } = paged(rows, params, { otherwise: 40, most: 100 });
  return {
    ...(flag(params, "use_has_next") ? { has_next: hasNext } : { total_results: total }),
    refunds: new List(
      "refund",
      page.map((case_) => pick(pick(refundView(case_, shop), listed), fields)),
    ),
  };
}

export function listExchanges(platform: Platform, shop: TaobaoShop, params: Params) {
  const fields = exchangeFields(fieldsOf(params));
  const statuses = optional(params, "dispute_status_array")?.split(",").map(Number);
  const ids = optional(params, "refund_id_array")?.split(",");
  for (const list of [statuses, ids]) if (list && list.length > 20) throw invalid("dispute_status_array");
  const rows = changed(platform, shop, params, ["start_gmt_modified_time", "end_gmt_modifed_time"]).filter(
    (case_) =>
      case_.kind === "exchange" &&
      (statuses === undefined || statuses.includes(numbers[case_.node])) &&
      (ids === undefined || ids.includes(case_.id)),
  );
  const { page, total, hasNext } = paged(rows, params, { otherwise: 30, most: 100 });
  for (const field of notListedOfExchanges) fields.delete(field);
  return {
    has_next: hasNext,
    page_results: page.length,
    total_results: total,
    results: new List(
      "exchange",
      page.map((case_) => pick(exchangeView(case_, shop), fields)),
    ),
  };
}

export function listDisputes(platform: Platform, shop: TaobaoShop, params: Params) {
  const fields = fieldsOf(params);
  const id = optional(params, "refund_id");
  const rows = changed(platform, shop, params, ["start_modified", "end_modified"]).filter(
    (case_) => id === undefined || case_.id === id,
  );
  const { page, total, hasNext } = paged(rows, params, { otherwise: 20, most: 100 });
  const ofPages = flag(params, "use_has_next")
    ? { has_next: hasNext }
    : { page_results: page.length, total_results: total, has_next: hasNext };
  const results = new List(
    "dispute",
    page.map((case_) => pick(disputeView(case_), fields)),
  );
  return { result: { ...ofPages, results } };
}

/** Newest change first, as far as it has become visible. Both ends of the window belong to it. */
function changed(
  platform: Platform,
  shop: TaobaoShop,
  params: Params,
  [start, end]: readonly [string, string],
): TaobaoCase[] {
  const from = timeOf(params, start) ?? 0;
  // Whole seconds on the wire, milliseconds in memory.
  const to = (timeOf(params, end) ?? Number.MAX_SAFE_INTEGER - 999) + 999;
  if (from > to) throw invalid(start);
  const visibleMs = platform.nowMs() - platform.settings.listLagMs;
  return platform
    .casesOf(shop)
    .filter(({ modifiedMs }) => modifiedMs >= from && modifiedMs <= to && modifiedMs <= visibleMs)
    .sort((a, b) => b.modifiedMs - a.modifiedMs || (a.id < b.id ? -1 : 1));
}

function paged(
  rows: readonly TaobaoCase[],
  params: Params,
  { otherwise, most }: { otherwise: number; most: number },
): { page: TaobaoCase[]; total: number; hasNext: boolean } {
  const number = whole(params, "page_no", { least: 1, most: 1_000_000, otherwise: 1 });
  const size = whole(params, "page_size", { least: 1, most, otherwise });
  const page = rows.slice((number - 1) * size, number * size);
  return { page, total: rows.length, hasNext: rows.length > number * size };
}

function timeOf(params: Params, name: string): number | undefined {
  const text = optional(params, name);
  if (text === undefined) return undefined;
  const ms = msOfChinaTime(text);
  if (ms === undefined) throw invalid(name);
  return ms;
}
