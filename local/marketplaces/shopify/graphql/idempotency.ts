import type { Journal } from "../../kit/journal.ts";

const keptMs = 24 * 60 * 60_000;

interface Kept {
  atMs: number;
  fingerprint: string;
  /** The refund the first call made; absent when it made none. */
  refundId?: string;
}

export type Earlier = { state: "none" } | { state: "same"; refundId: string } | { state: "refused"; message: string };

/** Remembers for a day which key made which refund. Keys count per shop. */
export class Idempotency {
  readonly #journal: Journal;

  constructor(journal: Journal) {
    this.#journal = journal;
  }

  find({ shop, key, fingerprint, nowMs }: { shop: string; key: string; fingerprint: string; nowMs: number }): Earlier {
    const kept = this.#journal.get(`idempotency/${shop}/${key}`) as Kept | undefined;
    if (kept === undefined || nowMs - kept.atMs > keptMs) return { state: "none" };
    if (kept.fingerprint !== fingerprint) {
      return { state: "refused", message: "The idempotency key was used before with other parameters." };
    }
    if (kept.refundId === undefined) {
      return { state: "refused", message: "The earlier attempt with this idempotency key failed; use a new key." };
    }
    return { state: "same", refundId: kept.refundId };
  }

  keep({ shop, key, ...rest }: Kept & { shop: string; key: string }): void {
    this.#journal.stage(`idempotency/${shop}/${key}`, rest);
  }
}
