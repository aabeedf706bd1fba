import type { MarketplaceFaults } from "../contract.ts";
import type { CallLog } from "../kit/call-log.ts";
import type { HttpAnswer, HttpAsk } from "../kit/http-server.ts";
import { createRandom, type Random } from "../kit/random.ts";
import { answerConsent, consentPath } from "./consent.ts";
import { answerStorage } from "./documents.ts";
import * as external from "./external.ts";
import * as feeds from "./feeds.ts";
import { financialEvents, transactions } from "./finances.ts";
import type { AmazonShop } from "./model.ts";
import * as notifications from "./notifications.ts";
import type { Platform } from "./platform.ts";
import { invalid, Problem } from "./problem.ts";
import * as reports from "./reports.ts";
import { exchange, LoginError, requireScope, shopOfToken } from "./tokens.ts";
import { Usage } from "./usage.ts";

interface Call {
  platform: Platform;
  shop: AmazonShop;
  /** The part of the path that the call leaves open. */
  id: string;
  query: URLSearchParams;
  body: Record<string, unknown>;
  url: string;
}
interface Operation {
  name: string;
  method: "GET" | "POST" | "DELETE";
  path: RegExp;
  status?: number;
  /** Set for calls of the app itself, which name no seller. */
  scope?: string;
  carryOut: (call: Call) => object;
}

const operation = (
  name: string,
  method: Operation["method"],
  path: RegExp,
  carryOut: Operation["carryOut"],
  status = 200,
): Operation => ({ name, method, path, carryOut, status });

const notificationsScope = "sellingpartnerapi::notifications";

const operations: readonly Operation[] = [
  {
    ...operation("createDestination", "POST", /^\/notifications\/v1\/destinations$/, ({ platform, body }) =>
      notifications.createDestination(platform, body),
    ),
    scope: notificationsScope,
  },
  {
    ...operation("getDestinations", "GET", /^\/notifications\/v1\/destinations$/, ({ platform }) =>
      notifications.getDestinations(platform),
    ),
    scope: notificationsScope,
  },
  operation(
    "createSubscription",
    "POST",
    /^\/notifications\/v1\/subscriptions\/([^/]+)$/,
    ({ platform, shop, id, body }) => notifications.createSubscription(platform, shop, id, body),
  ),
  {
    ...operation(
      "deleteSubscriptionById",
      "DELETE",
      /^\/notifications\/v1\/subscriptions\/[^/]+\/([^/]+)$/,
      ({ platform, id }) => notifications.deleteSubscription(platform, id),
    ),
    scope: notificationsScope,
  },
  operation("getMessagingActionsForOrder", "GET", /^\/messaging\/v1\/orders\/([^/]+)$/, ({ platform, id }) => ({
    _links: { actions: platform.cancels.get(id)?.status === "Unshipped" ? [{ name: "unexpectedProblem" }] : [] },
  })),
  operation(
    "createUnexpectedProblem",
    "POST",
    /^\/messaging\/v1\/orders\/([^/]+)\/messages\/unexpectedProblem$/,
    ({ body }) => {
      if (typeof body.text !== "string" || body.text === "" || body.text.length > 2000) throw invalid("Invalid text.");
      return {};
    },
    201,
  ),
  operation("getMarketplaceParticipations", "GET", /^\/sellers\/v1\/marketplaceParticipations$/, ({ shop }) => ({
    payload: [
      {
        marketplace: { id: shop.marketplaceId },
        storeName: shop.name,
        participation: { isParticipating: true, hasSuspendedListings: false },
      },
    ],
  })),
  operation("getSubscription", "GET", /^\/notifications\/v1\/subscriptions\/([^/]+)$/, ({ platform, shop, id }) =>
    notifications.getSubscription(platform, shop, id),
  ),
  operation(
    "createReport",
    "POST",
    /^\/reports\/2021-06-30\/reports$/,
    ({ platform, shop, body }) => reports.createReport(platform, shop, body),
    202,
  ),
  operation("getReport", "GET", /^\/reports\/2021-06-30\/reports\/([^/]+)$/, ({ platform, shop, id }) =>
    reports.getReport(platform, shop, id),
  ),
  operation("getReportDocument", "GET", /^\/reports\/2021-06-30\/documents\/([^/]+)$/, ({ platform, shop, id, url }) =>
    reports.getReportDocument(platform, shop, id, url),
  ),
  operation(
    "createFeedDocument",
    "POST",
    /^\/feeds\/2021-06-30\/documents$/,
    ({ platform, shop, body, url }) => feeds.createFeedDocument(platform, shop, body, url),
    201,
  ),
  operation(
    "createFeed",
    "POST",
    /^\/feeds\/2021-06-30\/feeds$/,
    ({ platform, shop, body }) => feeds.createFeed(platform, shop, body),
    202,
  ),
  operation("getFeeds", "GET", /^\/feeds\/2021-06-30\/feeds$/, ({ platform, shop, query }) =>
    feeds.getFeeds(platform, shop, query),
  ),
  operation("getFeed", "GET", /^\/feeds\/2021-06-30\/feeds\/([^/]+)$/, ({ platform, shop, id }) =>
    feeds.getFeed(platform, shop, id),
  ),
  operation("getFeedDocument", "GET", /^\/feeds\/2021-06-30\/documents\/([^/]+)$/, ({ platform, shop, id, url }) =>
    reports.getReportDocument(platform, shop, id, url),
  ),
  operation("listReturns", "GET", /^\/externalFulfillment\/2024-09-11\/returns$/, ({ platform, shop, query }) =>
    external.listReturns(platform, shop, query),
  ),
  operation("getReturn", "GET", /^\/externalFulfillment\/2024-09-11\/returns\/([^/]+)$/, ({ platform, shop, id }) =>
    external.getReturn(platform, shop, id),
  ),
  operation("listTransactions", "GET", /^\/finances\/2024-06-19\/transactions$/, ({ platform, shop, query }) =>
    transactions(platform, shop, query),
  ),
  operation(
    "listFinancialEventsByOrderId",
    "GET",
    /^\/finances\/v0\/orders\/([^/]+)\/financialEvents$/,
    ({ platform, shop, id }) => financialEvents(platform, shop, id),
  ),
];

/** The front door: Login with Amazon, the API, and the storage that its documents are in. */
export class Gateway {
  readonly #platform: Platform;
  readonly #calls: CallLog;
  readonly #usage = new Usage();
  #faults: MarketplaceFaults = {};
  #random: Random = createRandom(0);

  constructor(platform: Platform, calls: CallLog) {
    this.#platform = platform;
    this.#calls = calls;
  }

  inject(faults: MarketplaceFaults): void {
    this.#faults = faults;
    this.#random = createRandom(faults.seed ?? 0, "gateway");
  }

  answer(ask: HttpAsk, url: string): HttpAnswer {
    if (ask.path === "/auth/o2/token") return this.#login(ask);
    if (ask.path === consentPath) {
      const answer = answerConsent(this.#platform, ask);
      this.#calls.record("consent", String(answer.status));
      this.#platform.commit();
      return answer;
    }
    if (ask.path.startsWith("/_documents/")) {
      const answer = answerStorage(this.#platform, ask);
      this.#calls.record(`storage ${ask.method}`, String(answer.status));
      return answer;
    }
    const found = operations.find(({ method, path }) => method === ask.method && path.test(ask.path));
    const name = found?.name ?? ask.path;
    const { status, body } = this.#tried(() => this.#carryOut(found, ask, url));
    this.#platform.commit();
    const isLost = this.#happens(this.#faults.answersLost);
    this.#calls.record(name, isLost ? `${status}, answer lost` : String(status));
    const rate = this.#platform.settings.usage[name]?.perSecond;
    // Left out where it would be needed most.
    const headers: Record<string, string> =
      rate !== undefined && status < 300 ? { "x-amzn-ratelimit-limit": String(rate) } : {};
    return { status, headers, body: JSON.stringify(body), breakConnection: isLost };
  }

  #carryOut(found: Operation | undefined, ask: HttpAsk, url: string): { status: number; body: object } {
    const agent = ask.headers["user-agent"] ?? "";
    // The guide asks for a language in it, which Amazon's own client does not give.
    if (agent === "" || agent.length > 500) throw invalid("The user-agent is missing or too long.");
    const token = ask.headers["x-amz-access-token"] as string | undefined;
    if (found?.scope !== undefined) {
      requireScope(this.#platform, token, found.scope);
      return this.#answered(found, { shop: nobody, ask, url });
    }
    const shop = shopOfToken(this.#platform, token);
    if (!found) throw new Problem(403, "Unauthorized", "Access to requested resource is denied.");
    if (this.#platform.settings.rolesMissing.includes(found.name))
      throw new Problem(403, "Unauthorized", "Access to requested resource is denied.");
    return this.#answered(found, { shop, ask, url });
  }

  #answered(
    found: Operation,
    { shop, ask, url }: { shop: AmazonShop; ask: HttpAsk; url: string },
  ): { status: number; body: object } {
    const plan = this.#platform.settings.usage[found.name] ?? { perSecond: 1, atOnce: 5 };
    const isAllowed = this.#usage.take(`${found.name} ${shop.id}`, plan, this.#platform.nowMs());
    if (!isAllowed || this.#happens(this.#faults.throttle)) {
      throw new Problem(429, "QuotaExceeded", "You exceeded your quota for the requested resource.");
    }
    if (this.#happens(this.#faults.serverError))
      throw new Problem(503, "InternalFailure", "The service is unavailable.");
    const id = decodeURIComponent(found.path.exec(ask.path)?.[1] ?? "");
    const call = { platform: this.#platform, shop, id, query: ask.query, body: bodyOf(ask), url };
    return { status: found.status ?? 200, body: found.carryOut(call) };
  }

  #tried(work: () => { status: number; body: object }): { status: number; body: object } {
    try {
      return work();
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      const { status, code, message, details } = error;
      return { status, body: { errors: [{ code, message, details }] } };
    }
  }

  #login({ body, headers }: HttpAsk): HttpAnswer {
    try {
      const granted = exchange(this.#platform, formOf(body.toString("utf8"), headers["content-type"]));
      this.#platform.commit();
      this.#calls.record("token", "200");
      return { status: 200, body: JSON.stringify(granted) };
    } catch (error) {
      if (!(error instanceof LoginError)) throw error;
      this.#calls.record("token", error.error);
      return {
        status: 400,
        body: JSON.stringify({ error: error.error, error_description: "The request is not valid." }),
      };
    }
  }

  #happens(share = 0): boolean {
    return share > 0 && this.#random.chance(share);
  }
}

/** Stands where a call names no seller. */
const nobody: AmazonShop = {
  id: "",
  name: "",
  region: "na",
  marketplaceId: "",
  currency: "USD",
  refreshToken: "",
  isAuthorised: false,
};

/** A widely used client sends JSON in place of a form. */
function formOf(text: string, contentType = ""): URLSearchParams {
  if (!contentType.startsWith("application/json")) return new URLSearchParams(text);
  try {
    return new URLSearchParams(JSON.parse(text) as Record<string, string>);
  } catch {
    throw new LoginError("invalid_request");
  }
}

function bodyOf({ body }: HttpAsk): Record<string, unknown> {
  if (body.length === 0) return {};
  try {
    const parsed: unknown = JSON.parse(body.toString("utf8"));
    if (typeof parsed === "object" && parsed !== null && !Array.isArray(parsed)) return { ...parsed };
  } catch {
    // Answered below, as any other text that is not an object.
  }
  throw invalid("The body is no JSON object.");
}
