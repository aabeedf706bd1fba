import type { Facts } from "#shared/case/observation.ts";
import type { Flag } from "#shared/case/vocabulary.ts";
import { moneyOf, sorted, waitingOn } from "./outcome.ts";
import type { HeldPayload } from "./schema.ts";

/**
 * What Finances or the result of a feed adds to a case that we hold; nothing where they add nothing. The rest of the case
 * is told by the reports alone.
 */
export function heldFacts({ held, events, refund, reimbursed, refusedAnswer }: HeldPayload): Partial<Facts> {
  if (!events && !refund && !reimbursed) return refusedAnswer ? { refusedAnswer } : {};
  const lines = held.goods.lines ?? [];
  const read = moneyOf({ events, held, lines, openedAt: held.openedAt, refund });
  const isOver = held.state.known && held.state.value === "closed" && !read.isRefunded;
  // A refund on its way is the platform's word, not ours to take back.
  const money = isOver ? { ...read.money, status: "none" as const } : read.money;
  const facts: Partial<Facts> = { money: reimbursed ? withReimbursement(money, reimbursed) : money };
  if (read.unitPaid && lines.length > 0) {
    const priced = lines.map((line) => {
      const unitPaid = read.unitPaid?.get(line.lineId) ?? line.unitPaid;
      return unitPaid ? { ...line, unitPaid } : line;
    });
    facts.goods = { ...held.goods, lines: priced };
  }
  const disputed = read.dispute ?? held.dispute;
  if (read.dispute) facts.dispute = read.dispute;
  const state = read.isRefunded ? "refunded" : held.state.known ? held.state.value : undefined;
  if (read.isRefunded && !(held.state.known && held.state.value === "refunded")) {
    facts.state = { known: true, value: "refunded", raw: "Finances" };
    facts.outcome = read.isWhole ? "refunded" : "partially_refunded";
  }
  // What was only reported is now proven; what failed is now paid.
  const over = read.isRefunded ? ["needs_review", "refund_failed", "unknown_status"] : [];
  const flags = held.flags.filter((flag) => !over.includes(flag));
  const own: Flag[] = [
    ...(money.status === "failed" ? (["refund_failed"] as const) : []),
    // Stopped by Amazon: it may have been carried out, and a person should know until Finances show it.
    ...(refund?.is === "stopped" && !read.isRefunded ? (["needs_review"] as const) : []),
  ];
  facts.flags = sorted([...flags, ...own]);
  facts.waitingOn = held.flags.includes("not_actionable") && !read.isRefunded ? "channel" : waitingOn(state, disputed);
  return refusedAnswer ? { ...facts, refusedAnswer } : facts;
}

/** Paid by Amazon to the seller, beside whatever the buyer got. */
function withReimbursement(money: Facts["money"], amount: NonNullable<HeldPayload["reimbursed"]>): Facts["money"] {
  const others = (money.parts ?? []).filter(({ kind, ledger }) => kind !== "compensation" || ledger !== "platform");
  return { ...money, parts: [...others, { kind: "compensation", ledger: "platform", amount, status: "confirmed" }] };
}
