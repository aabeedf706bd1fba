import type * as z from "zod";
import { isSuiteError, SuiteError } from "#shared/errors.ts";
import { type CanonicalValue, stringifyCanonical } from "#shared/json.ts";
import type { HttpRequest, World } from "../contract.ts";
import { envelopeOf, explain } from "./explain.ts";
import type { DouyinApp, DouyinCredentials } from "./settings.ts";
import { signCall } from "./verify.ts";

export type DouyinWorld = World<DouyinApp, DouyinCredentials>;
/** All that a call takes of the world: a token may be asked for before it is known whose shop it opens. */
export type Caller = Omit<DouyinWorld, "shopId">;
export type Params = { readonly [name: string]: CanonicalValue | undefined };

/**
 * Reads something from the channel: one signed call, its `data` checked by `schema`. `path` keeps the channel's own case.
 * @throws SuiteError as `explain` says; `payload_invalid` when the data has another form.
 */
export async function query<T>(world: DouyinWorld, path: string, params: Params, schema: z.ZodType<T>): Promise<T> {
  return checked(await asRead(send(world, path, params)), schema, path);
}

/**
 * Asks the channel to change something, once. Whatever leaves open whether it was carried out becomes `answer_unclear`,
 * because a repetition would not be safe.
 */
export async function command<T>(world: DouyinWorld, path: string, params: Params, schema: z.ZodType<T>): Promise<T> {
  try {
    return checked(await send(world, path, params), schema, path);
  } catch (error) {
    // Nothing was sent when the transport itself says so: it gives no HTTP status.
    const answered = isSuiteError(error) && error.details.httpStatus !== undefined;
    const isOpen = isSuiteError(error, "payload_invalid") || (answered && isSuiteError(error, "channel_unavailable"));
    if (!isOpen) throw error;
    throw new SuiteError("answer_unclear", `${error.message}; it may have been carried out`, {
      details: error.details,
      cause: error,
    });
  }
}

/** A token call: signed, but without an access token. */
export async function tokenCall<T>(world: Caller, path: string, params: Params, schema: z.ZodType<T>): Promise<T> {
  return checked(await asRead(send(world, path, params, { withToken: false })), schema, path);
}

/** What changes nothing may be repeated, whether or not it arrived. */
async function asRead<T>(call: Promise<T>): Promise<T> {
  try {
    return await call;
  } catch (error) {
    if (!isSuiteError(error, "answer_unclear")) throw error;
    throw new SuiteError("channel_unavailable", "no answer came", { details: error.details, cause: error });
  }
}

async function send(
  world: Caller,
  path: string,
  params: Params,
  { withToken = true }: { withToken?: boolean } = {},
): Promise<unknown> {
  const response = await world.http(signedRequest(world, path, params, withToken));
  const error = explain(response);
  if (error) throw error;
  return envelopeOf(response.body).data;
}

/** Exactly the bytes that were signed are sent. The token is not part of the signed text. */
export function signedRequest(
  { app, credentials, now }: Pick<DouyinWorld, "app" | "credentials" | "now">,
  path: string,
  params: Params,
  withToken = true,
): HttpRequest {
  const method = path.slice(1).replaceAll("/", ".");
  const timestamp = String(Math.floor(now.getTime() / 1000));
  const paramJson = paramJsonOf(params);
  const { signMethod } = app;
  const search = new URLSearchParams({
    app_key: app.appKey,
    method,
    timestamp,
    v: "2",
    sign_method: signMethod,
    sign: signCall(app, { method, timestamp, paramJson, signMethod }),
    ...(withToken && credentials.accessToken && { access_token: credentials.accessToken }),
  });
  return {
    method: "POST",
    url: `${app.gateway}${path}?${search}`,
    headers: {
      "content-type": "application/json;charset=UTF-8",
      accept: "application/json",
      // Asks for the newer form of answer, without the old error number.
      "x-open-no-old-err-code": "1",
    },
    body: paramJson,
  };
}

/**
 * The text that is signed and sent: keys sorted at every level, compact, ids as bare digits. The two line separators go,
 * because other languages escape them and would sign another text.
 */
export function paramJsonOf(params: Params): string {
  return stringifyCanonical(params).replace(/[\u2028\u2029]/g, "");
}

function checked<T>(data: unknown, schema: z.ZodType<T>, path: string): T {
  const parsed = schema.safeParse(data ?? {});
  if (parsed.success) return parsed.data;
  const field = parsed.error.issues[0]?.path.join(".");
  throw new SuiteError("payload_invalid", `the answer of ${path} has another form`, { details: { field } });
}
