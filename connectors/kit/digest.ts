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
  // Hex decoding stops at what is no hex, so the length tells; base64 decoding skips, so only the way back tells.
  if (bytes.length !== expected.length) return "signature_malformed";
  if (encoding === "base64" && bytes.toString(encoding) !== given) return "signature_malformed";
  return timingSafeEqual(bytes, expected) ? "match" : "signature_mismatch";
}
