import type { MarketplaceFaults } from "../contract.ts";
import type { CallLog } from "../kit/call-log.ts";
import type { HttpAnswer, HttpAsk } from "../kit/http-server.ts";
import { createRandom, type Random } from "../kit/random.ts";
import { ApiRefusal, errorResponse, GatewayRefusal } from "./answers.ts";
import { failureOf, shopCalls } from "./calls.ts";
import { answerConsent, consentPath } from "./consent.ts";
import { isParams, type Params } from "./params.ts";
import type { Platform } from "./platform.ts";
import { isSameSignature, signatureOf } from "./signing.ts";
import { answerOAuth, OAuthRefusal, shopOfToken } from "./tokens.ts";
import { chinaMs, chinaText, parseJson, writeJson } from "./wire.ts";

/** The front door: one address for every method, and the OAuth host beside it. */
export class Gateway {
  readonly #platform: Platform;
  readonly #calls: CallLog;
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

  answer(ask: HttpAsk): HttpAnswer {
    if (ask.path === consentPath) return answerConsent(this.#platform, ask);
    if (ask.path.startsWith("/oauth2/")) return this.#oauth(ask);
    if (ask.path !== "/routerjson") return { status: 404, body: "" };
    const params = Object.fromEntries([...ask.query, ...new URLSearchParams(ask.body.toString("utf8"))]);
    const name = params.method ?? "no method";
    if (this.#happens(this.#faults.throttle)) {
      this.#calls.record(name, "429");
      return { status: 429, body: "" };
    }
    let reply: Record<string, unknown>;
    let outcome = "0";
    try {
      reply = { [`${name.replaceAll(".", "_")}_responce`]: { code: "0", ...this.#carryOut(params) } };
    } catch (error) {
      if (error instanceof GatewayRefusal) {
        outcome = `error ${error.code} ${error.message}`;
        reply = errorResponse(error);
      } else if (error instanceof ApiRefusal) {
        outcome = `0, ${error.code}`;
        reply = {
          [`${name.replaceAll(".", "_")}_responce`]: { code: "0", ...failureOf(name, error.code, error.message) },
        };
      } else throw error;
    }
    this.#platform.commit();
    const isLost = this.#happens(this.#faults.answersLost);
    this.#calls.record(name, isLost ? `${outcome}, answer lost` : outcome);
    return { status: 200, body: writeJson(reply), breakConnection: isLost };
  }

  #oauth({ path, query }: HttpAsk): HttpAnswer {
    let reply: Record<string, unknown>;
    try {
      reply = answerOAuth(this.#platform, path, query);
    } catch (error) {
      if (!(error instanceof OAuthRefusal)) throw error;
      reply = { code: "400", msg: error.message };
    }
    this.#platform.commit();
    this.#calls.record(path.slice(1), reply.access_token === undefined ? String(reply.msg) : "0");
    return { status: 200, body: writeJson(reply) };
  }

  #carryOut(params: Readonly<Record<string, string>>): Record<string, unknown> {
    const call = this.#examine(params);
    const shop = shopOfToken(this.#platform, params.access_token ?? "");
    this.#count();
    if (this.#happens(this.#faults.serverError)) throw new GatewayRefusal(this.#random.pick([66, 67]));
    const answered = call(this.#platform, shop, businessParams(params["360buy_param_json"]));
    return answered;
  }

  #examine(params: Readonly<Record<string, string>>) {
    const need = (name: string, code: number) => {
      const value = params[name] ?? "";
      if (value.trim() === "") throw new GatewayRefusal(code);
      return value;
    };
    const { appKey, appSecret, timestampToleranceMs } = this.#platform.settings;
    if (need("app_key", 20) !== appKey) throw new GatewayRefusal(21);
    const method = need("method", 14);
    if (!Object.hasOwn(shopCalls, method)) throw new GatewayRefusal(15);
    const atMs = chinaMs(need("timestamp", 7));
    if (!(Math.abs(atMs - this.#platform.nowMs()) <= timestampToleranceMs)) throw new GatewayRefusal(8);
    if (need("v", 4) !== "2.0") throw new GatewayRefusal(5);
    if (!isSameSignature(need("sign", 11), signatureOf(params, appSecret))) throw new GatewayRefusal(12);
    need("access_token", 18);
    return shopCalls[method] ?? (() => ({}));
  }

  /** The app's calls of a day in China. */
  #count(): void {
    const { callsPerDay } = this.#platform.settings;
    if (callsPerDay === undefined) return;
    const day = chinaText(this.#platform.nowMs()).slice(0, 10);
    const held = this.#platform.journal.get("quota") as { day: string; calls: number } | undefined;
    const calls = held?.day === day ? held.calls + 1 : 1;
    this.#platform.journal.stage("quota", { day, calls });
    if (calls > callsPerDay) throw new GatewayRefusal(2);
  }

  #happens(share = 0): boolean {
    return share > 0 && this.#random.chance(share);
  }
}

function businessParams(text: string | undefined): Params {
  try {
    const parsed = parseJson(text ?? "");
    if (isParams(parsed)) return parsed;
  } catch {
    // Answered below, as any other text that is no object.
  }
  throw new GatewayRefusal(61, "360buy_param_json");
}
