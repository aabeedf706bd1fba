import type { HttpClient, HttpRequest, HttpResponse, World } from "#connectors/contract.ts";
import type { ConnectorFixtures } from "./fixtures.ts";

export interface ScriptedHttp {
  readonly http: HttpClient;
  /** What was sent, in order. */
  readonly requests: readonly HttpRequest[];
}

/** Answers requests from a script, in order; an error in the script is thrown. A request too many is a failure of its own. */
export function scriptedHttp(script: readonly (HttpResponse | Error)[]): ScriptedHttp {
  const requests: HttpRequest[] = [];
  const http: HttpClient = async (request) => {
    const answer = script[requests.length];
    requests.push(request);
    if (answer === undefined) throw new Error(`request ${requests.length} is not in the script: ${request.url}`);
    if (answer instanceof Error) throw answer;
    return answer;
  };
  return { http, requests };
}

/** The world of the suite with this HTTP client. */
export function worldOf<App, Credentials>(
  { app, credentials, shopId, now }: ConnectorFixtures<App, Credentials>,
  http: HttpClient,
): World<App, Credentials> {
  return { app, credentials, shopId, now, http };
}
