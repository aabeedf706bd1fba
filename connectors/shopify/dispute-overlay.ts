import type { Facts } from "#shared/case/observation.ts";
import { mapped } from "#shared/case/vocabulary.ts";
import { disputeStatuses } from "./status.ts";

/** What presses most comes first. A word we do not know ranks before everything that has ended. */
const urgency = ["evidence_due", "under_review", "unknown", "decided_for_buyer", "decided_for_merchant", "withdrawn"];

/** The dispute that lies over a case: of several on its order, the one that presses most. */
export function overlayOf(disputes: readonly { id: string; status: string }[]): Facts["dispute"] {
  const [first] = disputes
    .map(({ id, status }) => ({ status: mapped(status, disputeStatuses), disputeId: id.slice(0, 64) }))
    .sort((a, b) => rank(a) - rank(b) || (a.disputeId < b.disputeId ? 1 : -1));
  return first ?? { status: { known: true, value: "none", raw: "" } };
}

function rank({ status }: Facts["dispute"]): number {
  return urgency.indexOf(status.known ? status.value : "unknown");
}
