import type { MarketplaceFaults } from "../contract.ts";
import type { CallLog } from "../kit/call-log.ts";
import type { HttpAnswer, HttpAsk } from "../kit/http-server.ts";
import { createRandom, type Random } from "../kit/random.ts";
import { messages, Refusal } from "./answers.ts";
import { appCalls, shopCalls } from "./calls.ts";
import type { MessageQueue } from "./message-queue.ts";
import { partsOf } from "./multipart.ts";
import type { Params } from "./params.ts";
import type { Platform } from "./platform.ts";
import { isSameText, platformSignature } from "./signing.ts";
import { banned, Throttle } from "./throttle.ts";
import { shopOfSession } from "./tokens.ts";
import { writeJson, writeXml } from "./wire.ts";
import { msOfChinaTime } from "./wording.ts";

/** The router: one address for every call, told by `method`. Everything is checked before the call is carried out. */
export class Gateway {
  readonly #platform: Platform;
  readonly #queue: MessageQueue;
  readonly #calls: CallLog;
  readonly #throttle: Throttle;
  #faults: MarketplaceFaults = {};
  #random: Random = createRandom(0);
  #answered = 0;

  constructor(platform: Platform, queue: MessageQueue, calls: CallLog) {
    this.#platform = platform;
    this.#queue = queue;
    this.#calls = calls;
    this.#throttle = new Throttle(platform.settings);
  }

  inject(faults: MarketplaceFaults): void {
    this.#faults = faults;
    this.#random = createRandom(faults.seed ?? 0, "gateway");
  }

  /** The status is 200 whatever happens, and the form is XML unless JSON was asked for. */
  answer(ask: HttpAsk): HttpAnswer {
    const params = paramsOf(ask);
    const method = params.texts.get("method") ?? "";
    let outcome = "ok";
    let answer: Record<string, Record<string, unknown>>;
    try {
      answer = { [nodeOf(method)]: this.#carryOut(method, params) };
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      const { code, subCode, subMessage } = error;
      outcome = `${code}${subCode ? ` ${subCode}` : ""}`;
      answer = { error_response: { code, msg: messages[code], sub_code: subCode, sub_msg: subMessage } };
    }
    for (const body of Object.values(answer)) body.request_id = this.#requestId();
    this.#platform.commit();
    const isLost = this.#happens(this.#faults.answersLost);
    this.#calls.record(method, isLost ? `${outcome}, answer lost` : outcome);
    const headers = { date: this.#platform.clock.now().toUTCString() };
    return {
      ...written(answer, params),
      ...(isLost && { breakConnection: true }),
      status: 200,
      ...withHeaders(params, headers),
    };
  }

  #carryOut(method: string, params: Params): Record<string, unknown> {
    this.#examine(params.texts);
    const { [method]: ofApp } = appCalls;
    const { [method]: ofShop } = shopCalls;
    if (!Object.hasOwn(appCalls, method) && !Object.hasOwn(shopCalls, method))
      throw new Refusal(22, "isv.invalid-method", "不存在的方法名");
    if (this.#happens(this.#faults.throttle)) throw banned(this.#platform.settings.banMs);
    this.#throttle.take(method, this.#platform.nowMs());
    if (this.#happens(this.#faults.serverError))
      throw new Refusal(15, "isp.top-remote-connection-timeout", "API连接后端服务超时");
    if (ofApp && Object.hasOwn(appCalls, method)) return ofApp(this.#platform, this.#queue, params);
    const shop = shopOfSession(this.#platform, params.texts.get("session"));
    return ofShop ? ofShop(this.#platform, shop, params) : {};
  }

  /** The common parameters, in the order of the platform's own codes. */
  #examine(texts: ReadonlyMap<string, string>): void {
    const { appKey, appSecret, timestampToleranceMs } = this.#platform.settings;
    if (!texts.get("method")) throw new Refusal(21);
    const format = texts.get("format");
    if (format !== undefined && format !== "json" && format !== "xml") throw new Refusal(23);
    const sign = texts.get("sign");
    if (!sign) throw new Refusal(24);
    if (!texts.get("app_key")) throw new Refusal(28);
    if (texts.get("app_key") !== appKey) throw new Refusal(29);
    const timestamp = texts.get("timestamp");
    if (!timestamp) throw new Refusal(30);
    const atMs = msOfChinaTime(timestamp);
    if (atMs === undefined || Math.abs(this.#platform.nowMs() - atMs) > timestampToleranceMs) throw new Refusal(31);
    if (!texts.get("v")) throw new Refusal(32);
    if (texts.get("v") !== "2.0") throw new Refusal(33);
    const expected = platformSignature(texts, appSecret);
    if (expected === undefined || !isSameText(sign, expected)) throw new Refusal(25);
  }

  #happens(share = 0): boolean {
    return share > 0 && this.#random.chance(share);
  }

  #requestId(): string {
    this.#answered += 1;
    return `16sim${String(this.#answered).padStart(8, "0")}`;
  }
}

/** Common parameters may stand in the address or in the body; pictures only in parts. */
function paramsOf({ query, headers, body }: HttpAsk): Params {
  const texts = new Map(query);
  const contentType = headers["content-type"] ?? "";
  if (contentType.startsWith("multipart/form-data")) {
    const parts = partsOf(body, contentType);
    for (const [name, value] of parts.texts) texts.set(name, value);
    return { texts, pictures: parts.pictures };
  }
  for (const [name, value] of new URLSearchParams(body.toString("utf8"))) texts.set(name, value);
  return { texts, pictures: new Map() };
}

/** Only `taobao.` is taken away. */
function nodeOf(method: string): string {
  return `${method.replace(/^taobao\./, "").replaceAll(".", "_")}_response`;
}

function written(answer: Record<string, unknown>, { texts }: Params): { body: string } {
  if (texts.get("format") !== "json") return { body: writeXml(answer) };
  return { body: writeJson(answer, { simplify: texts.get("simplify") === "true" }) };
}

function withHeaders({ texts }: Params, headers: Record<string, string>): { headers: Record<string, string> } {
  const isJson = texts.get("format") === "json";
  const contentType = isJson ? "text/javascript;charset=UTF-8" : "text/xml;charset=UTF-8";
  return { headers: { ...headers, "content-type": contentType } };
}
