import { createHmac, timingSafeEqual } from "node:crypto";

/** Either way: the sender's clock may be behind or ahead. */
const toleranceSeconds = 300;

export type InboundRefusal =
  | "signature_missing"
  | "signature_mismatch"
  | "timestamp_missing"
  | "too_old"
  | "too_new"
  | "no_keys";

export interface InboundKey {
  keyId: string;
  secret: string;
}

/**
 * Whether the message is from somebody who holds one of the tenant's keys: lower-case hex HMAC-SHA256 over
 * `timestamp.body`, in `v1=…`, several of them while a key is being replaced. Compares in constant time.
 */
export function verifyInbound(
  { headers, body }: { headers: Readonly<Record<string, string | undefined>>; body: Uint8Array },
  keys: readonly InboundKey[],
  now: Date,
): InboundRefusal | undefined {
  const timestamp = headers["x-aftersale-timestamp"] ?? "";
  if (!/^\d{1,12}$/.test(timestamp)) return "timestamp_missing";
  const given = [...(headers["x-aftersale-signature"] ?? "").matchAll(/(?:^|,)\s*v1=([0-9a-f]{64})(?=\s*(?:,|$))/g)];
  if (given.length === 0) return "signature_missing";
  const ageSeconds = now.getTime() / 1000 - Number(timestamp);
  if (ageSeconds > toleranceSeconds) return "too_old";
  if (ageSeconds < -toleranceSeconds) return "too_new";
  if (keys.length === 0) return "no_keys";
  const keyId = headers["x-aftersale-key-id"];
  const usable = keyId === undefined ? keys : keys.filter((key) => key.keyId === keyId);
  const isOurs = usable.some(({ secret }) => {
    const expected = createHmac("sha256", secret).update(`${timestamp}.`).update(body).digest();
    return given.slice(0, 4).some(([, hex = ""]) => timingSafeEqual(expected, Buffer.from(hex, "hex")));
  });
  return isOurs ? undefined : "signature_mismatch";
}
