import type { Case } from "./case/case.ts";
import { isOneRequest } from "./case/one-request.ts";
import type { Cases, References } from "./store/index.ts";

/** More parts than this no channel makes of one request; an order with more cases than this is not read to its end. */
const mostCases = 100;

/**
 * The other cases of the same request of the buyer, in the order of their ids. They are found by their order's number, which
 * a case gets with its first news: a sibling that was opened a moment ago may still be missing.
 */
export async function restOfRequest(
  subject: Case,
  { cases, references }: { cases: Pick<Cases, "get">; references: Pick<References, "find"> },
): Promise<Case[]> {
  const order = subject.facts.orders[0];
  if (subject.facts.groupKey === undefined || !order) return [];
  const caseIds = await references.find(subject.tenantId, order.orderId);
  const others = caseIds.filter((caseId) => caseId !== subject.caseId).slice(0, mostCases);
  const found = await Promise.all(others.map((caseId) => cases.get(subject.tenantId, caseId)));
  return found.filter((each) => each !== undefined).filter((each) => isOneRequest(subject, each));
}
