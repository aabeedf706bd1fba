import { createHash } from "node:crypto";
import { lookup } from "node:dns/promises";
import type { IncomingMessage } from "node:http";
import { request } from "node:https";
import type { LookupFunction } from "node:net";
import { fileTypeFromBuffer } from "file-type";
import type { EvidenceRefusal } from "#shared/case/evidence.ts";
import { SuiteError } from "#shared/errors.ts";
import { isPublicAddress } from "./public-address.ts";

/** What a download is bounded by. */
export interface DownloadLimits {
  /** Whole names, or `.example.com` for every name below it. Every hop of a redirect must be among them. */
  hosts: readonly string[];
  maxBytes: number;
  /** For the whole of it, redirects included. */
  timeoutMs: number;
  /** Told by the bytes, not by what the server says. */
  mediaTypes: readonly string[];
}

/** The internet, for tests to replace. */
export interface Internet {
  resolve: (host: string) => Promise<readonly string[]>;
  isPublic: (address: string) => boolean;
  port?: number;
  ca?: string;
}

export type Download =
  | { ok: true; bytes: Buffer; mediaType: string; sha256: string }
  | { ok: false; why: EvidenceRefusal };

const internet: Internet = {
  resolve: async (host) => (await lookup(host, { all: true })).map(({ address }) => address),
  isPublic: isPublicAddress,
};

const mostRedirects = 3;
/** What tells a file's type stands at its beginning; no more is given to the library, which may unpack what it is given. */
const headBytes = 4_100;

class Refusal extends Error {
  readonly why: EvidenceRefusal;
  constructor(why: EvidenceRefusal) {
    super(why);
    this.why = why;
  }
}

/**
 * Downloads a file from an address that others have named, without being led anywhere else: https at its own port, hosts
 * of the list, public addresses only. A name is resolved once, and the connection goes to the address that was checked, so
 * a second answer of its name server changes nothing. Nothing is sent but the address: no cookies, no credentials. Nothing
 * is unpacked. @throws SuiteError `channel_unavailable` for what may pass: a server that fails, a name without an answer.
 */
export async function download(url: string, limits: DownloadLimits, world: Internet = internet): Promise<Download> {
  const ending = AbortSignal.timeout(limits.timeoutMs);
  try {
    const bytes = await follow(url, limits, world, ending);
    const mediaType = (await fileTypeFromBuffer(bytes.subarray(0, headBytes)))?.mime;
    if (!mediaType || !limits.mediaTypes.includes(mediaType)) return { ok: false, why: "type_not_allowed" };
    return { ok: true, bytes, mediaType, sha256: createHash("sha256").update(bytes).digest("hex") };
  } catch (fault) {
    if (fault instanceof Refusal) return { ok: false, why: fault.why };
    if (ending.aborted) return { ok: false, why: "too_slow" };
    if (fault instanceof SuiteError) throw fault;
    const code = fault instanceof Error && "code" in fault ? String(fault.code) : "unknown";
    if (code === "ENOTFOUND") return { ok: false, why: "host_unknown" };
    throw unavailable({ code }, fault);
  }
}

async function follow(url: string, limits: DownloadLimits, world: Internet, ending: AbortSignal): Promise<Buffer> {
  let place = url;
  for (let hop = 0; hop <= mostRedirects; hop++) {
    const target = checkedPlace(place, limits.hosts);
    const address = await checkedAddress(target.hostname, world, ending);
    const response = await get(target, address, world, ending);
    const { statusCode: status = 0 } = response;
    const { location } = response.headers;
    if (status >= 300 && status < 400 && location) {
      response.destroy();
      if (!URL.canParse(location, target.href)) throw new Refusal("address_malformed");
      place = new URL(location, target).href;
      continue;
    }
    if (status === 200) return take(response, limits.maxBytes);
    response.destroy();
    if (status >= 500 || status === 429) throw unavailable({ httpStatus: status });
    throw new Refusal("not_there");
  }
  throw new Refusal("too_many_redirects");
}

function checkedPlace(text: string, hosts: readonly string[]): URL {
  if (!URL.canParse(text)) throw new Refusal("address_malformed");
  const url = new URL(text);
  if (url.protocol !== "https:") throw new Refusal("not_https");
  if (url.port !== "" || url.username !== "" || url.password !== "") throw new Refusal("address_malformed");
  if (!hosts.some((host) => (host.startsWith(".") ? url.hostname.endsWith(host) : url.hostname === host)))
    throw new Refusal("host_not_allowed");
  return url;
}

/** One bad address among good ones is enough: a name server that gives both is not to be trusted with the choice. */
async function checkedAddress(host: string, { resolve, isPublic }: Internet, ending: AbortSignal): Promise<string> {
  const addresses = await Promise.race([
    resolve(host),
    new Promise<never>((_, reject) => ending.addEventListener("abort", () => reject(ending.reason), { once: true })),
  ]);
  const [first] = addresses;
  if (!first) throw new Refusal("host_unknown");
  if (!addresses.every(isPublic)) throw new Refusal("address_not_public");
  return first;
}

function get(url: URL, address: string, { port, ca }: Internet, signal: AbortSignal): Promise<IncomingMessage> {
  const family = address.includes(":") ? 6 : 4;
  const pinned: LookupFunction = (_host, options, done) =>
    options.all ? done(null, [{ address, family }]) : done(null, address, family);
  return new Promise((resolve, reject) => {
    const headers = { accept: "image/*, video/*", "accept-encoding": "identity" };
    // A connection of its own: one that is kept could have been opened for another check.
    const asking = request(url, { agent: false, lookup: pinned, signal, headers, ca, ...(port && { port }) }, resolve);
    asking.on("error", reject).end();
  });
}

async function take(response: IncomingMessage, maxBytes: number): Promise<Buffer> {
  const { "content-encoding": encoding = "identity", "content-length": announced } = response.headers;
  const refuse = (why: EvidenceRefusal) => {
    response.destroy();
    return new Refusal(why);
  };
  // It was not asked for, and a few kilobytes may unpack to gigabytes.
  if (encoding !== "identity") throw refuse("compressed");
  if (Number(announced) > maxBytes) throw refuse("too_large");
  const pieces: Buffer[] = [];
  let size = 0;
  for await (const piece of response as AsyncIterable<Buffer>) {
    size += piece.length;
    if (size > maxBytes) throw refuse("too_large");
    pieces.push(piece);
  }
  if (size === 0) throw new Refusal("empty");
  return Buffer.concat(pieces);
}

function unavailable(details: { code?: string; httpStatus?: number }, cause?: unknown): SuiteError {
  return new SuiteError("channel_unavailable", "the file cannot be read now", { details, cause });
}
