import { createHash, createHmac, timingSafeEqual } from "node:crypto";

/** Text parameters, sorted by code units, names and values run together; empty ones and `sign` are left out. */
export function platformSignature(params: ReadonlyMap<string, string>, secret: string): string | undefined {
  const names = [...params.keys()].filter((name) => name !== "sign" && params.get(name) !== "").sort();
  const text = names.map((name) => name + params.get(name)).join("");
  switch (params.get("sign_method")) {
    case "md5":
      return createHash("md5")
        .update(secret + text + secret)
        .digest("hex")
        .toUpperCase();
    case "hmac":
      return createHmac("md5", secret).update(text).digest("hex").toUpperCase();
    case "hmac-sha256":
      return createHmac("sha256", secret).update(text).digest("hex").toUpperCase();
    default:
      return undefined;
  }
}

/** Upper case counts: the platform compares text. */
export function isSameText(given: string, expected: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(expected)];
  return a.length === b.length && timingSafeEqual(a, b);
}
