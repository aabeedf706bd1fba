import { createHash, createHmac, timingSafeEqual } from "node:crypto";

export type SignMethod = "md5" | "hmac-sha256";

/** What a caller of the gateway signs: the body exactly as sent, and the public parameters that are covered. */
export function gatewaySignature(
  { appKey, method, body, timestamp }: { appKey: string; method: string; body: string; timestamp: string },
  { secret, by }: { secret: string; by: SignMethod },
): string {
  const covered = `app_key${appKey}method${method}param_json${body}timestamp${timestamp}v2`;
  return digest(`${secret}${covered}${secret}`, { secret, by });
}

/** The `event-sign` header of a push. */
export function pushSignature(
  { appKey, body }: { appKey: string; body: string },
  { secret, by }: { secret: string; by: SignMethod },
): string {
  return digest(`${appKey}${body}${secret}`, { secret, by });
}

export function isSameSignature(given: string, expected: string): boolean {
  return given.length === expected.length && timingSafeEqual(Buffer.from(given), Buffer.from(expected));
}

function digest(text: string, { secret, by }: { secret: string; by: SignMethod }): string {
  const hash = by === "md5" ? createHash("md5") : createHmac("sha256", secret);
  return hash.update(text, "utf8").digest("hex");
}
