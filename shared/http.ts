import { SuiteError } from "./errors.ts";

interface Request {
  readonly method: "GET" | "POST" | "PUT" | "DELETE";
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
}

interface Response {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
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
  return async ({ method, url, headers, body }) => {
    const place = new URL(url);
    const details = { host: place.host, path: place.pathname };
    try {
      const response = await fetch(url, {
        method,
        headers,
        body: body as RequestInit["body"],
        redirect: "manual",
        signal: AbortSignal.timeout(timeoutMs),
      });
      const bytes = await readBounded(response, maxBytes, details);
      return { status: response.status, headers: Object.fromEntries(response.headers), body: bytes };
    } catch (cause) {
      if (cause instanceof SuiteError) throw cause;
      throw unreached(cause, details);
    }
  };
}

function unreached(cause: unknown, details: { host: string; path: string }): SuiteError {
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

async function readBounded(
  response: globalThis.Response,
  maxBytes: number,
  details: { host: string; path: string },
): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body ?? []) {
    size += chunk.byteLength;
    if (size > maxBytes) {
      throw new SuiteError("answer_unclear", `the channel's answer is larger than ${maxBytes} bytes`, { details });
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
