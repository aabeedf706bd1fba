import type { HeldFile } from "#shared/case/evidence.ts";
import { isSuiteError, SuiteError } from "#shared/errors.ts";
import type { ActionRequest } from "../contract.ts";
import { type Link, piecesOf } from "../kit/pieces.ts";
import { type DouyinWorld, type Params, query } from "./client.ts";
import { refusedHere } from "./refused-here.ts";
import { materialDetailSchema, materialSchema, materialsSchema } from "./schema.ts";

/** The root of the shop's material library: pictures may always lie there. */
const rootFolder = "0";
const mediaTypes = ["image/png", "image/jpeg"];
const mostBytes = 10_000_000;
/** The channel fetches the picture while the call is open; the clocks of two clouds may differ. */
const linkSeconds = 300;
/** The channel audits most pictures within four seconds, and those that it takes for risky within a day. */
const auditLooksMs = 5_000;

/**
 * The pictures of a command at addresses that the channel takes: those that name one as it is, files of ours by way of the
 * shop's material library. All are looked at before the first is uploaded. Nothing of it concerns the case, and what is in
 * the library is found again, so all may be repeated.
 * Source: https://op.jinritemai.com/docs/api-docs/69/1146 and its siblings, by copy, read 2026-11-25.
 * @throws SuiteError `channel_refused` for too many, too large, of another kind, or one that the audit rejected;
 * `channel_unavailable` while the audit lasts; else as a read does
 */
export async function picturesOf(request: ActionRequest, most: number, world: DouyinWorld): Promise<Link[]> {
  const pieces = piecesOf(request);
  if (pieces.length > most) throw refusedHere(`the channel takes at most ${most} pictures`);
  for (const piece of pieces) if ("file" in piece) check(piece.file);
  const links: Link[] = [];
  for (const piece of pieces) {
    const url = "url" in piece ? piece.url : await addressOf(piece.file, world);
    if (url !== undefined) links.push({ kind: piece.kind, url });
  }
  // All are on their way by now, so that their audits last no longer than one.
  if (links.length < pieces.length) throw stillAudited();
  return links;
}

function check({ mediaType, bytes }: HeldFile): void {
  if (!mediaTypes.includes(mediaType)) throw refusedHere(`the channel takes PNG and JPG, and no ${mediaType}`);
  if (bytes > mostBytes) throw refusedHere(`the picture is larger than ${mostBytes} bytes`);
}

/**
 * The address of a file in the library; undefined while it is audited. It is looked for before it is uploaded: an earlier try
 * may have got it there, and its audit is then told by that one. Its name is of its bytes, so it is the same picture whoever
 * gave it that name.
 */
async function addressOf(file: HeldFile, world: DouyinWorld): Promise<string | undefined> {
  const name = `${file.sha256.slice(0, 40)}.${file.mediaType === "image/png" ? "png" : "jpg"}`;
  const known = await query(world, "/material/searchMaterial", { material_name: name }, materialsSchema);
  const own = (known.material_info_list ?? []).filter((each) => each.material_name === name);
  if (own.length > 0) return told(own);
  const uploaded = await asUpload(
    query(world, "/material/uploadImageSync", await paramsOf(file, name), materialSchema),
  );
  const { material_id } = uploaded;
  const { material_info: made } = await query(
    world,
    "/material/queryMaterialDetail",
    { material_id },
    materialDetailSchema,
  );
  return told([made]);
}

/** The channel fetches it: the other way, a file's own upload, is not described where it could be read. */
async function paramsOf(file: HeldFile, name: string): Promise<Params> {
  return { folder_id: rootFolder, material_name: name, url: await file.link(linkSeconds), need_distinct: true };
}

interface Audited {
  audit_status: number;
  byte_url?: string | null | undefined;
}

/** What audits say of one picture, which may be in the library more than once. An address is given only with a pass. */
function told(own: readonly Audited[]): string | undefined {
  const passed = own.find(({ audit_status: status, byte_url: url }) => status === 3 && url);
  if (passed?.byte_url) return passed.byte_url;
  if (own.every(({ audit_status: status }) => status === 4))
    throw refusedHere("the channel's audit rejected the picture: hand in another one");
  return undefined;
}

function stillAudited(): SuiteError {
  return new SuiteError("channel_unavailable", "the channel still audits a picture; nothing was handed in yet", {
    details: { retryAfterMs: auditLooksMs },
  });
}

/** What passes by itself, under numbers that elsewhere mean no: the same upload is under way, or the fetch failed. */
const passing = [
  "40004 isv.parameter-invalid:31001",
  "50002 isv.business-failed:10010",
  "50002 isv.business-failed:10004",
];

async function asUpload<T>(call: Promise<T>): Promise<T> {
  try {
    return await call;
  } catch (error) {
    if (!isSuiteError(error, "channel_refused") || !passing.includes(String(error.details.channelCode))) throw error;
    throw new SuiteError("channel_unavailable", "the channel could not take the picture now", {
      details: error.details,
      cause: error,
    });
  }
}
