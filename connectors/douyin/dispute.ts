import type { Facts } from "#shared/case/observation.ts";
import type { Flag } from "#shared/case/vocabulary.ts";
import type { ArbitrateInfo } from "./schema.ts";
import { conclusionTable, disputeOver, disputeTable } from "./status.ts";

type Dispute = Facts["dispute"];

/**
 * The arbitration as an overlay; the state underneath stays what it is. An ended one is named by its conclusion; 255
 * without a conclusion is one that the buyer withdrew, 6 without a conclusion stays unknown.
 */
export function disputeOf(arbitration: ArbitrateInfo | null | undefined, flags: Flag[]): Dispute {
  const code = arbitration?.arbitrate_status ?? 0;
  const status = statusOf(code, arbitration);
  if (!status.known) flags.push("needs_review");
  const stated = arbitration?.arbitrate_id;
  const disputeId = stated && /^\w{1,64}$/.test(stated) ? stated : undefined;
  const round = /_(\d{1,6})$/.exec(disputeId ?? "")?.[1];
  return { status, ...(disputeId && { disputeId }), ...(round && { round: Number(round) }) };
}

function statusOf(code: number, arbitration: ArbitrateInfo | null | undefined): Dispute["status"] {
  const raw = String(code);
  if (!disputeOver.includes(code)) {
    // Evidence may be owed while the platform is already at work.
    const value = code === 1 && arbitration?.is_required_evidence ? "evidence_due" : disputeTable[raw];
    return value ? { known: true, value, raw } : { known: false, raw };
  }
  const concluded = conclusionTable[arbitration?.arbitrate_conclusion ?? 0];
  if (concluded) return { known: true, value: concluded, raw };
  return code === 255 ? { known: true, value: "withdrawn", raw } : { known: false, raw };
}
