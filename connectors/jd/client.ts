import type * as z from "zod";
import { isSuiteError, SuiteError } from "#shared/errors.ts";
import { type CanonicalValue, stringifyCanonical } from "#shared/json.ts";
import type { HttpRequest, World } from "../contract.ts";
import { envelopeOf } from "./envelope.ts";
import { explain } from "./explain.ts";
import type { JdApp, JdCredentials } from "./settings.ts";
import { paramJsonKey, sentParams, sign } from "./sign.ts";
import { chinaTimeOf } from "./time.ts";

export type JdWorld = World<JdApp, JdCredentials>;
/** Whoever holds a token may ask; only the calls about cases name the shop. */
export type JdCaller = Omit<JdWorld, "shopId">;
export type Params = { readonly [name: string]: CanonicalValue | undefined };

/**
 * Reads something from the channel: one signed call, its result object checked by `schema`.
 * @throws SuiteError as `explain` says; `payload_invalid` when the result has another form.
 */
export async function query<T>(world: JdCaller, method: string, params: Params, schema: z.ZodType<T>): Promise<T> {
  try {
    return checked(await send(world, method, params), schema, method);
  } catch (error) {
    // What changes nothing may be repeated, whether or not it arrived.
    if (!isSuiteError(error, "answer_unclear")) throw error;
    throw new SuiteError("channel_unavailable", "no answer came", { details: error.details, cause: error });
  }
}

/**
 * Asks the channel to change something, once. Whatever leaves open whether it was carried out becomes `answer_unclear`,
 * because the channel takes no idempotency key.
 */
export async function command(world: JdWorld, method: string, params: Params): Promise<void> {
  try {
    await send(world, method, params);
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

/** Every `asc` call names the merchant and whoever acts; they stand in the channel's log. */
export function base({ shopId, credentials }: JdWorld, actor = credentials.operatePin): Params {
  return { buId: String(shopId), operatePin: credentials.operatePin, operateNick: actor.slice(0, 50) };
}

async function send(world: JdCaller, method: string, params: Params): Promise<unknown> {
  const response = await world.http(signedRequest(world, method, params));
  const error = explain(response);
  if (error) throw error;
  return envelopeOf(response.body).inner;
}

/** Everything goes in the form, so that no token stands in an address. Exactly the text that was signed is sent. */
export function signedRequest(
  { app, credentials, now }: Pick<JdWorld, "app" | "credentials" | "now">,
  method: string,
  params: Params,
): HttpRequest {
  const sent = sentParams({
    method,
    app_key: app.appKey,
    access_token: credentials.accessToken,
    timestamp: chinaTimeOf(now.getTime()),
    v: "2.0",
    [paramJsonKey]: paramJsonOf(params),
  });
  return {
    method: "POST",
    url: app.gateway,
    call: method,
    headers: { "content-type": "application/x-www-form-urlencoded; charset=utf-8", accept: "application/json" },
    body: new URLSearchParams({ ...sent, sign: sign(sent, app.appSecret) }).toString(),
  };
}

/** Flat parameters, as every SDK sends them. Newer pages show them in wrappers; should the wire ever want those, here. */
export function paramJsonOf(params: Params): string {
  return stringifyCanonical(params);
}

function checked<T>(result: unknown, schema: z.ZodType<T>, method: string): T {
  const parsed = schema.safeParse(result ?? {});
  if (parsed.success) return parsed.data;
  const field = parsed.error.issues[0]?.path.join(".");
  throw new SuiteError("payload_invalid", `the answer of ${method} has another form`, { details: { field } });
}
