import { timingSafeEqual } from "node:crypto";

/**
 * Compares a signature as sent with the digest we computed, in constant time. Hex counts in either case; base64 only
 * in its one canonical spelling, with padding. A header that was sent twice arrives comma-joined and is malformed.
 */
export function compareDigest(
  given: string | undefined,
  expected: Buffer,
  encoding: "hex" | "base64",
): "match" | "signature_missing" | "signature_malformed" | "signature_mismatch" {
  if (given === undefined || given === "") return "signature_missing";
  const length = encoding === "hex" ? expected.length * 2 : Math.ceil(expected.length / 3) * 4;
  if (given.length !== length) return "signature_malformed";
  const bytes = Buffer.from(given, encoding);
  // Buffer.from stops at, or skips, what is not of the encoding; only the way back shows it.
  const spelled = encoding === "hex" ? given.toLowerCase() : given;
  if (bytes.length !== expected.length || bytes.toString(encoding) !== spelled) return "signature_malformed";
  return timingSafeEqual(bytes, expected) ? "match" : "signature_mismatch";
}
