import { type Order, type SentPush, sendInTime } from "./open-loop.ts";

// A process of its own: what the stack does in its process must not hold up the sending.

export type Word = { kind: "began"; at: number } | { kind: "ended"; sent: readonly SentPush[] };

process.once("disconnect", () => process.exit(0));
process.on("message", (order: Order) => {
  const began = (at: number) => process.send?.({ kind: "began", at } satisfies Word);
  void sendInTime(order, began).then((sent) => process.send?.({ kind: "ended", sent } satisfies Word));
});
