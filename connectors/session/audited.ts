import { faultFields, log } from "#shared/log.ts";
import type { HttpClient } from "../contract.ts";

/** What has been wrapped already, by client and shop. */
const kept = new WeakMap<HttpClient, Map<string, HttpClient>>();

/**
 * The same client, with one line in the log for each call to a channel: of whom, what was called, how it ended and how long
 * it took. Never what was sent or what came back, and no query, because tokens may stand in either.
 * A shop keeps one as long as the process lives: connectors count calls by the client that makes them.
 */
export function audited(http: HttpClient, of: { channel: string; shopId?: string }): HttpClient {
  const clients = kept.get(http) ?? new Map<string, HttpClient>();
  kept.set(http, clients);
  const key = `${of.channel} ${of.shopId ?? ""}`;
  const client = clients.get(key) ?? wrapped(http, of);
  clients.set(key, client);
  return client;
}

function wrapped(http: HttpClient, of: { channel: string; shopId?: string }): HttpClient {
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
