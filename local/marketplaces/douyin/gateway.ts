import type { MarketplaceFaults } from "../contract.ts";
import type { CallLog } from "../kit/call-log.ts";
import type { HttpAnswer, HttpAsk } from "../kit/http-server.ts";
import { createRandom, type Random } from "../kit/random.ts";
import { Refusal, refusalMessage } from "./answers.ts";
import { shopCalls } from "./calls.ts";
import type { DouyinShop } from "./model.ts";
import { isParams, type Params } from "./params.ts";
import type { Platform } from "./platform.ts";
import { gatewaySignature, isSameSignature, type SignMethod } from "./signing.ts";
import { TokenBuckets } from "./token-bucket.ts";
import { createToken, refreshToken, shopOfToken } from "./tokens.ts";
import { parseJson, writeJson } from "./wire.ts";

/** Every caller of the simulator comes from here. */
const callerIp = "127.0.0.1";
/** Two ways to say the same: the code alone does not tell whether trying again helps. */
const busy: readonly [Refusal, Refusal] = [
  new Refusal(20000, "isp.service-error:10002", "服务繁忙"),
  new Refusal(20000, "dop.service-error", "服务繁忙"),
];
const invalidParameter = (explanation: string) => new Refusal(40003, "isv.parameter-format-invalid", explanation);

/** The front door: `POST /<path>`, everything checked in the platform's order before the call is carried out. */
export class Gateway {
  allowedIps: readonly string[] | undefined;
  readonly #platform: Platform;
  readonly #calls: CallLog;
  readonly #openTestShop: () => DouyinShop;
  readonly #buckets: TokenBuckets;
  #faults: MarketplaceFaults = {};
  #random: Random = createRandom(0);
  #answered = 0;

  constructor(platform: Platform, calls: CallLog, openTestShop: () => DouyinShop) {
    const { callsAtOnce: atMost, callsPerSecond: perSecond } = platform.settings;
    this.#platform = platform;
    this.#calls = calls;
    this.#openTestShop = openTestShop;
    this.#buckets = new TokenBuckets({ perSecond, atMost });
  }

  inject(faults: MarketplaceFaults): void {
    this.#faults = faults;
    this.#random = createRandom(faults.seed ?? 0, "gateway");
  }

  async answer(ask: HttpAsk): Promise<HttpAnswer> {
    if (ask.method !== "POST") return { status: 405, body: "" };
    let reply: Record<string, unknown>;
    let outcome = "10000";
    try {
      reply = { code: 10000, msg: "success", sub_code: "", sub_msg: "", data: await this.#carryOut(ask) };
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      const { code, subCode, message } = error;
      outcome = `${code} ${subCode}`;
      reply = { code, msg: refusalMessage(code), sub_code: subCode, sub_msg: message, data: null };
    }
    this.#platform.commit();
    const isLost = this.#happens(this.#faults.answersLost);
    this.#calls.record(ask.path.slice(1), isLost ? `${outcome}, answer lost` : outcome);
    return { status: 200, body: writeJson({ ...reply, log_id: this.#logId() }), breakConnection: isLost };
  }

  #carryOut(ask: HttpAsk): unknown {
    const params = this.#examine(ask);
    if (ask.path === "/token/create") return createToken(this.#platform, params, this.#openTestShop);
    if (ask.path === "/token/refresh") return refreshToken(this.#platform, params);
    const call = shopCalls[ask.path];
    if (call === undefined) throw new Refusal(70000, "isp.api-service-off", "接口不存在或已下线");
    const shop = shopOfToken(this.#platform, ask.query.get("access_token") ?? "");
    const isThrottled = this.#happens(this.#faults.throttle) || !this.#buckets.take(shop.id, this.#platform.nowMs());
    if (isThrottled) throw new Refusal(60000, "isv.traffic-limited", "请求过于频繁");
    if (this.#happens(this.#faults.serverError)) throw this.#random.pick(busy);
    return call(this.#platform, shop, params);
  }

  /** The public parameters and the signature; returns the business parameters. */
  #examine({ path, query, body }: HttpAsk): Params {
    const { appKey, appSecret } = this.#platform.settings;
    const need = (name: string, subCode = "isv.parameter-missing") => {
      const value = query.get(name);
      if (!value) throw new Refusal(40001, subCode, `缺少 ${name}`);
      return value;
    };
    if (need("app_key", "isv.app-id-missing") !== appKey) throw invalidParameter("app_key 不存在");
    if (this.allowedIps !== undefined && !this.allowedIps.includes(callerIp))
      throw new Refusal(30002, "isv.invalid_ip", `来源 IP ${callerIp} 不在白名单`);
    const method = need("method");
    const timestamp = need("timestamp");
    const sign = need("sign", "isv.signature-missing");
    if (method !== path.slice(1).replaceAll("/", ".")) throw invalidParameter("method 与路径不一致");
    if (need("v") !== "2") throw invalidParameter("v 应为 2");
    this.#examineTimestamp(timestamp);
    const text = body.toString("utf8");
    const by = signMethod(query.get("sign_method") ?? "md5");
    const expected = gatewaySignature({ appKey, method, body: text, timestamp }, { secret: appSecret, by });
    if (!isSameSignature(sign, expected)) throw new Refusal(40003, "isv.signature-invalid", "签名校验失败");
    return businessParameters(text);
  }

  #examineTimestamp(timestamp: string): void {
    const isOldForm = /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/.test(timestamp);
    const atMs = isOldForm ? Date.parse(`${timestamp.replace(" ", "T")}+08:00`) : Number(timestamp) * 1000;
    const isNear = Math.abs(this.#platform.nowMs() - atMs) <= this.#platform.settings.timestampToleranceMs;
    if (!isNear) throw new Refusal(40003, "isv.timestamp-invalid", "timestamp 超出允许范围");
  }

  #happens(share = 0): boolean {
    return share > 0 && this.#random.chance(share);
  }

  #logId(): string {
    this.#answered += 1;
    const stamp = this.#platform.clock.now().toISOString().replaceAll(/\D/g, "").slice(0, 14);
    return stamp + String(this.#answered).padStart(18, "0");
  }
}

function signMethod(name: string): SignMethod {
  if (name === "hmac-sha256" || name === "md5") return name;
  throw invalidParameter("sign_method 不支持");
}

function businessParameters(text: string): Params {
  try {
    const parsed = parseJson(text);
    if (isParams(parsed)) return parsed;
  } catch {
    // Answered below, as any other text that is not an object.
  }
  throw invalidParameter("param_json 不是 JSON 对象");
}
