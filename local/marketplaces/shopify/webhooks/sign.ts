import { createHmac } from "node:crypto";

/** What stands in X-Shopify-Hmac-Sha256: over the bytes as sent, in base64. */
export function signBody(secret: string, body: string | Uint8Array): string {
  return createHmac("sha256", secret).update(body).digest("base64");
}

/**
 * The `hmac` of a redirect: over all other parameters, sorted by name and percent-encoded (space as %20), in lower-case
 * hex.
 */
export function signQuery(secret: string, parameters: Readonly<Record<string, string>>): string {
  const message = Object.entries(parameters)
    .filter(([name]) => name !== "hmac" && name !== "signature")
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`)
    .join("&");
  return createHmac("sha256", secret).update(message).digest("hex");
}
