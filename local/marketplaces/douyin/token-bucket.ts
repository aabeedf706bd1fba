/** Calls a shop may make: so many at once, refilled at a steady rate of the platform's own clock. */
export class TokenBuckets {
  readonly #left = new Map<string, { calls: number; atMs: number }>();
  readonly #perSecond: number;
  readonly #atMost: number;

  constructor({ perSecond, atMost }: { perSecond: number; atMost: number }) {
    this.#perSecond = perSecond;
    this.#atMost = atMost;
  }

  take(key: string, nowMs: number): boolean {
    const before = this.#left.get(key) ?? { calls: this.#atMost, atMs: nowMs };
    const refilled = before.calls + (Math.max(0, nowMs - before.atMs) / 1000) * this.#perSecond;
    const calls = Math.min(this.#atMost, refilled);
    const isAllowed = calls >= 1;
    this.#left.set(key, { calls: isAllowed ? calls - 1 : calls, atMs: nowMs });
    return isAllowed;
  }
}
