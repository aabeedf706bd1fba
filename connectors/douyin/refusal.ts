import type { ActionRequest } from "../contract.ts";
import { type DouyinWorld, type Params, query } from "./client.ts";
import { picturesOf } from "./material.ts";
import { refusedHere } from "./refused-here.ts";
import { rejectReasonsSchema } from "./schema.ts";

/** Evidence type: a picture, the only kind that operate is known to take. */
const picture = 1;
const mostEvidence = 8;

/**
 * What goes with a refusal. The channel's reasons depend on the case and change, so they are read right before. The note
 * is shown to the buyer; without one, the reason's own text is.
 * @throws SuiteError `channel_refused` when the reason is missing or not offered for this case, or when it asks for
 * evidence and there is none.
 */
export async function refusalOf(request: ActionRequest, world: DouyinWorld): Promise<Params> {
  const { subject, command } = request;
  const { reasonCode, note, evidence = [] } = command.args;
  if (!reasonCode) throw refusedHere("reasonCode is missing");
  if (evidence.length > mostEvidence) throw refusedHere(`the channel takes at most ${mostEvidence} pictures`);
  const params = { aftersale_id: BigInt(subject.channelCaseId) };
  const { items } = await query(world, "/afterSale/rejectReasonCodeList", params, rejectReasonsSchema);
  const chosen = items?.find(({ reject_reason_code: code }) => String(code) === reasonCode);
  if (!chosen) throw refusedHere("the channel does not offer this refuse reason for the case");
  if (chosen.evidence_need === "Y" && evidence.length === 0) throw refusedHere("the refuse reason demands evidence");
  const pictures = await picturesOf(request, mostEvidence, world);
  return {
    reason: chosen.reason,
    remark: note ?? chosen.reason,
    reject_reason_code: chosen.reject_reason_code,
    evidence: pictures.length > 0 ? pictures.map(({ kind, url }) => ({ type: picture, url, desc: kind })) : undefined,
  };
}
