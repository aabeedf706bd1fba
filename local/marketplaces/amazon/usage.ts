import type { UsagePlan } from "./settings.ts";

/** One bucket per call and seller, refilled at a steady rate. */
export class Usage {
  readonly #left = new Map<string, { calls: number; atMs: number }>();

  take(key: string, { perSecond, atOnce }: UsagePlan, nowMs: number): boolean {
    const before = this.#left.get(key) ?? { calls: atOnce, atMs: nowMs };
    const calls = Math.min(atOnce, before.calls + (Math.max(0, nowMs - before.atMs) / 1000) * perSecond);
    const isAllowed = calls >= 1;
    this.#left.set(key, { calls: isAllowed ? calls - 1 : calls, atMs: nowMs });
    return isAllowed;
  }
}
