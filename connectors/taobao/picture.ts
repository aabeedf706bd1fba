import { SuiteError } from "#shared/errors.ts";
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
 * The picture at a piece of evidence's address, checked before anything is sent: only a public address is read and no
 * redirect followed, its first bytes say what it is, and it must not be larger than the call takes. @throws SuiteError `channel_refused` (nothing sent), `channel_unavailable`.
 */
export async function pictureOf(
  { url, name, mostBytes }: { url: string; name: string; mostBytes: number },
  world: TaobaoWorld,
): Promise<Picture> {
  if (!isPublicUrl(url)) throw refusedHere("the evidence is not at a public https address");
  const { status, body } = await asRead(world.http({ method: "GET", url, call: "evidence" }));
  if (status >= 300 && status < 400) throw refusedHere("the evidence's address leads to another one: give that one");
  if (status >= 500) throw new SuiteError("channel_unavailable", "the evidence cannot be read now");
  if (status !== 200) throw refusedHere("the evidence is not at its address");
  const type = kinds.find(([, begins]) => begins.every((byte, index) => body[index] === byte))?.[0];
  if (!type) throw refusedHere("the evidence is no GIF, JPG or PNG");
  if (body.length > mostBytes) throw refusedHere(`the evidence is larger than ${mostBytes} bytes`);
  return { name, bytes: body, type };
}

/** One transparent pixel, for calls that demand a picture where there is nothing to show. */
export function blankPicture(name: string): Picture {
  const png = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==";
  return { name, bytes: Buffer.from(png, "base64"), type: "image/png" };
}
