import { randomUUID } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { account } from "../assembly/identity.ts";
import type { JsonObject } from "../assembly/json.ts";

export interface HttpCall {
  request: IncomingMessage;
  body: Buffer;
  routeKey: string;
  pathParameters: Record<string, string>;
  apiId: string;
  stage: string;
  now: Date;
  /** What the authorizer found out, for `requestContext.authorizer`. */
  authorizer?: JsonObject;
}

/** An API Gateway HTTP API event, payload format 2.0. */
export function toHttpEvent({
  request,
  body,
  routeKey,
  pathParameters,
  apiId,
  stage,
  now,
  authorizer,
}: HttpCall): JsonObject {
  const [rawPath = "/", rawQueryString = ""] = splitOnce(request.url ?? "/", "?");
  const headers: JsonObject = {};
  for (const [name, values] of Object.entries(request.headersDistinct)) {
    if (values && name !== "cookie" && name !== "connection" && name !== "transfer-encoding")
      headers[name] = values.join(",");
  }
  headers["content-length"] = String(body.length);
  const cookies = request.headersDistinct.cookie?.flatMap((line) => line.split(/;\s*/));
  const query: Record<string, string> = {};
  for (const [name, value] of new URLSearchParams(rawQueryString)) {
    query[name] = name in query ? `${query[name]},${value}` : value;
  }
  const text = body.length > 0 ? asText(body, String(headers["content-type"] ?? "")) : undefined;
  return {
    version: "2.0",
    routeKey,
    rawPath: decodePath(rawPath),
    rawQueryString,
    ...(cookies && { cookies }),
    headers,
    ...(rawQueryString !== "" && { queryStringParameters: query }),
    ...(Object.keys(pathParameters).length > 0 && { pathParameters }),
    requestContext: {
      accountId: account,
      apiId,
      domainName: request.headers.host ?? "localhost",
      domainPrefix: "localhost",
      http: {
        method: request.method ?? "GET",
        path: decodePath(rawPath),
        protocol: `HTTP/${request.httpVersion}`,
        sourceIp: request.socket.remoteAddress?.replace(/^::ffff:/, "") ?? "127.0.0.1",
        userAgent: request.headers["user-agent"] ?? "",
      },
      requestId: randomUUID(),
      routeKey,
      stage,
      time: now.toUTCString(),
      timeEpoch: now.getTime(),
      ...(authorizer && { authorizer }),
    },
    ...(body.length > 0 && { body: text ?? body.toString("base64") }),
    isBase64Encoded: body.length > 0 && text === undefined,
  };
}

const textTypes = /^\s*(text\/|application\/(json|xml|javascript)\b)/i;

/** API Gateway passes known text types as text and everything else, forms included, as base64. */
function asText(body: Buffer, contentType: string): string | undefined {
  if (!textTypes.test(contentType)) return undefined;
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(body);
  } catch {
    return undefined;
  }
}

/** Writes a function's answer: the format 2.0 response object, or anything else as a JSON body with status 200. */
export function writeHttpAnswer(response: ServerResponse, payload: string | undefined) {
  const value: unknown = payload === undefined ? null : JSON.parse(payload);
  if (typeof value !== "object" || value === null || !("statusCode" in value)) {
    response
      .writeHead(200, { "content-type": "application/json" })
      .end(typeof value === "string" ? value : JSON.stringify(value));
    return;
  }
  const answer = value as {
    statusCode: unknown;
    headers?: Record<string, unknown>;
    cookies?: string[];
    body?: unknown;
    isBase64Encoded?: boolean;
  };
  const status = Number(answer.statusCode);
  if (!Number.isInteger(status) || status < 100 || status > 599)
    return writeHttpError(response, 500, "Internal Server Error");
  const text =
    typeof answer.body === "string" ? answer.body : answer.body === undefined ? "" : JSON.stringify(answer.body);
  const body = Buffer.from(text, answer.isBase64Encoded ? "base64" : "utf8");
  const headers: Record<string, string | string[]> = { "content-type": "text/plain;charset=UTF-8" };
  for (const [name, each] of Object.entries(answer.headers ?? {})) headers[name.toLowerCase()] = String(each);
  if (answer.cookies) headers["set-cookie"] = answer.cookies;
  headers["content-length"] = String(body.length);
  response.writeHead(status, headers).end(body);
}

export function writeHttpError(response: ServerResponse, status: number, message: string) {
  response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify({ message }));
}

function splitOnce(text: string, mark: string): [string, string] {
  const place = text.indexOf(mark);
  return place < 0 ? [text, ""] : [text.slice(0, place), text.slice(place + 1)];
}

function decodePath(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}
