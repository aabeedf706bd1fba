import type { MarketplaceFaults } from "../contract.ts";
import type { HttpAnswer, HttpAsk } from "../kit/http-server.ts";
import { createRandom, type Random } from "../kit/random.ts";
import { answerUpload, disputeUploadPath } from "./dispute-files.ts";
import { Bucket } from "./graphql/bucket.ts";
import { answerGraph, type GraphAsk } from "./graphql/execute.ts";
import type { GraphRequest } from "./graphql/request.ts";
import { versionFor } from "./graphql/versions.ts";
import type { Shop } from "./model/types.ts";
import { answerConsent } from "./oauth/consent-page.ts";
import { answerTokenRequest } from "./oauth/token-endpoint.ts";
import type { Tokens } from "./oauth/tokens.ts";

const closedStates = { active: 200, frozen: 402, forbidden: 403, locked: 423 } as const satisfies Record<
  Shop["state"],
  number
>;

export interface ShopDoor {
  now: () => Date;
  shop: (domain: string) => Shop | undefined;
  tokens: Tokens;
  /** What one API request may reach. */
  request: (shop: Shop, version: GraphRequest["version"]) => GraphRequest;
  /** Keeps what was staged. */
  commit: () => void;
  saveShop: (shop: Shop) => void;
  log: (name: string, outcome: string) => void;
}

/** Answers what a shop's own host answers, whether it is named in the path (`/shops/{shop}/…`) or by the Host header. */
export class FrontDoor {
  readonly #door: ShopDoor;
  readonly #buckets = new Map<string, Bucket>();
  #faults: MarketplaceFaults = {};
  #random: Random = createRandom(0);

  constructor(door: ShopDoor) {
    this.#door = door;
  }

  inject(faults: MarketplaceFaults): void {
    this.#faults = faults;
    this.#random = createRandom(faults.seed ?? 0, "calls");
  }

  async answer(ask: HttpAsk): Promise<HttpAnswer> {
    const place = placeOf(ask);
    const shop = place === undefined ? undefined : this.#door.shop(place.domain);
    if (place === undefined || shop === undefined) return json(404, { errors: "Not Found" });
    const api = /^\/admin\/api\/([\w-]+)\/graphql\.json$/.exec(place.path);
    const isToken = place.path === "/admin/oauth/access_token" && ask.method === "POST";
    if (place.path === "/admin/oauth/authorize") {
      const answer = answerConsent(ask, shop, this.#door.tokens, this.#door.now());
      this.#door.saveShop(shop);
      this.#door.commit();
      return answer;
    }
    const upload = disputeUploadPath.exec(place.path);
    if (!isToken && ((api ?? upload) === null || ask.method !== "POST")) return json(404, { errors: "Not Found" });
    const trouble = this.#trouble({ isToken });
    if (trouble !== undefined) {
      this.#door.log(isToken ? "access_token" : "graphql", String(trouble.status));
      return trouble;
    }
    const answer = isToken
      ? this.#token(ask, shop)
      : upload
        ? this.#upload(ask, shop, { version: upload[1] ?? "", disputeId: upload[2] ?? "" })
        : await this.#graph(ask, shop, api?.[1] ?? "");
    const isLost = this.#happens(this.#faults.answersLost);
    return isLost ? { ...answer, breakConnection: true } : answer;
  }

  #token(ask: HttpAsk, shop: Shop): HttpAnswer {
    const answer = answerTokenRequest(ask, shop, this.#door.tokens, this.#door.now().getTime());
    this.#door.commit();
    this.#door.log("access_token", String(answer.status));
    return answer;
  }

  /** Why the shop's API is closed to whoever asks. */
  #closed(ask: HttpAsk, shop: Shop, name: string): HttpAnswer | undefined {
    const token = ask.headers["x-shopify-access-token"];
    const owner = typeof token === "string" ? this.#door.tokens.shopOf(token, this.#door.now().getTime()) : undefined;
    if (owner !== shop.domain || !shop.isInstalled) {
      this.#door.log(name, "401");
      return json(401, { errors: "Invalid API key or access token" });
    }
    if (shop.state !== "active") return json(closedStates[shop.state], { errors: "This shop is unavailable" });
    return undefined;
  }

  #upload(ask: HttpAsk, shop: Shop, { version, disputeId }: { version: string; disputeId: string }): HttpAnswer {
    const answer =
      this.#closed(ask, shop, "dispute_file_upload") ??
      answerUpload(parseBody(ask.body), disputeId, this.#door.request(shop, versionFor(version)));
    this.#door.log("dispute_file_upload", answer.status === 200 ? "ok" : String(answer.status));
    return answer;
  }

  async #graph(ask: HttpAsk, shop: Shop, asked: string): Promise<HttpAnswer> {
    const closed = this.#closed(ask, shop, "graphql");
    if (closed) return closed;
    const body = parseBody(ask.body);
    if (body === undefined) return json(400, { errors: "The body is not JSON" });
    const version = versionFor(asked);
    const bucket = this.#buckets.get(shop.domain) ?? new Bucket();
    this.#buckets.set(shop.domain, bucket);
    const isThrottled = this.#happens(this.#faults.throttle);
    const { answer, name } = await answerGraph(body, this.#door.request(shop, version), { bucket, isThrottled });
    this.#door.log(name, outcomeOf(answer));
    return json(200, answer, { "x-shopify-api-version": version });
  }

  /** A refusal before any work, or undefined. */
  #trouble({ isToken }: { isToken: boolean }): HttpAnswer | undefined {
    const retryAfter = { "retry-after": "2" };
    if (isToken && this.#happens(this.#faults.throttle)) return json(429, { errors: "Too many requests" }, retryAfter);
    if (!this.#happens(this.#faults.serverError)) return undefined;
    return this.#random.chance(0.5)
      ? json(503, { errors: "Service Unavailable" }, retryAfter)
      : json(500, { errors: "Internal Server Error" });
  }

  #happens(share = 0): boolean {
    return share > 0 && this.#random.chance(share);
  }
}

function placeOf(ask: HttpAsk): { domain: string; path: string } | undefined {
  const named = /^\/shops\/([^/]+)(\/.*)$/.exec(ask.path);
  if (named !== null) {
    const shop = decodeURIComponent(named[1] ?? "");
    return { domain: shop.includes(".") ? shop : `${shop}.myshopify.com`, path: named[2] ?? "/" };
  }
  const host = (ask.headers.host ?? "").replace(/:\d+$/, "").toLowerCase();
  return host.endsWith(".myshopify.com") ? { domain: host, path: ask.path } : undefined;
}

function parseBody(body: Buffer): GraphAsk | undefined {
  try {
    const parsed: unknown = JSON.parse(body.toString("utf8"));
    return typeof parsed === "object" && parsed !== null ? (parsed as GraphAsk) : undefined;
  } catch {
    return undefined;
  }
}

function json(status: number, body: unknown, headers?: Record<string, string>): HttpAnswer {
  return { status, headers, body: JSON.stringify(body) };
}

/** For the board: `ok`, or the first thing that went wrong. */
function outcomeOf(answer: { data?: unknown; errors?: unknown[] }): string {
  const error = answer.errors?.[0] as { message?: string; extensions?: { code?: string } } | undefined;
  if (error !== undefined) return error.extensions?.code ?? error.message ?? "error";
  for (const payload of Object.values(answer.data ?? {})) {
    const userError = (payload as { userErrors?: { code?: string; message: string }[] } | null)?.userErrors?.[0];
    if (userError !== undefined) return userError.code ?? userError.message;
  }
  return "ok";
}
