import type { Journal } from "../../kit/journal.ts";
import { uuidFrom } from "../model/ids.ts";

const hourMs = 60 * 60_000;
const dayMs = 24 * hourMs;
export const clientCredentialsSeconds = 86_399;
export const expiringTokenSeconds = 3600;
export const refreshTokenSeconds = 90 * 24 * 60 * 60;
/** A replaced refresh token still works until its replacement is first used, at most this long after its own first use. */
const graceMs = 30 * dayMs;
const codeLivesMs = 10 * 60_000;

interface AccessToken {
  shop: string;
  /** Absent for a token that does not expire. */
  expiresAtMs?: number;
  issuedAtMs: number;
}

interface RefreshToken {
  shop: string;
  expiresAtMs: number;
  /** The refresh token this one replaces. */
  replaces?: string;
  firstUsedAtMs?: number;
  isDead?: boolean;
}

export interface Issued {
  accessToken: string;
  expiresInSeconds?: number;
  refreshToken?: string;
}

/** Access tokens, refresh tokens and authorization codes. Values depend on the shop and on how many were made before. */
export class Tokens {
  readonly #journal: Journal;

  constructor(journal: Journal) {
    this.#journal = journal;
  }

  /** The shop a token opens, or undefined when it is unknown, expired or withdrawn. */
  shopOf(token: string, nowMs: number): string | undefined {
    const kept = this.#journal.get(`token/${token}`) as AccessToken | undefined;
    if (kept === undefined || (kept.expiresAtMs !== undefined && kept.expiresAtMs <= nowMs)) return undefined;
    if (kept.issuedAtMs < Number(this.#journal.get(`access-ended/${kept.shop}`) ?? 0)) return undefined;
    return kept.shop;
  }

  /** What was issued for the shop before now opens nothing any more; refresh tokens stay good. */
  endAccess(shop: string, nowMs: number): void {
    this.#journal.stage(`access-ended/${shop}`, nowMs);
  }

  issue(shop: string, kind: "client_credentials" | "expiring" | "lasting", nowMs: number, replaces?: string): Issued {
    const accessToken = `shpat_${this.#value(shop)}`;
    const seconds = {
      client_credentials: clientCredentialsSeconds,
      expiring: expiringTokenSeconds,
      lasting: undefined,
    }[kind];
    const expiresAtMs = seconds === undefined ? undefined : nowMs + seconds * 1000;
    this.#journal.stage(`token/${accessToken}`, { shop, expiresAtMs, issuedAtMs: nowMs } satisfies AccessToken);
    if (kind !== "expiring") return { accessToken, expiresInSeconds: seconds };
    const refreshToken = `shprt_${this.#value(shop)}`;
    const kept: RefreshToken = { shop, expiresAtMs: nowMs + refreshTokenSeconds * 1000, replaces };
    this.#journal.stage(`refresh/${refreshToken}`, kept);
    return { accessToken, expiresInSeconds: seconds, refreshToken };
  }

  /** A new pair for a refresh token, or undefined when it no longer works. */
  refresh(shop: string, refreshToken: string, nowMs: number): Issued | undefined {
    const kept = this.#journal.get(`refresh/${refreshToken}`) as RefreshToken | undefined;
    if (kept === undefined || kept.shop !== shop || kept.isDead || kept.expiresAtMs <= nowMs) return undefined;
    if (kept.firstUsedAtMs !== undefined && nowMs - kept.firstUsedAtMs > graceMs) return undefined;
    kept.firstUsedAtMs ??= nowMs;
    this.#journal.stage(`refresh/${refreshToken}`, kept);
    if (kept.replaces !== undefined) this.#kill(kept.replaces);
    return this.issue(shop, "expiring", nowMs, refreshToken);
  }

  makeCode(shop: string, nowMs: number): string {
    const code = this.#value(shop);
    this.#journal.stage(`code/${code}`, { shop, expiresAtMs: nowMs + codeLivesMs });
    return code;
  }

  /** True once per code. */
  useCode(shop: string, code: string, nowMs: number): boolean {
    const kept = this.#journal.get(`code/${code}`) as { shop: string; expiresAtMs: number } | undefined;
    this.#journal.stage(`code/${code}`, undefined);
    return kept?.shop === shop && kept.expiresAtMs > nowMs;
  }

  revoke(token: string): void {
    this.#journal.stage(`token/${token}`, undefined);
  }

  #kill(refreshToken: string): void {
    const kept = this.#journal.get(`refresh/${refreshToken}`) as RefreshToken | undefined;
    if (kept !== undefined) this.#journal.stage(`refresh/${refreshToken}`, { ...kept, isDead: true });
  }

  #value(shop: string): string {
    const made = Number(this.#journal.get("tokens-made") ?? 0) + 1;
    this.#journal.stage("tokens-made", made);
    return uuidFrom(shop, "token", made).replaceAll("-", "");
  }
}
