import { type Case, stateOf } from "./case.ts";
import { ceilingOf, inspectedLine } from "./ceiling.ts";
import type { Decision } from "./policy.ts";

/**
 * What the warehouse's inspection calls for: pay what came back whole, and a person for everything else. Undefined while
 * nothing was inspected, or where an inspection decides nothing. It never pays by itself: the interlock and the channel's
 * own state stand before it.
 */
export function decideInspected(subject: Case): Decision | undefined {
  const { inspection, type, money, goods } = subject.facts;
  const state = stateOf(subject);
  if (!inspection || !type.known || type.value !== "return_refund") return undefined;
  if (!["return_in_transit", "received"].includes(state) || ["moving", "paid"].includes(money.status)) return undefined;
  const ask = (why: string): Decision => ({ action: "ask_person", rule: "inspection", why });
  if (inspection.result !== "accepted") return ask(`the warehouse says ${inspection.result}`);
  const lines = goods.lines ?? [];
  const found = lines.map((line) => ({ line, counted: inspectedLine(line, lines, inspection.lines) }));
  const isWhole = ({ line, counted }: (typeof found)[number]) =>
    counted && counted.accepted >= (line.toReturn ?? line.requested) && counted.damaged + counted.missing === 0;
  const isAllWhole = inspection.lines.every(({ damaged, missing, expected, accepted }) => {
    return damaged + missing === 0 && accepted >= expected;
  });
  if (!isAllWhole || !found.every(isWhole)) return ask("not everything came back whole, or the lines do not match");
  const amount = ceilingOf(subject.facts);
  if (!amount || amount.amountMinor <= 0) return ask("what may be paid is not known");
  return { action: "agree_refund", rule: "inspection_accepted", why: "everything came back whole", args: { amount } };
}
