import type { Order, Return } from "../model/types.ts";
import { updatedReturnBody } from "../webhooks/return-bodies.ts";
import { type Outcome, refused, type Turn, touch } from "./turn.ts";

export interface Removal {
  id: string;
  quantity: number;
}

/** Takes units that were not yet processed out of a return. A line without units disappears. */
export function removeFromReturn(
  turn: Turn,
  order: Order,
  one: Return,
  { lines, exchanges }: { lines: Removal[]; exchanges: Removal[] },
): Outcome<Return> {
  if (one.status !== "REQUESTED" && one.status !== "OPEN") {
    return refused("NOT_EDITABLE", ["returnId"], "This return can no longer be edited.");
  }
  for (const [name, removals, kept] of [
    ["returnLineItems", lines, one.lines],
    ["exchangeLineItems", exchanges, one.exchanges],
  ] as const) {
    for (const [index, removal] of removals.entries()) {
      const line = kept.find((candidate) => candidate.id === removal.id);
      if (line === undefined) return refused("NOT_FOUND", [name, String(index)], "The return has no such item.");
      if (removal.quantity < 1 || removal.quantity > line.quantity - line.processed) {
        return refused("INVALID", [name, String(index), "quantity"], "So many units cannot be removed.");
      }
    }
  }
  for (const removal of lines) take(one, removal);
  for (const removal of exchanges) {
    const line = one.exchanges.find((candidate) => candidate.id === removal.id);
    if (line !== undefined) line.quantity -= removal.quantity;
  }
  one.lines = one.lines.filter((line) => line.quantity > 0);
  one.exchanges = one.exchanges.filter((line) => line.quantity > 0);
  touch(turn, order);
  turn.announce("returns/update", order, updatedReturnBody(one, lines));
  return { value: one };
}

function take(one: Return, removal: Removal): void {
  const line = one.lines.find((candidate) => candidate.id === removal.id);
  if (line !== undefined) line.quantity -= removal.quantity;
  for (const reverse of one.reverseOrders) {
    for (const reverseLine of reverse.lines) {
      if (reverseLine.returnLineId === removal.id) reverseLine.quantity -= removal.quantity;
    }
    reverse.lines = reverse.lines.filter((reverseLine) => reverseLine.quantity > 0);
  }
}
