import { SuiteError } from "#shared/errors.ts";
import type { Piece } from "../kit/pieces.ts";
import { isPublicUrl } from "../kit/public-url.ts";
import type { Picture } from "./body.ts";
import { asRead, type TaobaoWorld } from "./client.ts";
import { refusedHere } from "./refused-here.ts";

const kinds: readonly (readonly [type: Picture["type"], begins: readonly number[]])[] = [
  ["image/png", [0x89, 0x50, 0x4e, 0x47]],
  ["image/jpeg", [0xff, 0xd8, 0xff]],
  ["image/gif", [0x47, 0x49, 0x46, 0x38]],
];

/**
 * The picture of a piece of evidence, checked before anything is sent: a file of ours, or what lies at its address, of which
 * only a public one is read and no redirect followed. Its first bytes say what it is, and it must not be larger than the
 * call takes. @throws SuiteError `channel_refused` (nothing sent), `channel_unavailable`, `store_unavailable`.
 */
export async function pictureOf(
  { piece, name, mostBytes }: { piece: Piece; name: string; mostBytes: number },
  world: TaobaoWorld,
): Promise<Picture> {
  if ("file" in piece && piece.file.bytes > mostBytes) throw tooLarge(mostBytes);
  const bytes = "file" in piece ? await piece.file.read() : await bytesAt(piece.url, world);
  const type = kinds.find(([, begins]) => begins.every((byte, index) => bytes[index] === byte))?.[0];
  if (!type) throw refusedHere("the evidence is no GIF, JPG or PNG");
  if (bytes.length > mostBytes) throw tooLarge(mostBytes);
  return { name, bytes, type };
}

async function bytesAt(url: string, world: TaobaoWorld): Promise<Uint8Array> {
  if (!isPublicUrl(url)) throw refusedHere("the evidence is not at a public https address");
  const { status, body } = await asRead(world.http({ method: "GET", url, call: "evidence" }));
  if (status >= 300 && status < 400) throw refusedHere("the evidence's address leads to another one: give that one");
  if (status >= 500) throw new SuiteError("channel_unavailable", "the evidence cannot be read now");
  if (status !== 200) throw refusedHere("the evidence is not at its address");
  return body;
}

const tooLarge = (mostBytes: number) => refusedHere(`the evidence is larger than ${mostBytes} bytes`);

/** One transparent pixel, for calls that demand a picture where there is nothing to show. */
export function blankPicture(name: string): Picture {
  const png = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==";
  return { name, bytes: Buffer.from(png, "base64"), type: "image/png" };
}
