import { createHash, createHmac } from "node:crypto";
import type { SignMethod } from "./settings.ts";

/**
 * The signature of a call, upper-case hex. `params` are the text parameters of the call, common ones included; pictures
 * take no part, and neither do `sign` itself and empty values. Names are ordered by their code units, not by a locale.
 * `hmac` means HMAC-MD5. Source: https://open.alitrip.com/docs/doc.htm?articleId=101617&docType=1 (call protocol), by
 * copies; official .NET SDK 20230831, TopUtils; read 2026-11-25.
 */
export function signatureOf(
  params: Readonly<Record<string, string>>,
  { secret, method }: { secret: string; method: SignMethod },
): string {
  const text = Object.keys(params)
    .filter((name) => name !== "sign" && name !== "" && params[name] !== "")
    .sort()
    .map((name) => `${name}${params[name]}`)
    .join("");
  return digestOf(text, secret, method).toUpperCase();
}

function digestOf(text: string, secret: string, method: SignMethod): string {
  if (method === "md5") return createHash("md5").update(`${secret}${text}${secret}`).digest("hex");
  return createHmac(method === "hmac" ? "md5" : "sha256", secret)
    .update(text)
    .digest("hex");
}
