import { BlockList, isIP } from "node:net";

/** Everything that is not the public internet: ourselves, private and shared networks, link-local (instance metadata), tests. */
const notPublic = new BlockList();
for (const [net, prefix] of [
  ["0.0.0.0", 8],
  ["10.0.0.0", 8],
  ["100.64.0.0", 10],
  ["127.0.0.0", 8],
  ["169.254.0.0", 16],
  ["172.16.0.0", 12],
  ["192.0.0.0", 24],
  ["192.0.2.0", 24],
  ["192.168.0.0", 16],
  ["198.18.0.0", 15],
  ["198.51.100.0", 24],
  ["203.0.113.0", 24],
  ["224.0.0.0", 3],
] as const)
  notPublic.addSubnet(net, prefix, "ipv4");
/** Of IPv6 only what is given out to the world is public; these are the parts of that which lead elsewhere after all. */
const publicV6 = new BlockList();
publicV6.addSubnet("2000::", 3, "ipv6");
const tunnelled = new BlockList();
tunnelled.addSubnet("2001::", 23, "ipv6");
tunnelled.addSubnet("2001:db8::", 32, "ipv6");
tunnelled.addSubnet("2002::", 16, "ipv6");

/** Names that a network keeps for itself. */
const ownNames = /(?:^|\.)(?:localhost|local|internal|intranet|lan|home|corp|arpa|test|invalid|onion)$/;

/**
 * Whether an address that somebody gave us may be read by us: https at its usual port, without a login, on a host of the
 * public internet. It looks at what is written; what a public name resolves to is not looked up, so whoever reads follows no
 * redirect and speaks TLS, which nothing inside our network would answer under that name.
 */
export function isPublicAddress(address: string): boolean {
  if (!URL.canParse(address)) return false;
  const { protocol, port, username, password, hostname } = new URL(address);
  if (protocol !== "https:" || port !== "" || username !== "" || password !== "") return false;
  // The parser has made one form of every way to write an IPv4 address; IPv6 stands in brackets.
  const host = hostname.replace(/^\[|\]$/g, "").replace(/\.$/, "");
  switch (isIP(host)) {
    case 4:
      return !notPublic.check(host, "ipv4");
    case 6:
      return publicV6.check(host, "ipv6") && !tunnelled.check(host, "ipv6");
    default:
      return host.includes(".") && !ownNames.test(host);
  }
}
