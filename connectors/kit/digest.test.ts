import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { compareDigest } from "./digest.ts";

const digest = createHash("sha256").update("body").digest();
const hex = digest.toString("hex");
const base64 = digest.toString("base64");

describe("compareDigest", () => {
  it.each([
    ["hex", hex, "hex", "match"],
    ["hex in upper case", hex.toUpperCase(), "hex", "match"],
    ["base64", base64, "base64", "match"],
    ["another digest", createHash("sha256").update("other").digest("hex"), "hex", "signature_mismatch"],
    ["nothing", undefined, "hex", "signature_missing"],
    ["empty text", "", "hex", "signature_missing"],
    ["a shorter digest", hex.slice(2), "hex", "signature_malformed"],
    ["64 kB of text", "a".repeat(65_536), "base64", "signature_malformed"],
    ["text that is no hex", `zz${hex.slice(2)}`, "hex", "signature_malformed"],
    ["hex where base64 is due", hex, "base64", "signature_malformed"],
    ["base64 without padding", base64.slice(0, -1), "base64", "signature_malformed"],
    ["base64 with a space", ` ${base64.slice(1)}`, "base64", "signature_malformed"],
    [
      "base64 with stray bits in its last letter",
      `${base64.slice(0, -2)}${stray(base64.at(-2))}=`,
      "base64",
      "signature_malformed",
    ],
    ["a header sent twice", `${base64},${base64}`, "base64", "signature_malformed"],
  ] as const)("answers for %s", (_what, given, encoding, answer) => {
    expect(compareDigest(given, digest, encoding)).toBe(answer);
  });
});

/** The next letter of the alphabet: it decodes to the same bytes, because the last bits are not used. */
function stray(letter: string | undefined): string {
  const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  return alphabet.charAt(alphabet.indexOf(letter ?? "A") + 1);
}
