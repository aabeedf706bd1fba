import type * as z from "zod";
import { isSuiteError, SuiteError } from "#shared/errors.ts";
import type { AppWorld, HttpRequest, World } from "../contract.ts";
import { bodyOf, type Picture } from "./body.ts";
import { chinaTimeOf } from "./china-time.ts";
import { answerOf, explain } from "./explain.ts";
import type { TaobaoApp, TaobaoCredentials } from "./settings.ts";
import { signatureOf } from "./verify.ts";

export type TaobaoWorld = World<TaobaoApp, TaobaoCredentials>;
/** Calls of the app itself carry no shop's token. */
export type Caller = AppWorld<TaobaoApp> & { readonly credentials?: TaobaoCredentials };
export type Params = Readonly<Record<string, string | number | boolean | undefined>>;

/**
 * Reads something from the platform: one signed call, its answer checked by `schema`. May be repeated.
 * @throws SuiteError as `explain` says; `payload_invalid` when the answer has another form.
 */
export async function query<T>(world: Caller, method: string, params: Params, schema: z.ZodType<T>): Promise<T> {
  return checked(await asRead(send(world, method, params)), schema, method);
}

/**
 * Asks the platform to change something, once. Whatever leaves open whether it was carried out becomes `answer_unclear`,
 * because a repetition would not be safe.
 */
export async function command<T>(
  world: Caller,
  method: string,
  params: Params,
  { schema, pictures = [] }: { schema: z.ZodType<T>; pictures?: readonly Picture[] },
): Promise<T> {
  try {
    return checked(await send(world, method, params, pictures), schema, method);
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

/** What changes nothing may be repeated, whether or not it arrived. */
export async function asRead<T>(call: Promise<T>): Promise<T> {
  try {
    return await call;
  } catch (error) {
    if (!isSuiteError(error, "answer_unclear")) throw error;
    throw new SuiteError("channel_unavailable", "no answer came", { details: error.details, cause: error });
  }
}

async function send(
  world: Caller,
  method: string,
  params: Params,
  pictures: readonly Picture[] = [],
): Promise<unknown> {
  const response = await world.http(signedRequest(world, method, params, pictures));
  const error = explain(response);
  if (error) throw error;
  const answer = answerOf(response.body);
  // A simplified answer comes without its outer node.
  return answer[outerNodeOf(method)] ?? answer;
}

/** Parameters go into the body, the signature with them. Unset and empty ones are not sent, because they are not signed. */
export function signedRequest(
  { app, credentials, now }: Pick<Caller, "app" | "credentials" | "now">,
  method: string,
  params: Params,
  pictures: readonly Picture[] = [],
): HttpRequest {
  const all: Record<string, string> = {
    method,
    app_key: app.appKey,
    ...(credentials && { session: credentials.accessToken }),
    timestamp: chinaTimeOf(now),
    v: "2.0",
    format: "json",
    sign_method: app.signMethod,
  };
  for (const [name, value] of Object.entries(params)) {
    const text = value === undefined ? "" : String(value);
    if (text !== "") all[name] = text;
  }
  all.sign = signatureOf(all, { secret: app.appSecret, method: app.signMethod });
  const { contentType, body } = bodyOf(all, pictures);
  return {
    method: "POST",
    url: app.gateway,
    call: method,
    headers: { "content-type": contentType, accept: "application/json" },
    body,
  };
}

/** `taobao.refund.get` answers with `refund_get_response`, `tmall.exchange.get` with `tmall_exchange_get_response`. */
export function outerNodeOf(method: string): string {
  return `${method.replace(/^taobao\./, "").replaceAll(".", "_")}_response`;
}

function checked<T>(answer: unknown, schema: z.ZodType<T>, method: string): T {
  const parsed = schema.safeParse(answer);
  if (parsed.success) return parsed.data;
  const field = parsed.error.issues[0]?.path.join(".");
  throw new SuiteError("payload_invalid", `the answer of ${method} has another form`, { details: { field } });
}
