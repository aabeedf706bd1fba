import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { setTimeout as wait } from "node:timers/promises";
import * as z from "zod";
import type { LocalClock } from "../../clock.ts";
import type { Activity } from "../activity.ts";
import type { JsonObject } from "../assembly/json.ts";
import { number, ofType, readProperties } from "../assembly/read-properties.ts";
import type { Resource } from "../assembly/resolve-template.ts";
import type { LocalFunction } from "../lambda/functions.ts";
import type { Dimensions, MetricStore } from "../watch/metric-store.ts";
import { toHttpEvent, writeHttpAnswer, writeHttpError } from "./http-event.ts";
import { matchRoute, type Route } from "./http-routes.ts";

const api = z.object({ Name: z.string().optional() });
const route = z.object({
  ApiId: z.string(),
  RouteKey: z.string(),
  Target: z.string().optional(),
  AuthorizationType: z.string().default("NONE"),
  AuthorizerId: z.string().optional(),
});
const integration = z.object({
  IntegrationType: z.string(),
  IntegrationUri: z.string().optional(),
  TimeoutInMillis: number.default(30_000),
});
const stage = z.object({ ApiId: z.string(), StageName: z.string() });

/** Decides about a call to a route that asks for an authorizer: what it found out, or undefined to refuse the call. */
export type Authorize = (request: {
  headers: IncomingMessage["headers"];
  authorizerId: string | undefined;
  routeKey: string;
}) => Promise<JsonObject | undefined>;

/** The listening server of one API, before its routes are known: the templates need its address to be resolved. */
export interface ApiServer {
  url: string;
  serve(handler: (request: IncomingMessage, response: ServerResponse) => void): void;
  stop(): Promise<void>;
}

/** Listens on the port, or on any free one when it is 0 or taken. Calls wait until `serve`. */
export async function listenForApi(port: number): Promise<ApiServer> {
  const early: [IncomingMessage, ServerResponse][] = [];
  let handler: Parameters<ApiServer["serve"]>[0] = (...call) => early.push(call);
  const server = createServer({ keepAliveTimeout: 65_000, maxHeaderSize: 16_384, noDelay: true }, (request, response) =>
    handler(request, response),
  );
  const listen = (on: number) =>
    new Promise<void>((resolve, reject) => {
      server.once("error", reject);
      server.listen(on, "127.0.0.1", () => {
        server.off("error", reject);
        resolve();
      });
    });
  await listen(port).catch(() => listen(0));
  const address = server.address();
  return {
    url: `http://127.0.0.1:${typeof address === "object" && address ? address.port : 0}`,
    serve(given) {
      handler = given;
      for (const [request, response] of early.splice(0)) given(request, response);
    },
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

export interface HttpApiDeps {
  servers: ReadonlyMap<string, ApiServer>;
  functions: readonly LocalFunction[];
  clock: LocalClock;
  activity: Activity;
  metrics: MetricStore;
  authorize?: Authorize;
}

interface RouteTarget {
  target: LocalFunction;
  timeoutMs: number;
  authorization: string;
  authorizerId: string | undefined;
}

const apiLimitBytes = 10 * 1024 * 1024;
const lambdaLimitBytes = 6 * 1024 * 1024;

/** Serves the template's HTTP APIs. Answers base URLs by the API's name. */
export function serveHttpApis(resources: readonly Resource[], deps: HttpApiDeps): Record<string, string> {
  const urls: Record<string, string> = {};
  for (const resource of ofType(resources, "AWS::ApiGatewayV2::Api")) {
    const server = deps.servers.get(`${resource.stack}/${resource.logicalId}`);
    if (!server) continue;
    const stages = ofType(resources, "AWS::ApiGatewayV2::Stage").map((each) => readProperties(each, stage));
    const stageName = stages.find(({ ApiId }) => ApiId === resource.ref)?.StageName ?? "$default";
    const prefix = stageName === "$default" ? "" : `/${stageName}`;
    urls[readProperties(resource, api).Name ?? resource.logicalId] = server.url + prefix;
    const routes = routesOf(resource.ref, resources, deps.functions);
    server.serve(
      (request, response) => void answer({ request, response, routes, apiId: resource.ref, stageName, prefix }, deps),
    );
  }
  return urls;
}

function routesOf(
  apiId: string,
  resources: readonly Resource[],
  functions: readonly LocalFunction[],
): Route<RouteTarget>[] {
  return ofType(resources, "AWS::ApiGatewayV2::Route").flatMap((resource) => {
    const { ApiId, RouteKey, Target, AuthorizationType, AuthorizerId } = readProperties(resource, route);
    if (ApiId !== apiId) return [];
    const place = `${resource.stack}/${resource.logicalId}`;
    const found = ofType(resources, "AWS::ApiGatewayV2::Integration").find(
      ({ ref }) => Target === `integrations/${ref}`,
    );
    const { IntegrationUri = "", TimeoutInMillis } = found ? readProperties(found, integration) : {};
    const target = functions.find(({ arn }) => IntegrationUri.includes(arn));
    if (!target || TimeoutInMillis === undefined)
      throw new Error(`${place} does not lead to a function; the local runtime knows no other integration.`);
    return [
      {
        key: RouteKey,
        target: { target, timeoutMs: TimeoutInMillis, authorization: AuthorizationType, authorizerId: AuthorizerId },
      },
    ];
  });
}

interface Call {
  request: IncomingMessage;
  response: ServerResponse;
  routes: Route<RouteTarget>[];
  apiId: string;
  stageName: string;
  prefix: string;
}

async function answer(call: Call, deps: HttpApiDeps) {
  const done = deps.activity.begin("http request");
  const startedMs = performance.now();
  try {
    await routeCall(call, deps);
  } catch (error) {
    if (!call.response.headersSent) writeHttpError(call.response, 500, "Internal Server Error");
    process.emitWarning(error instanceof Error ? error : String(error));
  } finally {
    const status = call.response.statusCode;
    const seenAs: Dimensions[] = [{ ApiId: call.apiId }, { ApiId: call.apiId, Stage: call.stageName }];
    for (const dimensions of seenAs) {
      deps.metrics.record("AWS/ApiGateway", "Count", dimensions, 1);
      deps.metrics.record("AWS/ApiGateway", "4xx", dimensions, status >= 400 && status < 500 ? 1 : 0);
      deps.metrics.record("AWS/ApiGateway", "5xx", dimensions, status >= 500 ? 1 : 0);
      deps.metrics.record("AWS/ApiGateway", "Latency", dimensions, performance.now() - startedMs);
    }
    done();
  }
}

async function routeCall(
  { request, response, routes, apiId, stageName, prefix }: Call,
  { clock, authorize }: HttpApiDeps,
) {
  const path = (request.url ?? "/").split("?")[0] ?? "/";
  const match = path.startsWith(prefix)
    ? matchRoute(routes, request.method ?? "GET", path.slice(prefix.length) || "/")
    : undefined;
  if (!match) {
    request.resume();
    return writeHttpError(response, 404, "Not Found");
  }
  const body = await readLimited(request);
  if (!body) return writeHttpError(response, 413, "Request Entity Too Large");
  const { target, timeoutMs, authorization, authorizerId } = match.route.target;
  const routeKey = match.route.key;
  const authorizer =
    authorization === "NONE" ? {} : await authorize?.({ headers: request.headers, authorizerId, routeKey });
  if (!authorizer) return writeHttpError(response, 401, "Unauthorized");

  const event = toHttpEvent({
    request,
    body,
    routeKey,
    pathParameters: match.pathParameters,
    apiId,
    stage: stageName,
    now: clock.now(),
    ...(authorization !== "NONE" && { authorizer }),
  });
  // Lambda takes no more than 6 MB of event; the gateway answers for it.
  if (Buffer.byteLength(JSON.stringify(event)) > lambdaLimitBytes)
    return writeHttpError(response, 500, "Internal Server Error");
  const limit = new AbortController();
  const outcome = await Promise.race([
    target.invoke(event),
    wait(Math.min(timeoutMs, 30_000), undefined, { signal: limit.signal, ref: false }).catch(() => undefined),
  ]);
  limit.abort();
  if (!outcome) return writeHttpError(response, 503, "Service Unavailable");
  if (!outcome.ok) return writeHttpError(response, 500, "Internal Server Error");
  writeHttpAnswer(response, outcome.payload);
}

/** The whole body, or undefined when it is larger than API Gateway takes. */
async function readLimited(request: IncomingMessage): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length <= apiLimitBytes) chunks.push(chunk);
  }
  return length > apiLimitBytes ? undefined : Buffer.concat(chunks);
}
