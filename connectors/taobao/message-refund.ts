import { piecesOf } from "../kit/pieces.ts";
import { command as ask, type TaobaoWorld } from "./client.ts";
import { blankPicture, pictureOf } from "./picture.ts";
import type { Request } from "./refund-actions.ts";
import { given, refusedHere } from "./refused-here.ts";
import { createdMessageSchema } from "./schema.ts";

const mostContentBytes = 400;
const mostPictureBytes = 500_000;

/** Leaves a message in a refund. The channel demands a picture with each, so one without gets a blank one. */
export async function messageRefund(request: Request, world: TaobaoWorld): Promise<void> {
  const { subject, command } = request;
  const content = given(command.args.note, "note");
  if (new TextEncoder().encode(content).length > mostContentBytes)
    throw refusedHere(`the message has more than ${mostContentBytes} bytes`);
  const [proof, ...more] = piecesOf(request);
  if (more.length > 0) throw refusedHere("the platform takes one picture");
  const picture = proof
    ? await pictureOf({ piece: proof, name: "image", mostBytes: mostPictureBytes }, world)
    : blankPicture("image");
  const params = { refund_id: subject.channelCaseId, content };
  await ask(world, "taobao.refund.message.add", params, { schema: createdMessageSchema, pictures: [picture] });
}
