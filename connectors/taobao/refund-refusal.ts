import { piecesOf } from "../kit/pieces.ts";
import type { Picture } from "./body.ts";
import { businessFailure } from "./business-failure.ts";
import { wordsOf } from "./case-words.ts";
import { command as ask, query, type TaobaoWorld } from "./client.ts";
import { pictureOf } from "./picture.ts";
import { lockOf, type Request } from "./refund-actions.ts";
import { given, refusedHere } from "./refused-here.ts";
import { listOf, reasonSchema, reasonsSchema, resultFlagSchema, successSchema } from "./schema.ts";

const mostProofBytes = 130_000;
const mostReturnProofBytes = 5 * 1024 * 1024;

/** Refuses what the buyer asks for. The text is shown to the buyer; without one, the reason's own text is. */
export async function refuseRefund(request: Request, world: TaobaoWorld): Promise<void> {
  const { subject, command } = request;
  const { shop, phase } = wordsOf(subject);
  const reason = await reasonFor(request, world);
  const message = command.args.note ?? reason.text;
  if (message.length < 2 || message.length > 200) throw refusedHere("the text must have 2 to 200 characters");
  const pictures = await proofFor(request, world, { mostBytes: mostProofBytes, isNeeded: shop === "tmall" });
  const answer = await ask(
    world,
    "taobao.refund.refuse",
    {
      refund_id: subject.channelCaseId,
      refuse_message: message,
      refund_phase: phase,
      refund_version: command.decidedOnVersion,
      refuse_reason_id: reason.id,
    },
    { schema: successSchema, pictures },
  );
  if (!answer.is_success) throw businessFailure("refund.refuse", undefined);
}

/** Refuses goods that have come back. Tmall only, and never without a picture. */
export async function refuseReturnedGoods(request: Request, world: TaobaoWorld): Promise<void> {
  const { subject } = request;
  const reason = await reasonFor(request, world);
  const pictures = await proofFor(request, world, { mostBytes: mostReturnProofBytes, isNeeded: true });
  const params = { refund_id: subject.channelCaseId, ...lockOf(request), refuse_reason_id: reason.id };
  const answer = await ask(world, "taobao.rp.returngoods.refuse", params, { schema: resultFlagSchema, pictures });
  if (!answer.result) throw businessFailure("returngoods.refuse", undefined);
}

/** The channel's reasons depend on the case and change, so they are read right before. */
async function reasonFor({ subject, command }: Request, world: TaobaoWorld): Promise<{ id: string; text: string }> {
  const reasonCode = given(command.args.reasonCode, "reasonCode");
  const params = {
    refund_id: subject.channelCaseId,
    refund_phase: wordsOf(subject).phase,
    fields: "reason_id,reason_text,reason_tips",
  };
  const answer = await query(world, "taobao.refund.refusereason.get", params, reasonsSchema);
  return chosenReason(answer.reasons, reasonCode);
}

/** @throws SuiteError `channel_refused` when the channel does not offer this reason for this case. */
export function chosenReason(reasons: unknown, reasonCode: string): { id: string; text: string } {
  const offered = listOf(reasons, "reason").flatMap((row) => reasonSchema.safeParse(row).data ?? []);
  const chosen = offered.find(({ reason_id: reasonId }) => reasonId === reasonCode);
  if (!chosen) throw refusedHere("the platform does not offer this reason for the case");
  return { id: chosen.reason_id, text: chosen.reason_text ?? "" };
}

async function proofFor(
  request: Request,
  world: TaobaoWorld,
  { mostBytes, isNeeded }: { mostBytes: number; isNeeded: boolean },
): Promise<Picture[]> {
  const [proof, ...more] = piecesOf(request);
  if (more.length > 0) throw refusedHere("the platform takes one picture");
  if (proof) return [await pictureOf({ piece: proof, name: "refuse_proof", mostBytes }, world)];
  if (isNeeded) throw refusedHere("the platform wants a picture as proof");
  return [];
}
