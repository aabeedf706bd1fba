import { isPublicAddress } from "#shared/evidence/public-address.ts";

/** Names that a network keeps for itself. */
const ownNames = /(?:^|\.)(?:localhost|local|internal|intranet|lan|home|corp|arpa|test|invalid|onion)$/;

/**
 * Whether a link that somebody gave us may be read by us: https at its usual port, without a login, on a host of the
 * public internet. It looks at what is written; what a public name resolves to is not looked up, so whoever reads follows no
 * redirect and speaks TLS, which nothing inside our network would answer under that name.
 */
export function isPublicUrl(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, port, username, password, hostname } = new URL(text);
  if (protocol !== "https:" || port !== "" || username !== "" || password !== "") return false;
  // The parser has made one form of every way to write an IPv4 address; IPv6 stands in brackets.
  const host = hostname.replace(/^\[|\]$/g, "").replace(/\.$/, "");
  if (host.includes(":") || /^[\d.]+$/.test(host)) return isPublicAddress(host);
  return host.includes(".") && !ownNames.test(host);
}
