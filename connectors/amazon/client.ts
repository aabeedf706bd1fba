import type * as z from "zod";
import { isSuiteError, SuiteError } from "#shared/errors.ts";
import type { HttpRequest, HttpResponse, World } from "../contract.ts";
import { explain, objectOf } from "./explain.ts";
import { type Operation, operations } from "./operations.ts";
import { noteAnswer, takeCall } from "./pace.ts";
import { type AmazonApp, type AmazonCredentials, hostOf } from "./settings.ts";

export type AmazonWorld = World<AmazonApp, AmazonCredentials>;

interface Call {
  operation: Operation;
  method: "GET" | "POST" | "DELETE";
  /** From the host on, ids already encoded. */
  path: string;
  query?: Readonly<Record<string, string | undefined>>;
  body?: object;
  /** For calls of the app itself, in place of the seller's. */
  token?: string;
}

/** Required by Amazon, with the language as its one obligatory attribute. Source: the developer guide, 2021. */
export const userAgent = "Casebridge/1 (Language=TypeScript/7; Platform=Node)";

/**
 * Reads something, or asks for something that changes no case: a report, a place to upload to.
 * @throws SuiteError as `explain` says; `payload_invalid` when the answer has another form.
 */
export async function query<T>(world: AmazonWorld, call: Call, schema: z.ZodType<T>): Promise<T> {
  return checked(await asRead(answerOf(world, call)), schema, call);
}

/**
 * Asks for something that changes a case, once. Whatever leaves open whether it was carried out becomes `answer_unclear`:
 * Amazon takes no idempotency key.
 */
export async function command<T>(world: AmazonWorld, call: Call, schema: z.ZodType<T>): Promise<T> {
  try {
    return checked(await answerOf(world, call), schema, call);
  } catch (error) {
    const answered = isSuiteError(error) && error.details.httpStatus !== undefined;
    const isOpen = isSuiteError(error, "payload_invalid") || (answered && isSuiteError(error, "channel_unavailable"));
    if (!isOpen) throw error;
    throw new SuiteError("answer_unclear", `${error.message}; it may have been carried out`, {
      details: error.details,
      cause: error,
    });
  }
}

/** Fetches from, or puts to, an address that Amazon gave out: it is not the API, and gets no token. */
export async function transfer(world: AmazonWorld, request: HttpRequest): Promise<HttpResponse> {
  const response = await asRead(world.http(request));
  const { status } = response;
  if (status >= 200 && status < 300) {
    return { ...response, ...(response.stream && { stream: piecesAsRead(response.stream) }) };
  }
  const details = { httpStatus: status, host: new URL(request.url).host };
  // An address that has ended answers 403: a new one is asked for with the next try.
  throw new SuiteError("channel_unavailable", "the document's address does not answer", { details });
}

/** What changes nothing may be repeated, whether or not it arrived. */
export async function asRead<T>(call: Promise<T>): Promise<T> {
  try {
    return await call;
  } catch (error) {
    if (!isSuiteError(error, "answer_unclear")) throw error;
    throw new SuiteError("channel_unavailable", "no answer came", { details: error.details, cause: error });
  }
}

async function* piecesAsRead(pieces: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  try {
    yield* pieces;
  } catch (error) {
    await asRead(Promise.reject(error));
  }
}

/** One call, counted before it leaves. */
async function answerOf(world: AmazonWorld, call: Call): Promise<HttpResponse> {
  const { http, app, shopId, now } = world;
  const counted = { http, app: app.clientId, shopId: call.token ? "" : shopId, operation: call.operation };
  takeCall(counted, now);
  const response = await http(requestOf(world, call));
  noteAnswer(counted, response, now);
  return response;
}

function requestOf(
  { app, credentials, now }: AmazonWorld,
  { method, path, query: asked = {}, body, token = credentials.accessToken }: Call,
): HttpRequest {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(asked)) if (value !== undefined) search.set(name, value);
  const suffix = search.size > 0 ? `?${search}` : "";
  return {
    method,
    url: `${hostOf(app, credentials.region)}${path}${suffix}`,
    headers: {
      accept: "application/json",
      "user-agent": userAgent,
      "x-amz-date": now.toISOString().replace(/[-:]|\.\d+/g, ""),
      ...(token && { "x-amz-access-token": token }),
      ...(body && { "content-type": "application/json" }),
    },
    ...(body && { body: JSON.stringify(body) }),
  };
}

function checked<T>(response: HttpResponse, schema: z.ZodType<T>, { operation, path }: Call): T {
  const error = explain(response);
  if (isSuiteError(error, "misconfigured") && error.details.httpStatus === 403) throw roleMissing(error, operation);
  if (error) throw error;
  const parsed = schema.safeParse(objectOf(response.body));
  if (parsed.success) return parsed.data;
  const field = parsed.error.issues[0]?.path.join(".");
  throw new SuiteError("payload_invalid", `the answer of ${path.split("/").slice(0, 4).join("/")} has another form`, {
    details: { field },
  });
}

/** Amazon says only that access is denied; which role opens the operation is known. */
function roleMissing({ details }: SuiteError, operation: Operation): SuiteError {
  const { role } = operations[operation];
  const why = `Amazon denies ${operation}: add the role "${role}" to our app in the developer console, then let the seller authorise the app again`;
  return new SuiteError("misconfigured", why, { details: { ...details, operation, role } });
}
