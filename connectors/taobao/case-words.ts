import type { Case } from "#shared/case/case.ts";
import type { ShopKind } from "./settings.ts";
import { exchangeSteps, refundSteps, type Step } from "./status.ts";

/** What a call on a case depends on, and an observation carries in `raw`: the channel's own words. */
export interface CaseWords {
  shop: ShopKind;
  /** Read as an exchange of a Tmall shop, or as anything else. */
  kind: "exchange" | "refund";
  /** `onsale` while the trade runs, `aftersale` later; calls of Tmall shops want it back. */
  phase: string;
  step: Step | undefined;
}

const none = "-";

/** `raw.type` of an observation: kind of shop, how it was read, the channel's type, its phase. */
export function rawTypeOf(words: { shop: ShopKind; kind: CaseWords["kind"]; type?: string; phase?: string }): string {
  const { shop, kind, type, phase } = words;
  return [shop, kind, word(type, 40), word(phase, 20)].join(" ");
}

export function wordsOf({ facts }: Pick<Case, "facts">): CaseWords {
  const [shop, kind, , phase] = facts.raw.type.split(" ");
  const isExchange = kind === "exchange";
  return {
    shop: shop === "tmall" ? "tmall" : "taobao",
    kind: isExchange ? "exchange" : "refund",
    phase: phase === undefined || phase === none ? "" : phase,
    step: stepOf(facts.raw.status, isExchange ? exchangeSteps : refundSteps),
  };
}

export function stepOf(status: string, table: Readonly<Record<string, Step>>): Step | undefined {
  return Object.hasOwn(table, status) ? table[status] : undefined;
}

function word(value: string | undefined, most: number): string {
  return value?.replace(/\s+/g, "_").slice(0, most) || none;
}
