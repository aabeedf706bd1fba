import type { Problem } from "#shared/api/problem.ts";
import type { CaseId } from "#shared/case/ids.ts";
import { oneByOneOnly } from "#shared/case/one-request.ts";
import { type CaseWord, takeWord, type Wish } from "#shared/take-word.ts";
import type { Operator } from "./operator.ts";
import type { Deps, Work } from "./works.ts";

export const planCommand: Work<"plan_command"> = async ({ operator, params: { caseId }, body }, deps) => {
  const says = body.wholeRequest && oneByOneOnly(body.args);
  if (says) return { problem: "request_invalid", fields: [{ field: "body.args", says }] };
  return tell(operator, caseId, body, deps);
};

export const approveCommand: Work<"approve_command"> = ({ operator, params }, deps) =>
  tell(operator, params.caseId, { approve: params.commandId }, deps);

export const cancelCommand: Work<"cancel_command"> = ({ operator, params }, deps) =>
  tell(operator, params.caseId, { cancel: params.commandId }, deps);

export const resendCommand: Work<"resend_command"> = ({ operator, params, body }, deps) =>
  tell(operator, params.caseId, { resend: params.commandId, ...body }, deps);

interface Taken {
  caseId: CaseId;
  commandId: string;
  status: string;
}
interface Told extends Taken {
  others?: (Taken | { caseId: CaseId; refused: string })[];
}

async function tell(
  { tenantId, personId }: Operator,
  caseId: CaseId,
  wish: Wish,
  { store, connectorOf, clock }: Deps,
): Promise<Problem | Told> {
  const { cases, references, shops, limits } = store;
  const word = await takeWord({ tenantId, caseId, personId }, wish, {
    ...{ cases, references, shops, limits, clock },
    capabilityOf: (channel, action) => connectorOf(channel).actions?.[action],
  });
  if (!word || (!word.ok && !word.isHeld)) return { problem: "not_found" };
  if (!word.ok) return { problem: "command_refused", reason: word.reason, detail: word.sentence };
  const { others } = word;
  return {
    ...taken(word),
    ...(others && {
      others: others.map((each) => (each.ok ? taken(each) : { caseId: each.caseId, refused: each.reason })),
    }),
  };
}

function taken({ caseId, commandId, status }: CaseWord & { ok: true }): Taken {
  return { caseId, commandId, status };
}
