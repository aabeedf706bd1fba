import type { Facts } from "#shared/case/observation.ts";
import { type Flag, mapped } from "#shared/case/vocabulary.ts";
import { disputeTable } from "./status.ts";

/** The platform's intervention as an overlay; the state underneath stays what it is. Absent means none. */
export function disputeOf(csStatus: string | null | undefined, flags: Flag[]): Facts["dispute"] {
  const status = mapped(csStatus || "0", disputeTable);
  if (!status.known) flags.push("needs_review");
  return { status };
}

/** Whether somebody still has to decide; an unknown status counts as open. */
export function phaseOf({ status }: Facts["dispute"]): "none" | "open" | "evidence" {
  if (!status.known) return "open";
  if (status.value === "evidence_due") return "evidence";
  return status.value === "under_review" || status.value === "negotiating" ? "open" : "none";
}

/** Whose turn it is while the platform looks at the case; undefined when it does not. */
export function turnIn(dispute: Facts["dispute"]): "merchant" | "channel" | undefined {
  const phase = phaseOf(dispute);
  if (phase === "none") return undefined;
  return phase === "evidence" ? "merchant" : "channel";
}
