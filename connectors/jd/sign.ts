import { createHash } from "node:crypto";

/** The business parameters travel, and are signed, as one text under this name. */
export const paramJsonKey = "360buy_param_json";

/** What will be sent: a pair without a name or with a blank value is neither sent nor signed. */
export function sentParams(params: Readonly<Record<string, string | undefined>>): Record<string, string> {
  const kept = Object.entries(params).filter((pair): pair is [string, string] => pair.every((part) => part?.trim()));
  return Object.fromEntries(kept.sort(([a], [b]) => (a < b ? -1 : 1)));
}

/**
 * The signature of a call, upper-case hex: MD5 over secret, every name followed by its literal value, secret. Names are
 * in code-unit order, values are not URL-encoded.
 * Source: JD's own Java and .NET SDKs (DefaultJdClient.sign, JdUtils.SignJdRequest), by copy, read 2026-11-25.
 */
export function sign(params: Readonly<Record<string, string | undefined>>, appSecret: string): string {
  const pairs = Object.entries(sentParams(params)).map(([name, value]) => name + value);
  return createHash("md5")
    .update(`${appSecret}${pairs.join("")}${appSecret}`, "utf8")
    .digest("hex")
    .toUpperCase();
}
