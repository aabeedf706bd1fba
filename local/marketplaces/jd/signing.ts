import { createHash, timingSafeEqual } from "node:crypto";

/**
 * The signature that the gateway expects: upper-case MD5 over the secret, all sent parameters but `sign` in code-unit
 * order, and the secret again. Blank ones do not count.
 */
export function signatureOf(params: Readonly<Record<string, string>>, secret: string): string {
  const signed = Object.keys(params)
    .filter((name) => name !== "sign" && name.trim() !== "" && (params[name] ?? "").trim() !== "")
    .sort()
    .map((name) => name + params[name])
    .join("");
  return createHash("md5")
    .update(secret + signed + secret, "utf8")
    .digest("hex")
    .toUpperCase();
}

export function isSameSignature(given: string, expected: string): boolean {
  return given.length === expected.length && timingSafeEqual(Buffer.from(given), Buffer.from(expected));
}
