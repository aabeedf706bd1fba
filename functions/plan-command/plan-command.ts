import * as z from "zod";
import type { Connector } from "#connectors/contract.ts";
import { type Case, channelVersionOf } from "#shared/case/case.ts";
import type { Channel } from "#shared/case/channel.ts";
import { actionSchema, commandArgsSchema } from "#shared/case/command.ts";
import { approve, cancel, type Planned, plan, type Refused, resend } from "#shared/case/commands.ts";
import { type CaseId, caseIdSchema, partsOf, tenantIdSchema } from "#shared/case/ids.ts";
import { instant } from "#shared/case/instant.ts";
import { oneByOneOnly } from "#shared/case/one-request.ts";
import { sentenceOf } from "#shared/case/refused.ts";
import type { Shop } from "#shared/case/shop.ts";
import { limitsOf, type WriteLimits } from "#shared/case/write-limits.ts";
import type { Clock } from "#shared/clock.ts";
import { SuiteError } from "#shared/errors.ts";
import { log } from "#shared/log.ts";
import { count } from "#shared/metrics.ts";
import { restOfRequest } from "#shared/rest-of-request.ts";
import type { Cases, Limits, References, Shops } from "#shared/store/index.ts";

const whom = { tenantId: tenantIdSchema, caseId: caseIdSchema, personId: z.string().regex(/^[\w.@-]{1,100}$/) };
const hash = z.string().regex(/^[0-9a-f]{64}$/);
export const planRequestSchema = z.union([
  z.strictObject({
    ...whom,
    action: actionSchema,
    args: commandArgsSchema.default({}),
    /** The version the person was shown; the newest one when left out. */
    decidedOnVersion: z.int().nonnegative().optional(),
    /** The same on every case of the buyer's request, e.g. on the ticket of each unit. */
    wholeRequest: z.literal(true).optional(),
  }),
  z.strictObject({ ...whom, approve: z.string() }),
  z.strictObject({ ...whom, cancel: z.string() }),
  /** Sends again what nobody could tell the outcome of. `seenFactsHash` is of the facts that the person was shown. */
  z.strictObject({ ...whom, resend: z.string(), seenFactsHash: hash }),
]);
export type PlanRequest = z.infer<typeof planRequestSchema>;

type CaseAnswer = { ok: true; commandId: string; status: string } | { ok: false; reason: Refused; sentence: string };
/** `others` with a command on the whole request: what became of it on each of the other cases. */
export type PlanAnswer = CaseAnswer & { others?: readonly (CaseAnswer & { caseId: CaseId })[] };

export interface Deps {
  cases: Cases;
  references: Pick<References, "find">;
  shops: Shops;
  limits: Limits;
  connectorOf: (channel: Channel) => Connector;
  clock: Clock;
}

/**
 * A person's word: plans a command on a case, approves one that waits for it, takes one back, or sends an unclear one
 * again. What the case does not allow is answered with its reason, not thrown, and counted. The command is sent by
 * act-on-channel, which checks everything again. One on the whole request is planned on each of its cases, unless the case
 * that the person named refuses it; each of the others answers for itself.
 * @throws SuiteError `case_not_found`, also for a case of another tenant; `case_changed`; `payload_invalid` when arguments
 * that belong to one case are given for the whole request.
 */
export async function planCommand(request: PlanRequest, deps: Deps): Promise<PlanAnswer> {
  const { tenantId, caseId } = request;
  const { channel, shopId } = partsOf(caseId);
  const found = await deps.shops.get({ tenantId, channel, shopId });
  if (!found) throw new SuiteError("case_not_found", "there is no such case", { details: { caseId } });
  const limits = limitsOf(await deps.limits.get(tenantId), { channel, shopId });
  const decideOn = (each: CaseId) => answerOn(each, request, { shop: found.shop, limits }, deps);
  if (!("wholeRequest" in request) || !request.wholeRequest) return (await decideOn(caseId)).answer;
  const problem = oneByOneOnly(request.args);
  if (problem) throw new SuiteError("payload_invalid", problem);
  const { answer, current } = await decideOn(caseId);
  if (!answer.ok) return answer;
  const others: (CaseAnswer & { caseId: CaseId })[] = [];
  for (const each of await restOfRequest(current, deps)) {
    others.push({ caseId: each.caseId, ...(await decideOn(each.caseId)).answer });
  }
  return { ...answer, others };
}

async function answerOn(
  caseId: CaseId,
  request: PlanRequest,
  stage: { shop: Shop; limits: WriteLimits },
  deps: Deps,
): Promise<{ answer: CaseAnswer; current: Case }> {
  const decided: Planned[] = [];
  const { current } = await deps.cases.change(request.tenantId, caseId, (before) => {
    const answer = decide(before, request, stage, deps);
    decided.push(answer);
    return answer.ok ? answer.next : undefined;
  });
  const answer = decided.at(-1);
  if (answer?.ok) {
    const { commandId, status } = answer.command;
    return { answer: { ok: true, commandId, status }, current };
  }
  const reason = answer?.reason ?? "not_proposed";
  count("CommandObjected", 1, { channel: current.channel });
  log.info("command not planned", { caseId, reason });
  return { answer: { ok: false, reason, sentence: sentenceOf(reason) }, current };
}

function decide(
  current: Case,
  request: PlanRequest,
  { shop, limits }: { shop: Shop; limits: WriteLimits },
  { clock, connectorOf }: Deps,
): Planned {
  const now = instant(clock.now());
  const person = `person:${request.personId}`;
  const { mode, addresses } = shop;
  if ("approve" in request) return approve(current, request.approve, person, now);
  if ("cancel" in request) return cancel(current, request.cancel, person, now);
  if ("resend" in request) {
    const { resend: commandId, seenFactsHash } = request;
    return resend(current, { commandId, seenFactsHash, person, now, mode });
  }
  const { action, args } = request;
  // The version that was shown is the named case's; the others are decided on as they are, and checked before the write.
  const isNamed = current.caseId === request.caseId;
  const decidedOnVersion = (isNamed ? request.decidedOnVersion : undefined) ?? channelVersionOf(current);
  const capability = connectorOf(current.channel).actions?.[action];
  return plan(current, {
    ...{ action, args, askedBy: person, mode, decidedOnVersion, now, limits },
    addresses: addresses.map(({ addressId }) => addressId),
    // Whether it is offered decides the writer: what the API cannot do becomes a task with a link.
    channel: {
      offered: true,
      needs: capability?.needs ?? [],
      wholeClaimOnly: capability?.wholeClaimOnly ?? false,
    },
  });
}
