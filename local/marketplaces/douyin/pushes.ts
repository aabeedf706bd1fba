import type { LocalClock } from "../../clock.ts";
import type { MarketplaceFaults } from "../contract.ts";
import type { CallLog } from "../kit/call-log.ts";
import { PushQueue } from "../kit/push-queue.ts";
import { isParams } from "./params.ts";
import type { Platform } from "./platform.ts";
import { type PushMessage, probeMessage, pushMessage } from "./push-messages.ts";
import { pushSignature } from "./signing.ts";
import { parseJson, writeJson } from "./wire.ts";

const probeGapMs = 2000;

/**
 * The platform's side of pushing: several cases in one signed request, a probe before a new address is used, and
 * messages sent again until the receiver answers `code` 0 in time.
 */
export class Pushes {
  readonly #platform: Platform;
  readonly #clock: LocalClock;
  readonly #calls: CallLog;
  readonly #queue: PushQueue<PushMessage>;
  #receiver: string | undefined;
  #cancelProbe = () => {};

  constructor(platform: Platform, calls: CallLog) {
    const { clock, journal, settings } = platform;
    this.#platform = platform;
    this.#clock = clock;
    this.#calls = calls;
    this.#queue = new PushQueue({
      clock,
      journal,
      send: (messages) => this.#send(messages, "push"),
      gapsMs: settings.pushGapsMs,
      batchSize: settings.pushBatchSize,
    });
    platform.announce = (case_, tag, own = {}) => {
      const shop = platform.shops.get(case_.shopId);
      const serial = Number(journal.get("push-serial") ?? 0) + 1;
      journal.stage("push-serial", serial);
      const { pushIntervalMs } = settings;
      const delayMs = pushIntervalMs - (platform.nowMs() % pushIntervalMs);
      this.#queue.add(pushMessage(case_, tag, { own, shop, now: platform.nowSeconds(), serial }), { delayMs });
    };
  }

  get waiting(): readonly PushMessage[] {
    return this.#queue.waiting.map(({ message }) => message);
  }

  inject(faults: MarketplaceFaults): void {
    this.#queue.inject(faults);
  }

  /** Saves the address as the console does: nothing is pushed to it before it has answered a probe. */
  pushTo(url: string | undefined): void {
    this.#cancelProbe();
    this.#queue.close();
    this.#receiver = url;
    if (url !== undefined) this.#probeAt(this.#clock.now());
  }

  stop(): void {
    this.#cancelProbe();
    this.#queue.close();
  }

  #probeAt(at: Date): void {
    const receiver = this.#receiver;
    this.#cancelProbe = this.#clock.schedule(at, async () => {
      const probe = probeMessage(this.#clock.now().toISOString());
      const isAnswered = await this.#send([probe], "probe");
      if (this.#receiver !== receiver) return;
      if (isAnswered) this.#queue.open();
      else this.#probeAt(new Date(this.#clock.now().getTime() + probeGapMs));
    });
  }

  headersOf(body: string): Record<string, string> {
    const { appKey, appSecret: secret, pushSigning: by } = this.#platform.settings;
    return {
      "content-type": "application/json",
      "app-id": appKey,
      "event-sign": pushSignature({ appKey, body }, { secret, by }),
      ...(by === "hmac-sha256" ? { "sign-method": by } : {}),
    };
  }

  async #send(messages: readonly PushMessage[], name: string): Promise<boolean> {
    if (this.#receiver === undefined) return false;
    const { receiverTimeLimitMs } = this.#platform.settings;
    const body = writeJson(messages);
    let outcome: string;
    try {
      const response = await fetch(this.#receiver, {
        method: "POST",
        headers: this.headersOf(body),
        body,
        signal: AbortSignal.timeout(receiverTimeLimitMs),
      });
      outcome = outcomeOf(response.status, await response.text());
    } catch (error) {
      outcome = error instanceof Error && error.name === "TimeoutError" ? "no answer in time" : "unreachable";
    }
    this.#calls.record(`${name} ${messages.map(({ tag }) => tag).join("+")}`, outcome);
    return outcome === "accepted";
  }
}

/** Only `{"code":0,…}` with a 2xx counts. */
function outcomeOf(status: number, text: string): string {
  if (status < 200 || status > 299) return `HTTP ${status}`;
  try {
    const reply = parseJson(text);
    if (isParams(reply) && reply.code === 0) return "accepted";
    return isParams(reply) ? `code ${String(reply.code)}` : "not an object";
  } catch {
    return "not JSON";
  }
}
