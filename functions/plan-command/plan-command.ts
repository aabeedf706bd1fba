import * as z from "zod";
import type { Connector } from "#connectors/contract.ts";
import type { Channel } from "#shared/case/channel.ts";
import { actionSchema, commandArgsSchema } from "#shared/case/command.ts";
import type { Refused } from "#shared/case/commands.ts";
import { type CaseId, caseIdSchema, tenantIdSchema } from "#shared/case/ids.ts";
import { oneByOneOnly } from "#shared/case/one-request.ts";
import { SuiteError } from "#shared/errors.ts";
import { type CaseWord, takeWord, type WordDeps } from "#shared/take-word.ts";

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

export interface Deps extends Omit<WordDeps, "capabilityOf"> {
  connectorOf: (channel: Channel) => Connector;
}

/**
 * Takes a person's word on a case, as `takeWord` has it. What the case does not allow is answered, not thrown.
 * @throws SuiteError `case_not_found`, also for a case of another tenant; `case_changed`; `payload_invalid` when arguments
 * that belong to one case are given for the whole request.
 */
export async function planCommand(request: PlanRequest, { connectorOf, ...deps }: Deps): Promise<PlanAnswer> {
  const { tenantId, caseId, personId, ...wish } = request;
  const problem = "wholeRequest" in wish && wish.wholeRequest && oneByOneOnly(wish.args);
  if (problem) throw new SuiteError("payload_invalid", problem);
  const capabilityOf: WordDeps["capabilityOf"] = (channel, action) => connectorOf(channel).actions?.[action];
  const word = await takeWord({ tenantId, caseId, personId }, wish, { ...deps, capabilityOf });
  if (!word) throw new SuiteError("case_not_found", "there is no such case", { details: { caseId } });
  const { others } = word;
  return {
    ...answerOf(word),
    ...(others && { others: others.map((each) => ({ caseId: each.caseId, ...answerOf(each) })) }),
  };
}

function answerOf(word: CaseWord): CaseAnswer {
  return word.ok
    ? { ok: true, commandId: word.commandId, status: word.status }
    : { ok: false, reason: word.reason, sentence: word.sentence };
}
