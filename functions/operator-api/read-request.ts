import type * as z from "zod";
import type { Problem } from "#shared/api/problem.ts";
import type { ApiRoute } from "#shared/api/routes.ts";
import type { ApiCall } from "#shared/lambda/on-api.ts";

export interface ApiRequest {
  params: unknown;
  query: unknown;
  body: unknown;
}

/** A command with the longest note and twenty links stays far below. */
const largestBodyBytes = 64 * 1024;

/** The parts of a call as the route's schemas have them. A field that no schema knows is a mistake, never ignored. */
export function readRequest(route: ApiRoute, call: ApiCall): { request: ApiRequest } | Problem {
  const body = readBody(route, call);
  if ("problem" in body) return body;
  const parts = [
    ["path", route.params.safeParse(call.params)],
    ["query", route.query.safeParse(call.query)],
    ["body", route.body?.safeParse(body.json) ?? { success: true, data: undefined }],
  ] as const;
  const fields = parts.flatMap(([part, parsed]) => (parsed.success ? [] : fieldsOf(part, parsed.error)));
  if (fields.length > 0) return { problem: "request_invalid", fields };
  const [params, query, checked] = parts.map(([, { data }]) => data);
  return { request: { params, query, body: checked } };
}

function readBody(route: ApiRoute, { body, contentType }: ApiCall): { json: unknown } | Problem {
  if (body.length > largestBodyBytes) return { problem: "body_too_large" };
  if (!route.body) return body.length === 0 ? { json: undefined } : invalid("this operation takes no body");
  if (!/^application\/json\s*(;|$)/i.test(contentType ?? "")) return { problem: "media_unsupported" };
  try {
    return { json: JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(body)) };
  } catch {
    return invalid("not JSON in UTF-8");
  }
}

const invalid = (says: string): Problem => ({ problem: "request_invalid", fields: [{ field: "body", says }] });

/** Says which field is wrong and how, never what was in it: a client's mistake may hold anything. */
function fieldsOf(part: string, { issues }: z.ZodError): { field: string; says: string }[] {
  return issues.slice(0, 20).map(({ path, message, ...issue }) => ({
    field: [part, ...path].map(String).join(".").slice(0, 100),
    says: issue.code === "unrecognized_keys" ? "has a field that is not known" : message.slice(0, 200),
  }));
}
