import * as z from "zod";
import type { Connector } from "#connectors/contract.ts";
import { type Case, channelVersionOf } from "#shared/case/case.ts";
import type { Channel } from "#shared/case/channel.ts";
import { actionSchema, commandArgsSchema } from "#shared/case/command.ts";
import { approve, plan, type Refused } from "#shared/case/commands.ts";
import { caseIdSchema, partsOf, tenantIdSchema } from "#shared/case/ids.ts";
import { instant } from "#shared/case/instant.ts";
import type { Clock } from "#shared/clock.ts";
import { SuiteError } from "#shared/errors.ts";
import type { Cases, Shops } from "#shared/store/index.ts";

const whom = { tenantId: tenantIdSchema, caseId: caseIdSchema, personId: z.string().regex(/^[\w.@-]{1,100}$/) };
export const planRequestSchema = z.union([
  z.strictObject({ ...whom, action: actionSchema, args: commandArgsSchema.default({}) }),
  z.strictObject({ ...whom, approve: z.string() }),
]);
export type PlanRequest = z.infer<typeof planRequestSchema>;

export type PlanAnswer =
  | { ok: true; commandId: string }
  | { ok: false; reason: Refused | "argument_missing" | "not_proposed" };

export interface Deps {
  cases: Cases;
  shops: Shops;
  connectorOf: (channel: Channel) => Connector;
  clock: Clock;
}

/**
 * A person's word: plans a command on a case, or approves one that a rule has proposed. What the case does not allow is
 * answered with its reason, not thrown. The command is sent by act-on-channel, which checks everything again.
 * @throws SuiteError `case_not_found`, also for a case of another tenant; `case_changed`.
 */
export async function planCommand(request: PlanRequest, deps: Deps): Promise<PlanAnswer> {
  const { tenantId, caseId } = request;
  const { channel, shopId } = partsOf(caseId);
  const found = await deps.shops.get({ tenantId, channel, shopId });
  if (!found) throw new SuiteError("case_not_found", "there is no such case", { details: { caseId } });
  let answer: PlanAnswer = { ok: false, reason: "not_proposed" };
  await deps.cases.change(tenantId, caseId, (current): Case | undefined => {
    const now = instant(deps.clock.now());
    const askedBy = `person:${request.personId}`;
    if ("approve" in request) {
      const approved = approve(current, request.approve, askedBy, now);
      if (approved) answer = { ok: true, commandId: request.approve };
      return approved;
    }
    const { action, args } = request;
    const missing = deps.connectorOf(channel).actions?.[action]?.needs?.some((name) => args[name] === undefined);
    if (missing) {
      answer = { ok: false, reason: "argument_missing" };
      return undefined;
    }
    const decidedOnVersion = channelVersionOf(current);
    const planned = plan(current, { action, args, askedBy, mode: found.shop.mode, decidedOnVersion, now });
    answer = planned.ok ? { ok: true, commandId: planned.command.commandId } : { ok: false, reason: planned.reason };
    return planned.ok ? planned.next : undefined;
  });
  return answer;
}
