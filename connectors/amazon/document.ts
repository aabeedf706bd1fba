import { createGunzip } from "node:zlib";
import { SuiteError } from "#shared/errors.ts";
import type { HttpResponse } from "../contract.ts";

/** A report of a year's returns stays well below; a document that inflates beyond is not read to its end. */
const mostInflatedBytes = 512 * 1024 * 1024;

/**
 * The text of a downloaded document, piece by piece, so that its size does not matter. It is inflated exactly if it is
 * compressed: an HTTP client may have done so already, whatever the answer that named the document said. The character set
 * is the download's; without one UTF-8 where that fits, else Windows-1252.
 * @throws SuiteError `payload_invalid` when it cannot be inflated or decoded.
 */
export async function* textOf(download: HttpResponse): AsyncGenerator<string> {
  const decoder = decoderOf((await charsetOf(download)) ?? "windows-1252");
  try {
    for await (const bytes of bytesOf(download.body)) yield decoder.decode(bytes, { stream: true });
    yield decoder.decode();
  } catch (cause) {
    if (cause instanceof SuiteError) throw cause;
    throw new SuiteError("payload_invalid", "the document cannot be inflated or decoded");
  }
}

async function charsetOf({ headers, body }: HttpResponse): Promise<string | undefined> {
  const named = /charset="?([\w.:-]+)/i.exec(headers["content-type"] ?? "")?.[1];
  if (named !== undefined) return named;
  const strict = new TextDecoder("utf-8", { fatal: true });
  try {
    for await (const bytes of bytesOf(body)) strict.decode(bytes, { stream: true });
    strict.decode();
    return "utf-8";
  } catch {
    return undefined;
  }
}

function decoderOf(charset: string): InstanceType<typeof TextDecoder> {
  try {
    return new TextDecoder(charset);
  } catch {
    throw new SuiteError("payload_invalid", "the document's character set is not known");
  }
}

async function* bytesOf(body: Uint8Array): AsyncGenerator<Uint8Array> {
  if (body[0] !== 0x1f || body[1] !== 0x8b) {
    yield body;
    return;
  }
  const inflate = createGunzip();
  inflate.end(body);
  let size = 0;
  for await (const chunk of inflate as AsyncIterable<Uint8Array>) {
    size += chunk.length;
    if (size > mostInflatedBytes) throw new SuiteError("payload_invalid", "the document is too large");
    yield chunk;
  }
}
