import { createServer, type Server } from "node:https";
import type { AddressInfo } from "node:net";
import { gzipSync } from "node:zlib";
import { generate } from "selfsigned";
import { afterAll, beforeAll } from "vitest";
import { pictureOf } from "#connectors/taobao/picture.ts";
import { isSuiteError } from "#shared/errors.ts";
import { download, type Internet } from "#shared/evidence/download.ts";
import { isPublicAddress } from "#shared/evidence/public-address.ts";
import { describeAttacks } from "./attacks.ts";

// A server that an attacker holds, on a host that we allow: what it is asked, and what it answers.

const host = "img.example.com";
const limits = { hosts: [host, ".cdn.example.com"], maxBytes: 50_000, timeoutMs: 5_000, mediaTypes: ["image/png"] };
const png = Buffer.from(
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==",
  "base64",
);
let server: Server;
let net: Internet;
let asked: { path: string; headers: string[] }[] = [];

beforeAll(async () => {
  const altNames = [
    { type: 2, value: host },
    { type: 2, value: "*.cdn.example.com" },
  ];
  const extensions = [{ name: "subjectAltName", altNames }];
  const { private: key, cert } = await generate([{ name: "commonName", value: host }], {
    ...{ keySize: 2048, extensions },
  } as never);
  server = createServer({ key, cert }, (request, response) => {
    const [path = "", query = ""] = (request.url ?? "").split("?");
    asked.push({ path, headers: Object.keys(request.headers) });
    const send = (body: Buffer | string, headers: Record<string, string> = {}) =>
      response.writeHead(200, headers).end(body);
    if (path === "/to") return response.writeHead(302, { location: decodeURIComponent(query) }).end();
    if (path === "/loop") return response.writeHead(302, { location: "/loop" }).end();
    if (path === "/page") return send("<html><script>alert(1)</script></html>", { "content-type": "image/png" });
    if (path === "/svg") return send('<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>');
    if (path === "/packed") return send(gzipSync(Buffer.alloc(5_000_000)), { "content-encoding": "gzip" });
    if (path === "/archive") return send(gzipSync(Buffer.alloc(5_000_000)));
    if (path === "/large") return send(Buffer.concat([png, Buffer.alloc(60_000)]));
    if (path === "/announced") return void response.writeHead(200, { "content-length": "9000000000" }).write(png);
    if (path === "/slow") {
      response.writeHead(200).write(png.subarray(0, 8));
      // Long after the limit, so that a limit that is gone is seen soon.
      return void setTimeout(() => response.end(png.subarray(8)), 1500);
    }
    return send(png);
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const { port } = server.address() as AddressInfo;
  net = { resolve: async () => ["127.0.0.1"], isPublic: (address) => address === "127.0.0.1", port, ca: cert };
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

/** What became of an address, and how often the attacker's server was asked. */
async function tell(url: string, world: Partial<Internet> = {}, parts: Partial<typeof limits> = {}): Promise<string> {
  asked = [];
  const got = await download(url, { ...limits, ...parts }, { ...net, ...world }).catch((fault) =>
    isSuiteError(fault) ? { ok: false as const, why: fault.code } : { ok: false as const, why: String(fault) },
  );
  return `${got.ok ? "KEPT" : got.why}, ${asked.length === 0 ? "nobody asked" : `asked ${asked.length} times`}`;
}
const at = (path: string, parts: Partial<typeof limits> = {}) => tell(`https://${host}${path}`, {}, parts);
const leadingTo = (place: string) => at(`/to?${encodeURIComponent(place)}`);
const row = (attack: string, answer: string, run: () => Promise<string>) => ({ attack, answer, run });
const resolvingTo = (what: string, ...addresses: string[]) =>
  row(`an allowed name that leads to ${what}`, "address_not_public, nobody asked", () =>
    tell(`https://${host}/a.png`, { resolve: async () => addresses, isPublic: isPublicAddress }),
  );

/** What Taobao's call does with the address of a picture that an operator gave. */
async function picture(url: string): Promise<string> {
  let requests = 0;
  const http = async () => {
    requests += 1;
    return { status: 200, headers: {}, body: png };
  };
  const fault = await pictureOf({ piece: { kind: "photo", url }, name: "a.png", mostBytes: 1000 }, {
    http,
  } as never).catch((error) => error);
  return `${isSuiteError(fault) ? fault.code : "SENT"}, ${requests === 0 ? "nobody asked" : "ASKED"}`;
}

describeAttacks("Evidence, by addresses of others", "evidence", {
  "only https is spoken": [
    "http://img.example.com/a.png",
    "file:///etc/passwd",
    "gopher://img.example.com/",
    "data:image/png;base64,AAAA",
  ].map((url) => row(`\`${url}\``, "not_https, nobody asked", () => tell(url))),
  "an address has neither port nor person": [
    "https://img.example.com:8443/a.png",
    "https://user:secret@img.example.com/a.png",
    "https://user@img.example.com/a.png",
  ].map((url) => row(`\`${url}\``, "address_malformed, nobody asked", () => tell(url))),
  "hosts are those of a list": [
    "https://127.0.0.1/a.png",
    "https://2130706433/a.png",
    "https://0x7f.1/a.png",
    "https://0177.0.0.1/a.png",
    "https://[::1]/a.png",
    "https://[::ffff:169.254.169.254]/latest/meta-data",
    "https://169.254.169.254/latest/meta-data",
    "https://localhost/a.png",
    "https://localtest.me/a.png",
    "https://img.example.com./a.png",
    "https://img.example.com.evil.test/a.png",
    "https://evilcdn.example.com/a.png",
    "https://evil.test/https://img.example.com/a.png",
    "https://evil.test\\@img.example.com/a.png",
    "https://ⅰmg.example.com.evil.test/a.png",
  ].map((url) => row(`\`${url}\``, "host_not_allowed, nobody asked", () => tell(url))),
  "only public addresses are connected to": [
    resolvingTo("this machine", "127.0.0.1"),
    resolvingTo("a private network", "10.1.2.3"),
    resolvingTo("the metadata of an instance", "169.254.169.254"),
    resolvingTo("the metadata of an instance, in IPv6", "fd00:ec2::254"),
    resolvingTo("another cloud's metadata", "100.100.100.200"),
    resolvingTo("a private network, mapped into IPv6", "::ffff:10.0.0.1"),
    resolvingTo("a private network, through NAT64", "64:ff9b::a00:1"),
    resolvingTo("a private network beside a public address", "93.184.215.14", "192.168.0.1"),
  ],
  "what was checked is what is connected to": [
    row("a name that leads inside when it is asked a second time", "KEPT, asked 1 times", () => {
      const answers = ["127.0.0.1", "10.0.0.1"];
      return tell(`https://${host}/a.png`, { resolve: async () => [answers.shift() ?? "10.0.0.1"] });
    }),
  ],
  "every hop is checked anew": [
    row("a redirect to plain HTTP", "not_https, asked 1 times", () => leadingTo("http://img.example.com/a.png")),
    row("a redirect to the metadata of an instance", "host_not_allowed, asked 1 times", () =>
      leadingTo("https://169.254.169.254/latest/meta-data"),
    ),
    row("a redirect to another host", "host_not_allowed, asked 1 times", () => leadingTo("https://evil.test/a.png")),
    row("a redirect to a file", "not_https, asked 1 times", () => leadingTo("file:///etc/passwd")),
  ],
  "redirects end": [row("a redirect to itself", "too_many_redirects, asked 4 times", () => at("/loop"))],
  "a file is small, said and sent": [
    row("nine gigabytes announced", "too_large, asked 1 times", () => at("/announced")),
    row("more than was allowed, and not announced", "too_large, asked 1 times", () => at("/large")),
  ],
  "nothing is unpacked": [
    row("five megabytes packed into five kilobytes", "compressed, asked 1 times", () => at("/packed")),
  ],
  "the time of the whole is bounded": [
    row("a server that does not end", "too_slow, asked 1 times", () => at("/slow", { timeoutMs: 300 })),
  ],
  "a file is what its bytes say": [
    row("a page with a script that calls itself a picture", "type_not_allowed, asked 1 times", () => at("/page")),
    row("a picture that may hold a script", "type_not_allowed, asked 1 times", () => at("/svg")),
    row("an archive", "type_not_allowed, asked 1 times", () => at("/archive")),
  ],
  "the server proves its name": [
    row("a server with a certificate that nobody vouches for", "channel_unavailable, nobody asked", () =>
      tell(`https://${host}/a.png`, { ca: undefined as never }),
    ),
  ],
  "nothing of ours is sent along": [
    row("read what a download says of us", "accept, accept-encoding, connection, host", async () => {
      await at("/a.png");
      return (asked[0]?.headers ?? []).toSorted().join(", ");
    }),
  ],
  "a picture for Taobao is on the public web": [
    "http://evidence.example.com/1.png",
    "file:///proc/self/environ",
    "gopher://evidence.example.com/",
    "https://user@evidence.example.com/1.png",
    "https://127.0.0.1/1.png",
    "https://0x7f.1/1.png",
    "https://2130706433/1.png",
    "https://[::ffff:169.254.169.254]/latest",
    "https://169.254.169.254./latest",
    "https://localhost./1.png",
    "https://secrets.us-east-1.compute.internal/1.png",
  ].map((url) => row(`\`${url}\``, "channel_refused, nobody asked", () => picture(url))),
});
