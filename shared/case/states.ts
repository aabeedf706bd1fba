import * as z from "zod";

/** The headline of a case, for people and routing. Goods, money, dispute and clock are axes of their own beside it. */
export const caseStates = [
  "requested",
  "approved",
  "return_in_transit",
  "received",
  "refunding",
  "refunded",
  "rejected",
  "closed",
] as const;
export const caseStateSchema = z.enum(caseStates);
export type CaseState = z.infer<typeof caseStateSchema>;

/** A state we hold; `unknown` while the channel reports a status that no table knows. Never final, never acted upon. */
export const heldStateSchema = z.enum([...caseStates, "unknown"]);
export type HeldState = z.infer<typeof heldStateSchema>;

/**
 * The moves we expect. An observed move outside this table is still stored, flagged and counted, because the channel is
 * the authority; a command may only ask for a move inside it.
 */
export const expectedMoves = {
  requested: ["approved", "rejected", "refunding", "refunded", "closed", "return_in_transit"],
  approved: ["return_in_transit", "received", "refunding", "refunded", "rejected", "closed"],
  return_in_transit: ["received", "refunding", "refunded", "rejected", "closed"],
  received: ["refunding", "refunded", "rejected", "closed"],
  refunding: ["refunded", "closed"],
  refunded: [],
  rejected: ["requested", "approved", "refunding", "refunded", "closed"],
  closed: [],
} as const satisfies Record<CaseState, readonly CaseState[]>;

/** States a case stays in unless the channel re-opens it. */
export const finalStates: readonly CaseState[] = caseStates.filter((state) => expectedMoves[state].length === 0);

export function isFinal(state: HeldState): boolean {
  return finalStates.some((final) => final === state);
}

/** Whether the table expects this move. Leaving or entering `unknown` is always expected: nothing is known to compare. */
export function isExpectedMove(from: HeldState, to: HeldState): boolean {
  if (from === to || from === "unknown" || to === "unknown") return true;
  const moves: readonly CaseState[] = expectedMoves[from];
  return moves.includes(to);
}
