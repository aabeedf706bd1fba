import type { StatedDeadline, UnreadableDeadline } from "#shared/case/deadline.ts";
import type { Flag } from "#shared/case/vocabulary.ts";
import { instantOfChinaTime, instantOfSecondsOr, instantOfText } from "../kit/time.ts";
import type { AfterSaleInfo, ArbitrateInfo } from "./schema.ts";
import { onExpiryOf, statusTable } from "./status.ts";

/**
 * The clocks of a case, as the channel states them; none is ever computed. A node's clock on a status we do not know is
 * taken for ours to answer, with an unknown consequence, so that a person is warned and no rule acts on it.
 * Times that cannot be read raise the flag `deadline_unreadable` and are kept as they came.
 */
export function deadlinesOf(
  info: AfterSaleInfo,
  arbitration: ArbitrateInfo | null | undefined,
  flags: Flag[],
  unreadable: UnreadableDeadline[],
): StatedDeadline[] {
  const setAside = (each: UnreadableDeadline) => {
    flags.push("deadline_unreadable");
    unreadable.push(each);
  };
  return [nodeDeadline(info, setAside), evidenceDeadline(arbitration, setAside)].filter((each) => each !== undefined);
}

type SetAside = (each: UnreadableDeadline) => void;

function nodeDeadline(info: AfterSaleInfo, setAside: SetAside): StatedDeadline | undefined {
  const { after_sale_status: status, status_deadline: seconds } = info;
  if (!seconds) return undefined;
  const isKnown = Object.hasOwn(statusTable, status);
  const kind = isKnown ? statusTable[status]?.deadline : "respond";
  if (!kind) return undefined;
  const dueAt = instantOfSecondsOr(seconds);
  if (!dueAt) {
    setAside({ kind, field: "status_deadline", raw: String(seconds).slice(0, 100) });
    return undefined;
  }
  const onExpiry = isKnown ? onExpiryOf(kind, info.after_sale_type) : "unknown";
  return { kind, dueAt, source: { from: "channel", field: "status_deadline" }, onExpiry };
}

const waitsForEvidence = 4;

function evidenceDeadline(
  arbitration: ArbitrateInfo | null | undefined,
  setAside: SetAside,
): StatedDeadline | undefined {
  const isDue = arbitration?.arbitrate_status === waitsForEvidence || arbitration?.is_required_evidence;
  if (!arbitration || !isDue || [2, 3, 6, 255].includes(arbitration.arbitrate_status ?? 0)) return undefined;
  const stated = String(arbitration.arbitrate_status_deadline ?? "").trim();
  const template = arbitration.arbitrate_evidence_tmpl?.dead_line ?? 0;
  const fromStatus = stated === "" || stated === "0" ? undefined : readStated(stated);
  const dueAt = fromStatus ?? instantOfSecondsOr(template);
  if (!dueAt) {
    setAside({ kind: "evidence", field: "arbitrate_status_deadline", raw: stated.slice(0, 100) });
    return undefined;
  }
  const field = fromStatus ? "arbitrate_status_deadline" : "arbitrate_evidence_tmpl.dead_line";
  return { kind: "evidence", dueAt, source: { from: "channel", field }, onExpiry: "unknown" };
}

/** Digits are epoch seconds; a date is Beijing time unless it carries an offset. */
function readStated(text: string): string | undefined {
  if (/^\d+$/.test(text)) return instantOfSecondsOr(Number(text));
  return instantOfChinaTime(text) ?? instantOfText(text);
}
