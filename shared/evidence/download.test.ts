import { createServer, type Server } from "node:https";
import type { AddressInfo } from "node:net";
import { gzipSync } from "node:zlib";
import { generate } from "selfsigned";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { download, type Internet } from "./download.ts";
import { isPublicAddress } from "./public-address.ts";

const png = Buffer.from(
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==",
  "base64",
);
const host = "img.example.com";
const limits = { hosts: [host, ".cdn.example.com"], maxBytes: 50_000, timeoutMs: 5_000, mediaTypes: ["image/png"] };

let server: Server;
let net: Internet;
/** Requests that reached the server. */
const asked: string[] = [];

beforeAll(async () => {
  const { private: key, cert } = await generate([{ name: "commonName", value: host }], {
    keySize: 2048,
    extensions: [
      {
        name: "subjectAltName",
        altNames: [
          { type: 2, value: host },
          { type: 2, value: "*.cdn.example.com" },
        ],
      },
    ],
  } as never);
  server = createServer({ key, cert }, (request, response) => {
    const path = request.url ?? "/";
    asked.push(path);
    const to = (location: string) => response.writeHead(302, { location }).end();
    switch (path.split("?")[0]) {
      case "/a.png":
        return response.writeHead(200, { "content-type": "text/plain" }).end(png);
      case "/once":
        return to("/a.png");
      case "/loop":
        return to("/loop");
      case "/to":
        return to(decodeURIComponent(path.split("?")[1] ?? ""));
      case "/huge":
        return response.writeHead(200, { "content-length": "9000000000" }).write(png);
      case "/endless": {
        response.writeHead(200);
        const more = () => {
          while (!response.destroyed && response.write(Buffer.alloc(16_384)));
        };
        response.on("drain", more);
        return more();
      }
      case "/slow":
        return response.writeHead(200).write(png.subarray(0, 8));
      case "/silent":
        return;
      case "/page":
        return response.writeHead(200, { "content-type": "image/png" }).end("<html><script>alert(1)</script></html>");
      case "/svg":
        return response.end('<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>');
      case "/zip":
        return response.end(Buffer.concat([Buffer.from([0x50, 0x4b, 3, 4]), Buffer.alloc(60)]));
      case "/gzip-bomb":
        return response.writeHead(200, { "content-encoding": "gzip" }).end(gzipSync(Buffer.alloc(5_000_000)));
      case "/gzip-file":
        return response.end(gzipSync(Buffer.alloc(5_000_000)));
      case "/empty":
        return response.end();
      case "/busy":
        return response.writeHead(503).end();
      default:
        return response.writeHead(404).end();
    }
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const { port } = server.address() as AddressInfo;
  net = { resolve: async () => ["127.0.0.1"], isPublic: (address) => address === "127.0.0.1", port, ca: cert };
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

const from = (path: string, parts: Partial<typeof limits> = {}) =>
  download(`https://${host}${path}`, { ...limits, ...parts }, net);

describe("a file", () => {
  it("comes with its type told by its bytes and a hash that verifies", async () => {
    // As another language's library computes it.
    const sha256 = "497790947d4666760ce38f3c00e852c71fdb66cae849bae8e9ede352719e1581";
    expect(await from("/a.png?x-expires=1")).toEqual({ ok: true, mediaType: "image/png", bytes: png, sha256 });
  });

  it("is found behind a redirect to an allowed host", async () => {
    expect(await from("/once")).toMatchObject({ ok: true });
    expect(await from(`/to?${encodeURIComponent("https://p3.cdn.example.com/a.png")}`)).toMatchObject({ ok: true });
  });

  it("is asked for again later when its server fails", async () => {
    await expect(from("/busy")).rejects.toMatchObject({ code: "channel_unavailable", retryable: true });
  });
});

describe("refused without a connection", () => {
  it.each([
    ["not_https", "http://img.example.com/a.png"],
    ["not_https", "file:///etc/passwd"],
    ["not_https", "ftp://img.example.com/a.png"],
    ["not_https", "data:image/png;base64,AAAA"],
    ["address_malformed", "//img.example.com"],
    ["address_malformed", "https://img.example.com:8443/a.png"],
    ["address_malformed", "https://user:secret@img.example.com/a.png"],
    ["address_malformed", "https://img.example.com@evil.test/a.png"],
    ["host_not_allowed", "https://127.0.0.1/a.png"],
    ["host_not_allowed", "https://2130706433/a.png"],
    ["host_not_allowed", "https://0x7f.1/a.png"],
    ["host_not_allowed", "https://[::1]/a.png"],
    ["host_not_allowed", "https://[::ffff:169.254.169.254]/latest/meta-data"],
    ["host_not_allowed", "https://169.254.169.254/latest/meta-data"],
    ["host_not_allowed", "https://localhost/a.png"],
    ["host_not_allowed", "https://img.example.com.evil.test/a.png"],
    ["host_not_allowed", "https://evilcdn.example.com/a.png"],
  ])("%s: %s", async (why, url) => {
    asked.length = 0;
    expect(await download(url, limits, net)).toEqual({ ok: false, why });
    expect(asked).toEqual([]);
  });

  it.each([
    ["loopback", ["127.0.0.1"]],
    ["private", ["10.1.2.3"]],
    ["the metadata service", ["169.254.169.254"]],
    ["unique local", ["fd00:ec2::254"]],
    ["mapped", ["::ffff:10.0.0.1"]],
    ["NAT64", ["64:ff9b::a00:1"]],
    ["private beside a public one", ["93.184.215.14", "192.168.0.1"]],
  ])("address_not_public: an allowed name that resolves to %s", async (_, addresses) => {
    asked.length = 0;
    const world = { ...net, resolve: async () => addresses, isPublic: isPublicAddress };
    expect(await download(`https://${host}/a.png`, limits, world)).toEqual({ ok: false, why: "address_not_public" });
    expect(asked).toEqual([]);
  });

  it("host_unknown: a name without an address", async () => {
    const gone = Object.assign(new Error("no such name"), { code: "ENOTFOUND" });
    const world = { ...net, resolve: () => Promise.reject(gone) };
    expect(await download(`https://${host}/a.png`, limits, world)).toEqual({ ok: false, why: "host_unknown" });
  });
});

describe("refused on the way", () => {
  it.each([
    ["not_https", "/to?http%3A%2F%2Fimg.example.com%2Fa.png"],
    ["host_not_allowed", "/to?https%3A%2F%2F169.254.169.254%2Flatest"],
    ["host_not_allowed", "/to?https%3A%2F%2Fevil.test%2Fa.png"],
    ["too_many_redirects", "/loop"],
    ["too_large", "/huge"],
    ["too_large", "/endless"],
    ["type_not_allowed", "/page"],
    ["type_not_allowed", "/svg"],
    ["type_not_allowed", "/zip"],
    ["compressed", "/gzip-bomb"],
    ["type_not_allowed", "/gzip-file"],
    ["empty", "/empty"],
    ["not_there", "/nothing"],
  ])("%s: %s", async (why, path) => {
    expect(await from(path)).toEqual({ ok: false, why });
  });

  it("too_slow: a server that never ends, or never begins", async () => {
    const timeoutMs = 300;
    expect(await from("/slow", { timeoutMs })).toEqual({ ok: false, why: "too_slow" });
    expect(await from("/silent", { timeoutMs })).toEqual({ ok: false, why: "too_slow" });
  });

  it("address_not_public: a redirect to an allowed name that has moved inside meanwhile", async () => {
    const world = {
      ...net,
      resolve: async (name: string) => (name === host ? ["127.0.0.1"] : ["10.0.0.1"]),
    };
    const url = `https://${host}/to?${encodeURIComponent("https://p3.cdn.example.com/a.png")}`;
    expect(await download(url, limits, world)).toEqual({ ok: false, why: "address_not_public" });
  });

  it("goes to the address that was checked, however the name server answers the second time", async () => {
    const answers = ["127.0.0.1", "10.0.0.1"];
    let times = 0;
    const world = { ...net, resolve: async () => [answers[times++] ?? "10.0.0.1"] };
    expect(await download(`https://${host}/a.png`, limits, world)).toMatchObject({ ok: true });
    expect(times).toBe(1);
  });

  it("does not trust a server that cannot prove its name", async () => {
    const { ca: _, ...stranger } = net;
    await expect(download(`https://${host}/a.png`, limits, stranger)).rejects.toMatchObject({
      code: "channel_unavailable",
    });
  });
});
