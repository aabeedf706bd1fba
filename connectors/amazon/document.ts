import { pipeline } from "node:stream";
import { createGunzip } from "node:zlib";
import { SuiteError } from "#shared/errors.ts";
import type { HttpResponse } from "../contract.ts";

/** A report of a year's returns stays well below; a document that inflates beyond is not read to its end. */
const mostInflatedBytes = 512 * 1024 * 1024;

/**
 * The text of a downloaded document, piece by piece as it arrives, so that its size does not matter. It is inflated exactly
 * if it is compressed: an HTTP client may have done so already, whatever the answer that named the document said. The
 * character set is the download's; without one UTF-8 up to the first byte that is none, and Windows-1252 from there.
 * @throws SuiteError `payload_invalid` when it cannot be inflated or decoded; what the download throws.
 */
export async function* textOf(
  { headers, body, stream }: HttpResponse,
  mostBytes = mostInflatedBytes,
): AsyncGenerator<string> {
  const named = /charset="?([\w.:-]+)/i.exec(headers["content-type"] ?? "")?.[1];
  const decoder = named === undefined ? new GuessingDecoder() : decoderOf(named);
  try {
    for await (const bytes of inflated(stream ?? [body], mostBytes)) yield decoder.decode(bytes, { stream: true });
    yield decoder.decode();
  } catch (cause) {
    if (cause instanceof SuiteError) throw cause;
    throw new SuiteError("payload_invalid", "the document cannot be inflated or decoded");
  }
}

function decoderOf(charset: string): InstanceType<typeof TextDecoder> {
  try {
    return new TextDecoder(charset);
  } catch {
    throw new SuiteError("payload_invalid", "the document's character set is not known");
  }
}

/** What is decoded before the first wrong byte is plain ASCII in practice, so the change of mind changes nothing there. */
class GuessingDecoder {
  readonly #strict = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
  #fallback: InstanceType<typeof TextDecoder> | undefined;
  #rest: Uint8Array = new Uint8Array();

  decode(bytes: Uint8Array = new Uint8Array(), { stream = false } = {}): string {
    const all = Buffer.concat([this.#rest, bytes]);
    const whole = stream && !this.#fallback ? all.length - openBytes(all) : all.length;
    this.#rest = all.subarray(whole);
    const piece = all.subarray(0, whole);
    if (this.#fallback) return this.#fallback.decode(piece);
    try {
      return this.#strict.decode(piece);
    } catch {
      this.#fallback = new TextDecoder("windows-1252");
      return this.#fallback.decode(piece);
    }
  }
}

/** How many bytes at the end begin a character that has not come whole. */
function openBytes(bytes: Uint8Array): number {
  for (let back = 1; back <= Math.min(3, bytes.length); back++) {
    const byte = bytes[bytes.length - back] ?? 0;
    if (byte < 0x80) return 0;
    if (byte >= 0xc0) return back < (byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2) ? back : 0;
  }
  return 0;
}

async function* inflated(
  pieces: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  mostBytes: number,
): AsyncGenerator<Uint8Array> {
  const source = (async function* () {
    yield* pieces;
  })();
  let head: Uint8Array = new Uint8Array();
  // Two bytes tell, and may come one by one.
  for (let next = await source.next(); next.value; next = await source.next()) {
    head = Buffer.concat([head, next.value]);
    if (head.length >= 2) break;
  }
  const whole = (async function* () {
    yield head;
    yield* source;
  })();
  if (head[0] !== 0x1f || head[1] !== 0x8b) {
    yield* whole;
    return;
  }
  // The end and every fault show on what is read here; whoever stops reading ends the source too.
  const inflate = pipeline(whole, createGunzip(), () => {});
  let size = 0;
  for await (const chunk of inflate as AsyncIterable<Uint8Array>) {
    size += chunk.length;
    if (size > mostBytes) throw new SuiteError("payload_invalid", "the document is too large");
    yield chunk;
  }
}
