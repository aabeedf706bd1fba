import { faultFields, log } from "#shared/log.ts";
import type { HttpClient } from "../contract.ts";

/**
 * The same client, with one line in the log for each call to a channel: of whom, what was called, how it ended and how long
 * it took. Never what was sent or what came back, and no query, because tokens may stand in either.
 */
export function audited(http: HttpClient, of: { channel: string; shopId?: string }): HttpClient {
  return async (request) => {
    const { host, pathname } = new URL(request.url);
    const about = { ...of, host, call: request.call ?? `${request.method} ${pathname}` };
    const startedAt = performance.now();
    const tookMs = () => Math.round(performance.now() - startedAt);
    try {
      const response = await http(request);
      log.info("channel called", { ...about, httpStatus: response.status, tookMs: tookMs() });
      return response;
    } catch (fault) {
      log.warn("channel called without an answer", { ...about, ...faultFields(fault), tookMs: tookMs() });
      throw fault;
    }
  };
}
