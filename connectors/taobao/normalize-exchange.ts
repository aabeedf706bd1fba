import type { UnreadableDeadline } from "#shared/case/deadline.ts";
import type { Facts } from "#shared/case/observation.ts";
import type { Flag } from "#shared/case/vocabulary.ts";
import { rawTypeOf, stepOf } from "./case-words.ts";
import { constraintFlags } from "./constraints.ts";
import { deadlinesOf } from "./deadlines.ts";
import { disputeOf, phaseOf, turnIn } from "./dispute.ts";
import { goodsOfExchange } from "./goods.ts";
import { reasonOf } from "./reason.ts";
import type { Exchange } from "./schema.ts";
import type { ShopKind } from "./settings.ts";
import { exchangeSteps, steps } from "./status.ts";

/** Everything but its times of an exchange of a Tmall shop. Its `price` and `payment` are the order's, never a refund. */
export function factsOfExchange({
  shop,
  exchange,
}: {
  shop: ShopKind;
  exchange: Exchange;
}): Omit<Facts, "openedAt" | "changedAt"> {
  const flags: Flag[] = constraintFlags(exchange.operation_contraint);
  const unreadable: UnreadableDeadline[] = [];
  const step = stepOf(exchange.status, exchangeSteps);
  const state = step && (steps[step].state === "done" ? "closed" : steps[step].state);
  const dispute = disputeOf(exchange.cs_status, flags);
  const isOver = state === "closed";
  if (!state) flags.push("unknown_status");
  const orderId = exchange.biz_order_id;
  if (!orderId) flags.push("unmatched");
  const rawStatus = exchange.status.slice(0, 200);
  const clock = { timeout: exchange.time_out ?? undefined, field: "time_out" };
  const outcome = step === "done" ? "replaced" : step === "converted" ? "converted" : undefined;
  return {
    orders: orderId ? [{ orderId }] : [],
    type: { known: true, value: "exchange", raw: "exchange" },
    shipped: true,
    state: state ? { known: true, value: state, raw: rawStatus } : { known: false, raw: rawStatus },
    ...(outcome && { outcome }),
    waitingOn: isOver ? "nobody" : (turnIn(dispute) ?? (step ? steps[step].waitingOn : "merchant")),
    goods: goodsOfExchange(exchange, step),
    money: { status: "none" },
    dispute,
    deadlines: isOver
      ? []
      : deadlinesOf(clock, { step, type: "exchange", dispute: phaseOf(dispute) }, flags, unreadable),
    ...(unreadable.length > 0 && { unreadableDeadlines: unreadable }),
    reason: reasonOf(exchange.reason),
    evidence: [],
    flags: [...new Set(flags)].sort(),
    raw: {
      status: rawStatus,
      type: rawTypeOf({ shop, kind: "exchange", phase: exchange.refund_phase ?? undefined }),
      apiVersion: "2.0",
    },
  };
}
