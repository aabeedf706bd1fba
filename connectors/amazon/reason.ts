import type { Facts } from "#shared/case/observation.ts";
import type { ReasonCode } from "#shared/case/reason.ts";

/** Ends of Amazon's reason codes, which come with a prefix per category (`CR-`, `AMZ-PG-`, `AMZ-PG-APP-`) or without. */
const endings: readonly (readonly [ending: string, code: ReasonCode])[] = [
  ["TOO-SMALL", "fit.too_small"],
  ["TOO-LARGE", "fit.too_large"],
  ["STYLE", "fit.color_or_style"],
  ["UNWANTED-ITEM", "no_reason.changed_mind"],
  ["NO-LONGER-NEEDED", "no_reason.changed_mind"],
  ["FOUND-BETTER-PRICE", "no_reason.changed_mind"],
  ["NO-REASON-GIVEN", "unknown"],
  ["ORDERED-WRONG-ITEM", "no_reason.ordered_by_mistake"],
  ["MISORDERED", "no_reason.ordered_by_mistake"],
  ["ACCIDENTAL-ORDER", "no_reason.ordered_by_mistake"],
  ["UNAUTHORIZED-PURCHASE", "no_reason.ordered_by_mistake"],
  ["DEFECTIVE", "quality.defect"],
  ["QUALITY-UNACCEPTABLE", "quality.defect"],
  ["NOT-AS-DESCRIBED", "description.not_as_described"],
  ["BAD-DESC", "description.not_as_described"],
  ["NOT-COMPATIBLE", "description.not_as_described"],
  ["SWITCHEROO", "fulfilment.wrong_item"],
  ["MISSING-PARTS", "fulfilment.missing_item"],
  ["MISSED-ESTIMATED-DELIVERY", "fulfilment.late"],
  ["DAMAGED-BY-CARRIER", "transit.damaged"],
  ["DAMAGED-BY-FC", "transit.damaged"],
  ["NEVER-ARRIVED", "transit.lost"],
  ["UNDELIVERABLE-REFUSED", "transit.delivery_refused"],
];

/** The reason of a row. There is no official list: a code that none of the endings fits is `unknown`, with its own word kept. */
export function reasonOf(raw: string | undefined): Facts["reason"] {
  const plain = (raw ?? "").toUpperCase().replace(/[\s_]+/g, "-");
  const code = endings.find(([ending]) => plain.endsWith(ending))?.[1] ?? "unknown";
  return { code, rawCode: raw ?? "" };
}
