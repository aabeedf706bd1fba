import type { Case } from "#shared/case/case.ts";
import type { Action } from "#shared/case/command.ts";

/** What must come with a code: a return address, a waybill, or the reason, text and evidence of a refusal. */
type Needs = "nothing" | "address" | "waybill" | "refusal";

export interface Operation {
  /** `type` of `/afterSale/operate`. */
  code: number;
  /** `after_sale_type` it is for, and `after_sale_status` at which the channel takes it. */
  caseType: number;
  statuses: readonly number[];
  needs: Needs;
  /** Statuses at which it pays before the goods are back, so that only a person may ask for it. */
  byPersonAt?: readonly number[];
}

/**
 * The codes of `/afterSale/operate` under our actions. Where two fit, the first whose need is met is taken. There is no
 * code to refuse a refund before shipment.
 * Source: https://op.jinritemai.com/docs/question-docs/93/2752, by copies (101 to 401 from the platform's own table, 501
 * to 621 and the statuses from a third party's gate), read 2026-11-25.
 */
export const operations: Readonly<Partial<Record<Action, readonly Operation[]>>> = {
  agree_return: [{ code: 101, caseType: 0, statuses: [6, 27], needs: "address" }],
  agree_exchange: [{ code: 301, caseType: 3, statuses: [6, 27], needs: "address" }],
  agree_reissue: [{ code: 501, caseType: 7, statuses: [6, 27], needs: "nothing" }],
  agree_repair: [
    { code: 601, caseType: 8, statuses: [6, 27], needs: "address" },
    { code: 602, caseType: 8, statuses: [6, 27], needs: "nothing" },
  ],
  agree_refund: [
    { code: 121, caseType: 0, statuses: [6, 27], needs: "nothing" },
    { code: 111, caseType: 0, statuses: [7, 11, 29], needs: "nothing", byPersonAt: [7] },
    { code: 201, caseType: 1, statuses: [6, 27], needs: "nothing" },
    { code: 401, caseType: 2, statuses: [6], needs: "nothing" },
    { code: 321, caseType: 3, statuses: [6, 7, 11, 29], needs: "nothing", byPersonAt: [6, 7] },
    { code: 621, caseType: 8, statuses: [6, 7, 8, 11, 27, 29], needs: "nothing", byPersonAt: [6, 7, 27] },
  ],
  // What it pays, and when, is the channel's to see: no rule gives such a word.
  agree_refund_if_delivery_refused: [{ code: 203, caseType: 1, statuses: [6], needs: "nothing", byPersonAt: [6] }],
  refuse: [
    { code: 102, caseType: 0, statuses: [6], needs: "refusal" },
    { code: 112, caseType: 0, statuses: [11], needs: "refusal" },
    { code: 202, caseType: 1, statuses: [6], needs: "refusal" },
    { code: 302, caseType: 3, statuses: [6], needs: "refusal" },
    { code: 312, caseType: 3, statuses: [11], needs: "refusal" },
    { code: 502, caseType: 7, statuses: [6], needs: "refusal" },
    { code: 603, caseType: 8, statuses: [6], needs: "refusal" },
    { code: 612, caseType: 8, statuses: [11], needs: "refusal" },
  ],
  ship_replacement: [
    { code: 311, caseType: 3, statuses: [7, 11, 29], needs: "waybill" },
    { code: 611, caseType: 8, statuses: [7, 11], needs: "waybill" },
  ],
};

/** The channel's own numbers of the case's type and status, as observed. */
export function codesOf({ facts }: Pick<Case, "facts">): { caseType: number; status: number } {
  return { caseType: Number(facts.raw.type), status: Number(facts.raw.status) };
}

/** The codes that fit the case now, in order of preference. None on a case that we do not understand or that is over. */
export function operationsFor(action: Action, subject: Pick<Case, "facts">): readonly Operation[] {
  if (!isActionable(subject)) return [];
  const { caseType, status } = codesOf(subject);
  return (operations[action] ?? []).filter((each) => each.caseType === caseType && each.statuses.includes(status));
}

export function isActionable({ facts }: Pick<Case, "facts">): boolean {
  return facts.type.known && facts.state.known && !facts.flags.includes("not_actionable");
}
