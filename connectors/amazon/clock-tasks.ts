import type { Case } from "#shared/case/case.ts";
import type { ClockTaskOf } from "#shared/case/clock-tasks.ts";
import type { DeadlineKind } from "#shared/case/deadline.ts";
import { consoleLink, consoleOf } from "./console-link.ts";

/**
 * What Amazon asks for by e-mail and web page alone. The page of SAFE-T claims is known from public code of others (B), that
 * of A-to-z claims is not: it is reached from the order.
 */
export const clockTask: ClockTaskOf = (subject, kind) => {
  const task = tasks[kind];
  return (
    task && { what: task.what(subject.facts.orders[0]?.orderId ?? "the order", subject), link: task.link(subject) }
  );
};

interface ClockTask {
  what: (orderId: string, subject: Pick<Case, "facts">) => string;
  link: (subject: Pick<Case, "facts">) => string;
}

const claimsPage = "Seller Central, Performance, A-to-z Guarantee Claims";
const tasks: Readonly<Partial<Record<DeadlineKind, ClockTask>>> = {
  evidence: {
    what: (orderId, { facts }) =>
      facts.dispute.status.raw === "ChargebackEvent"
        ? `The buyer's bank asks about ${orderId}. Answer by the end that Amazon's e-mail names, in Seller Central, Performance, Chargeback Claims.`
        : `Answer the claim on ${orderId} in ${claimsPage}, within 48 hours of Amazon's e-mail.`,
    link: consoleLink,
  },
  appeal: {
    what: (orderId) =>
      `Amazon granted the claim on ${orderId}. Appeal it in ${claimsPage} while you may, or let it be: Amazon tells no program what becomes of it.`,
    link: consoleLink,
  },
  claim_back: {
    what: (orderId) =>
      `Amazon refunded ${orderId} from your account. If the goods came back damaged, incomplete or not at all, file a SAFE-T claim in Seller Central, Orders, Manage SAFE-T Claims.`,
    link: ({ facts }) => `${consoleOf(facts.market)}/safet-claims`,
  },
};
