import ipaddr from "ipaddr.js";

/** Where the unicast addresses of the public IPv6 internet lie. Source: IANA, IPv6 address space, read 2026-11-25. */
const globalUnicast = ipaddr.IPv6.parseCIDR("2000::/3");

/**
 * Whether an address belongs to the public internet: not private, loopback, link-local, shared (CGNAT), unique local,
 * multicast, reserved or for documentation, and no form of IPv6 that hides an IPv4 address (mapped, NAT64, 6to4, Teredo).
 * What is no address is not public.
 */
export function isPublicAddress(text: string): boolean {
  // The strict forms only: `0177.1`, `2130706433` and zones are for attackers.
  if (ipaddr.IPv4.isValidFourPartDecimal(text)) return ipaddr.IPv4.parse(text).range() === "unicast";
  if (!ipaddr.IPv6.isValid(text) || text.includes("%")) return false;
  const address = ipaddr.IPv6.parse(text);
  return address.match(globalUnicast) && address.range() === "unicast";
}
