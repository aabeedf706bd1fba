import * as z from "zod";
import { tenantIdSchema } from "#shared/case/ids.ts";
import { type TenantLimits, tenantLimitsSchema } from "#shared/case/write-limits.ts";
import { log } from "#shared/log.ts";
import type { Limits } from "#shared/store/index.ts";

/** Without `limits` the ones in force are only told. */
export const limitsRequestSchema = z.strictObject({ tenantId: tenantIdSchema, limits: tenantLimitsSchema.optional() });
export type LimitsRequest = z.infer<typeof limitsRequestSchema>;

/**
 * Sets how much, how fast and when the suite may write in a tenant's shops: daily caps, amounts that two people must agree
 * to, quiet hours, pace. In force with the next write. Answers with the limits that hold. Safe to repeat.
 * @throws SuiteError `store_unavailable` (retryable)
 */
export async function setLimits({ tenantId, limits }: LimitsRequest, deps: { limits: Limits }): Promise<TenantLimits> {
  if (!limits) return (await deps.limits.get(tenantId)) ?? tenantLimitsSchema.parse({});
  await deps.limits.put(tenantId, limits);
  log.info("write limits set", { tenantId, shops: Object.keys(limits.shops).length });
  return limits;
}
