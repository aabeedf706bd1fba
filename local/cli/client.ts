import { problemSchema } from "#shared/api/problem.ts";
import { type RouteName, routes } from "#shared/api/routes.ts";
import { findRunning } from "../running.ts";

/** The API said no, or did not answer; the message is for the person at the terminal. */
export class CliRefused extends Error {}

export interface ApiRequest {
  params?: Readonly<Record<string, string>>;
  query?: Readonly<Record<string, string | undefined>>;
  body?: object;
}
export type Client = (name: RouteName, request?: ApiRequest) => Promise<unknown>;

/** Where the API is and with which token: as the environment says, else the stack that runs on this machine. */
export async function connect(environment: NodeJS.ProcessEnv, { role = "admin" }: { role?: string }): Promise<Client> {
  const { CASEBRIDGE_URL, CASEBRIDGE_TOKEN } = environment;
  if (CASEBRIDGE_URL && CASEBRIDGE_TOKEN) return clientOf(CASEBRIDGE_URL, CASEBRIDGE_TOKEN);
  const running = CASEBRIDGE_URL || CASEBRIDGE_TOKEN ? undefined : findRunning();
  if (!running) {
    throw new CliRefused(
      "Set CASEBRIDGE_URL and CASEBRIDGE_TOKEN, or start the stack on this machine with `npm start`.",
    );
  }
  const { issuerUrl, operatorUrl, tenantId } = running;
  const asked = new URLSearchParams({ tenantId, role });
  const given = await reach(`${issuerUrl}/token?${asked}`, { method: "POST" });
  const { token, message } = (await given.json()) as { token?: string; message?: string };
  if (!token) throw new CliRefused(`The local issuer gives no token: ${message}`);
  return clientOf(operatorUrl, token);
}

function clientOf(url: string, token: string): Client {
  return async (name, { params = {}, query = {}, body } = {}) => {
    const { method, path } = routes[name];
    const filled = path.replace(/\{(\w+)\}/g, (_, part: string) =>
      encodeURIComponent((params[part] ?? "").replaceAll("/", "~")),
    );
    const asked = Object.entries(query).filter((each): each is [string, string] => each[1] !== undefined);
    const search = asked.length > 0 ? `?${new URLSearchParams(asked)}` : "";
    const response = await reach(`${url.replace(/\/$/, "")}${filled}${search}`, {
      method,
      headers: {
        authorization: `Bearer ${token}`,
        ...(body ? { "content-type": "application/json" } : {}),
      },
      ...(body ? { body: JSON.stringify(body) } : {}),
    });
    const text = await response.text();
    if (response.ok) return JSON.parse(text);
    throw new CliRefused(sentenceOf(response.status, text));
  };
}

async function reach(url: string, init: RequestInit): Promise<Response> {
  try {
    return await fetch(url, { ...init, redirect: "error", signal: AbortSignal.timeout(35_000) });
  } catch {
    throw new CliRefused(`No answer from ${new URL(url).origin}.`);
  }
}

function sentenceOf(status: number, text: string): string {
  if (status === 401) return "The token is missing, has ended, or is not for this API (401).";
  if (status === 429) return "Too many requests; wait a second (429).";
  const problem = problemSchema.safeParse(jsonOf(text));
  if (!problem.success) return `The API answered with ${status}.`;
  const { code, reason, title, detail, fields = [] } = problem.data;
  const lines = fields.map(({ field, says }) => `  ${field}: ${says}`);
  return [`${detail ?? title} (${status} ${[code, reason].filter(Boolean).join(" ")})`, ...lines].join("\n");
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
