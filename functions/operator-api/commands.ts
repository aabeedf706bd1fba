import type * as z from "zod";
import type { otherAnswerForm } from "#shared/api/forms.ts";
import { isProblem, type Problem } from "#shared/api/problem.ts";
import { type Case, channelVersionOf } from "#shared/case/case.ts";
import type { Command } from "#shared/case/command.ts";
import { approve, cancel, type Planned, plan, resend } from "#shared/case/commands.ts";
import { type CaseId, partsOf } from "#shared/case/ids.ts";
import { type Instant, instant } from "#shared/case/instant.ts";
import { oneByOneOnly } from "#shared/case/one-request.ts";
import { sentenceOf } from "#shared/case/refused.ts";
import { limitsOf } from "#shared/case/write-limits.ts";
import { count } from "#shared/metrics.ts";
import { restOfRequest } from "#shared/rest-of-request.ts";
import type { Operator } from "./operator.ts";
import type { Deps, Work } from "./works.ts";

export const planCommand: Work<"plan_command"> = async ({ operator, params: { caseId }, body }, deps) => {
  const { action, args } = body;
  const place = placeOf(caseId);
  const found = place && (await deps.store.shops.get({ tenantId: operator.tenantId, ...place }));
  if (!found) return { problem: "not_found" };
  const { mode, addresses } = found.shop;
  const { needs = [], wholeClaimOnly = false } = deps.connectorOf(found.shop.channel).actions?.[action] ?? {};
  const limits = limitsOf(await deps.store.limits.get(operator.tenantId), found.shop);
  const planOn = (each: CaseId) =>
    decide(each, operator, deps, (current, { person, now }) =>
      plan(current, {
        ...{ action, args, askedBy: person, mode, now, limits },
        // The version that was shown is the named case's; the others are decided on as they are.
        decidedOnVersion: (each === caseId ? body.decidedOnVersion : undefined) ?? channelVersionOf(current),
        addresses: addresses.map(({ addressId }) => addressId),
        // Whether it is offered decides the writer: what the API cannot do becomes a task with a link.
        channel: { offered: true, needs, wholeClaimOnly },
      }),
    );
  if (!body.wholeRequest) return planOn(caseId);
  const says = oneByOneOnly(args);
  if (says) return { problem: "request_invalid", fields: [{ field: "body.args", says }] };
  const answer = await planOn(caseId);
  if (isProblem(answer)) return answer;
  const named = await deps.store.cases.get(operator.tenantId, caseId);
  const others: z.input<typeof otherAnswerForm>[] = [];
  for (const each of named ? await restOfRequest(named, deps.store) : []) {
    const other = await planOn(each.caseId);
    others.push(isProblem(other) ? { caseId: each.caseId, refused: other.reason ?? other.problem } : other);
  }
  return { ...answer, others };
};

export const approveCommand: Work<"approve_command"> = async ({ operator, params }, deps) =>
  decide(
    params.caseId,
    operator,
    deps,
    (current, { person, now }) =>
      commandIn(current, params.commandId) && approve(current, params.commandId, person, now),
  );

export const cancelCommand: Work<"cancel_command"> = async ({ operator, params }, deps) =>
  decide(
    params.caseId,
    operator,
    deps,
    (current, { person, now }) =>
      commandIn(current, params.commandId) && cancel(current, params.commandId, person, now),
  );

export const resendCommand: Work<"resend_command"> = async ({ operator, params, body }, deps) => {
  const place = placeOf(params.caseId);
  const found = place && (await deps.store.shops.get({ tenantId: operator.tenantId, ...place }));
  if (!found) return { problem: "not_found" };
  const { mode } = found.shop;
  return decide(
    params.caseId,
    operator,
    deps,
    (current, { person, now }) =>
      commandIn(current, params.commandId) && resend(current, { ...params, ...body, person, now, mode }),
  );
};

interface Taken {
  caseId: CaseId;
  commandId: string;
  status: string;
}

/**
 * Decides on the case as it is, again from the start when another was faster. What the case does not allow is counted.
 * @throws SuiteError `case_not_found`, `case_changed`
 */
async function decide(
  caseId: CaseId,
  { tenantId, personId }: Operator,
  { store, clock }: Deps,
  on: (current: Case, by: { person: string; now: Instant }) => Planned | undefined,
): Promise<Problem | Taken> {
  const decided: (Planned | undefined)[] = [];
  const { current } = await store.cases.change(tenantId, caseId, (before) => {
    const answer = on(before, { person: `person:${personId}`, now: instant(clock.now()) });
    decided.push(answer);
    return answer?.ok ? answer.next : undefined;
  });
  const answer = decided.at(-1);
  if (!answer) return { problem: "not_found" };
  if (!answer.ok) {
    count("CommandObjected", 1, { channel: current.channel });
    return { problem: "command_refused", reason: answer.reason, detail: sentenceOf(answer.reason) };
  }
  const { commandId, status } = answer.command;
  return { caseId, commandId, status };
}

function commandIn({ commands }: Case, commandId: string): Command | undefined {
  return commands.find((each) => each.commandId === commandId);
}

/** Undefined for an id that no case of ours can have. */
function placeOf(caseId: CaseId) {
  try {
    const { channel, shopId } = partsOf(caseId);
    return { channel, shopId };
  } catch (fault) {
    if (fault instanceof RangeError) return undefined;
    throw fault;
  }
}
