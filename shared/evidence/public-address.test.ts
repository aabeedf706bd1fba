import { describe, expect, it } from "vitest";
import { isPublicAddress } from "./public-address.ts";

describe("an address", () => {
  it.each([
    "93.184.215.14",
    "1.1.1.1",
    "120.92.1.7",
    "2606:4700:4700::1111",
    "2408:8000::1",
  ])("of the public internet is public: %s", (address) => expect(isPublicAddress(address)).toBe(true));

  it.each([
    ["this host", "0.0.0.0"],
    ["private", "10.0.0.1"],
    ["private", "172.16.0.1"],
    ["private", "172.31.255.255"],
    ["private", "192.168.1.1"],
    ["loopback", "127.0.0.1"],
    ["loopback", "127.8.8.8"],
    ["link-local, the metadata service", "169.254.169.254"],
    ["shared (CGNAT)", "100.64.0.1"],
    ["shared, another cloud's metadata service", "100.100.100.200"],
    ["protocol assignments", "192.0.0.1"],
    ["for documentation", "192.0.2.1"],
    ["for benchmarks", "198.18.0.1"],
    ["multicast", "224.0.0.1"],
    ["reserved", "240.0.0.1"],
    ["broadcast", "255.255.255.255"],
    ["unspecified", "::"],
    ["loopback", "::1"],
    ["unique local", "fc00::1"],
    ["unique local, the metadata service", "fd00:ec2::254"],
    ["link-local", "fe80::1"],
    ["link-local with a zone", "fe80::1%eth0"],
    ["site-local", "fec0::1"],
    ["multicast", "ff02::1"],
    ["mapped IPv4", "::ffff:127.0.0.1"],
    ["mapped IPv4 in hexadecimal", "::ffff:a9fe:a9fe"],
    ["compatible IPv4", "::127.0.0.1"],
    ["NAT64", "64:ff9b::7f00:1"],
    ["local NAT64", "64:ff9b:1::7f00:1"],
    ["6to4", "2002:7f00:1::"],
    ["Teredo", "2001:0:7f00:1::"],
    ["for documentation", "2001:db8::1"],
    ["octal", "0177.0.0.1"],
    ["one number", "2130706433"],
    ["hexadecimal", "0x7f.0.0.1"],
    ["short", "127.1"],
    ["a name", "localhost"],
    ["nothing", ""],
  ])("that is %s is not public: %s", (_, address) => expect(isPublicAddress(address)).toBe(false));
});
