import { SuiteError } from "./errors.ts";

interface Request {
  readonly method: "GET" | "POST" | "PUT" | "DELETE";
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
  readonly streamed?: { readonly maxBytes: number };
}

interface Response {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
  readonly stream?: AsyncIterable<Uint8Array>;
}

/** Error codes of undici and the sockets below it that mean that no byte of the request has left. */
const nothingSent = new Set([
  "ECONNREFUSED",
  "ENOTFOUND",
  "EAI_AGAIN",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "UND_ERR_CONNECT_TIMEOUT",
  "CERT_HAS_EXPIRED",
  "ERR_TLS_CERT_ALTNAME_INVALID",
  "DEPTH_ZERO_SELF_SIGNED_CERT",
  "SELF_SIGNED_CERT_IN_CHAIN",
  "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
]);

/**
 * An HTTP client for calls to marketplaces: one try, no redirects, bounded in time and in the size of the answer, because
 * the far side is not ours. Repeating is the caller's decision, since only it knows whether a repeat is safe.
 */
export function httpClient({ timeoutMs = 12_000, maxBytes = 8_000_000 } = {}): (request: Request) => Promise<Response> {
  return async ({ method, url, headers, body, streamed }) => {
    const place = new URL(url);
    const details = { host: place.host, path: place.pathname };
    const ending = new AbortController();
    const timer = setTimeout(() => ending.abort(new DOMException("took too long", "TimeoutError")), timeoutMs);
    try {
      const response = await fetch(url, {
        method,
        headers,
        body: body as RequestInit["body"],
        redirect: "manual",
        signal: ending.signal,
      });
      const answer = { status: response.status, headers: Object.fromEntries(response.headers) };
      if (streamed)
        return { ...answer, body: new Uint8Array(), stream: piecesOf(response, streamed.maxBytes, details) };
      return { ...answer, body: Buffer.concat(await Array.fromAsync(bounded(response, maxBytes, details))) };
    } catch (cause) {
      if (cause instanceof SuiteError) throw cause;
      throw unreached(cause, details);
    } finally {
      clearTimeout(timer);
    }
  };
}

/** The time limit is over with the head of the answer: how long the rest takes is up to whoever takes it in. */
async function* piecesOf(response: globalThis.Response, maxBytes: number, details: Place): AsyncGenerator<Uint8Array> {
  try {
    yield* bounded(response, maxBytes, details);
  } catch (cause) {
    if (cause instanceof SuiteError) throw cause;
    throw unreached(cause, details);
  }
}

interface Place {
  [name: string]: string;
  host: string;
  path: string;
}

function unreached(cause: unknown, details: Place): SuiteError {
  const inner = cause instanceof Error ? cause.cause : undefined;
  const code = inner instanceof Error && "code" in inner ? String(inner.code) : "";
  // Only what certainly never left counts as not sent. Everything else may have been carried out.
  return nothingSent.has(code)
    ? new SuiteError("channel_unavailable", "the channel could not be reached", {
        details: { ...details, code },
        cause,
      })
    : new SuiteError("answer_unclear", "the request left but no whole answer came", {
        details: { ...details, code: code || (cause instanceof Error ? cause.name : "unknown") },
        cause,
      });
}

async function* bounded(response: globalThis.Response, maxBytes: number, details: Place): AsyncGenerator<Uint8Array> {
  let size = 0;
  for await (const chunk of response.body ?? []) {
    size += chunk.byteLength;
    if (size > maxBytes) {
      throw new SuiteError("answer_unclear", `the channel's answer is larger than ${maxBytes} bytes`, { details });
    }
    yield chunk;
  }
}
