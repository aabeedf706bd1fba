import { isSuiteError, SuiteError } from "#shared/errors.ts";
import type { HttpRequest, HttpResponse, World } from "../contract.ts";
import { parseAnswer } from "./answer.ts";
import { explain } from "./explain.ts";
import { takePoints, timeIn } from "./pace.ts";
import type { ShopifyApp, ShopifyCredentials } from "./settings.ts";

export type ShopifyWorld = World<ShopifyApp, ShopifyCredentials>;

export interface Answer {
  readonly data: Readonly<Record<string, unknown>>;
  /** The version that answered: a shop whose pinned version is gone is answered in the oldest one there is. */
  readonly apiVersion: string;
}

/** Asks a question. Repeating it is always safe. @throws what `explain` makes of the answer. */
export async function ask(world: ShopifyWorld, query: string, variables: object): Promise<Answer> {
  try {
    return read(await post(world, query, variables), world);
  } catch (error) {
    if (isSuiteError(error, "answer_unclear")) {
      throw new SuiteError("channel_unavailable", "a question got no answer", { details: error.details, cause: error });
    }
    throw error;
  }
}

/**
 * Sends a mutation, once. Where the answer does not tell whether it was carried out, that is what is thrown: a server
 * error or an unreadable answer may follow a write that took effect.
 * @throws SuiteError `answer_unclear`, and what `explain` makes of the answer.
 */
export async function write(world: ShopifyWorld, mutation: string, variables: object): Promise<Answer> {
  const response = await post(world, mutation, variables);
  try {
    return read(response, world);
  } catch (error) {
    if (isSuiteError(error, "channel_unavailable") || isSuiteError(error, "payload_invalid")) {
      throw new SuiteError("answer_unclear", "the write may have been carried out", {
        details: error.details,
        cause: error,
      });
    }
    throw error;
  }
}

/** One call, its points taken before it leaves. */
async function post(world: ShopifyWorld, query: string, variables: object): Promise<HttpResponse> {
  const { app, shopId, http } = world;
  const leave = takePoints({ http, app: app.clientId, shopId, document: query }, timeIn(world));
  let response: HttpResponse;
  try {
    response = await http(requestOf(world, query, variables));
  } catch (error) {
    leave.lost(timeIn(world));
    throw error;
  }
  const isRun = response.status >= 200 && response.status <= 299;
  const cost = isRun ? parseAnswer(response.body)?.cost : undefined;
  if (cost) leave.answered(cost, timeIn(world));
  else if (isRun) leave.lost(timeIn(world));
  else leave.turnedAway(response.status === 429, timeIn(world));
  return response;
}

function requestOf({ app, shopId, credentials }: ShopifyWorld, query: string, variables: object): HttpRequest {
  return {
    method: "POST",
    url: `${shopUrl(app, shopId)}/admin/api/${app.apiVersion}/graphql.json`,
    headers: {
      "content-type": "application/json",
      accept: "application/json",
      "x-shopify-access-token": credentials.accessToken,
    },
    body: JSON.stringify({ query, variables }),
  };
}

function read(response: HttpResponse, { app }: ShopifyWorld): Answer {
  const error = explain(response);
  if (error) throw error;
  const answer = parseAnswer(response.body);
  if (!answer?.data) throw new SuiteError("payload_invalid", "the answer has no data");
  return { data: answer.data, apiVersion: response.headers["x-shopify-api-version"] ?? app.apiVersion };
}

/** Where this shop is called. */
export function shopUrl(app: ShopifyApp, shopId: string): string {
  return app.gateway.replaceAll("{shop}", shopId).replace(/\/$/, "");
}
