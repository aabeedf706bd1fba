import { type ObserveDeps, saveObservation } from "#connectors/session/observe-cases.ts";
import { partsOf, tenantIdSchema } from "#shared/case/ids.ts";
import type { InboundMessage } from "#shared/case/inbound-event.ts";
import { instant } from "#shared/case/instant.ts";
import type { CaseObservation, Facts } from "#shared/case/observation.ts";

export type Deps = ObserveDeps;

/** Each fact is a facet of its own, so that the order of arrival cannot matter; none of them is a channel's. */
const facets = { receipt: "warehouse_received", inspection: "warehouse_inspected", paidOutside: "finance" } as const;

/**
 * Writes what the merchant's own systems report onto the case. It decides nothing: the case's news make the policy look,
 * and the interlock asks the channel again before anything is paid. Safe to repeat, in any order.
 * @throws SuiteError `case_not_found`, `case_changed` (both retryable).
 */
export async function applyInbound({ tenantId, caseId, occurredAt, fact }: InboundMessage, deps: Deps): Promise<void> {
  if (fact.kind === "nothing") return;
  const observation: CaseObservation = {
    ...partsOf(caseId),
    facet: facets[fact.kind],
    version: Date.parse(occurredAt),
    observedAt: instant(deps.clock.now()),
    facts: factsOf(fact, occurredAt),
  };
  await saveObservation(observation, { opens: false, tenantId: tenantIdSchema.parse(tenantId) }, deps);
}

function factsOf(fact: Exclude<InboundMessage["fact"], { kind: "nothing" }>, at: string): Partial<Facts> {
  switch (fact.kind) {
    case "receipt":
      return { receipt: { at } };
    case "inspection":
      return { inspection: fact.inspection };
    case "paidOutside":
      return { paidOutside: { at, amount: fact.amount, reference: fact.reference } };
  }
}
