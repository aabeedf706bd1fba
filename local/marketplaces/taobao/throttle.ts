import { Refusal } from "./answers.ts";
import type { TaobaoSettings } from "./settings.ts";

const dayMs = 86_400_000;
const chinaOffsetMs = 8 * 3_600_000;

/** Flow control: so many calls of one kind a second, then a ban that says how long it lasts; and a quota for the day. */
export class Throttle {
  readonly #left = new Map<string, { calls: number; atMs: number; bannedUntilMs: number }>();
  readonly #settings: TaobaoSettings;
  #today = { day: 0, calls: 0 };

  constructor(settings: TaobaoSettings) {
    this.#settings = settings;
  }

  /** Counts a call. Throws code 7 when it is one too many. */
  take(method: string, nowMs: number): void {
    const { callsPerDay, callsPerSecond, callsAtOnce } = this.#settings;
    const day = Math.floor((nowMs + chinaOffsetMs) / dayMs);
    if (this.#today.day !== day) this.#today = { day, calls: 0 };
    this.#today.calls += 1;
    if (this.#today.calls > callsPerDay)
      throw new Refusal(7, "accesscontrol.limited-by-app-access-count", "This ban will be lifted tomorrow");
    const before = this.#left.get(method) ?? { calls: callsAtOnce, atMs: nowMs, bannedUntilMs: 0 };
    const calls = Math.min(callsAtOnce, before.calls + (Math.max(0, nowMs - before.atMs) / 1000) * callsPerSecond);
    const isBanned = before.bannedUntilMs > nowMs;
    const isAllowed = !isBanned && calls >= 1;
    const bannedUntilMs = isAllowed || isBanned ? before.bannedUntilMs : nowMs + this.#settings.banMs;
    this.#left.set(method, { calls: isAllowed ? calls - 1 : calls, atMs: nowMs, bannedUntilMs });
    if (!isAllowed) throw banned(bannedUntilMs - nowMs);
  }
}

export function banned(ms: number): Refusal {
  const seconds = Math.max(1, Math.ceil(ms / 1000));
  const says = `This ban will last for ${seconds} more seconds`;
  return new Refusal(7, "accesscontrol.limited-by-app-api-access-count", says);
}
