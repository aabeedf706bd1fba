import type { Case } from "#shared/case/case.ts";
import { type TenantId, tenantIdSchema } from "#shared/case/ids.ts";
import type { CaseObservation } from "#shared/case/observation.ts";
import { observe } from "#shared/case/observe.ts";

const tenantId: TenantId = tenantIdSchema.parse("tenant-1");

/** The case that an observation opens, for actions to be tried on. @throws Error when the observation opens none. */
export function caseOf(observation: CaseObservation): Case {
  const observed = observe(undefined, observation, tenantId);
  if (observed.kind !== "opened") throw new Error(`the observation of ${observation.channelCaseId} opens no case`);
  return observed.next;
}
