import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { type AddressInfo, createServer as createSocketServer } from "node:net";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { httpClient } from "./http.ts";

// A far side of this machine that does what far sides do.
let answer: (request: IncomingMessage, response: ServerResponse) => void = () => {};
let requests = 0;
let test = 0;
const server = createServer((request, response) => {
  // On a busy machine a request whose sender has given up may arrive in the next test.
  if (request.headers["x-test"] !== String(test)) return void request.socket.destroy();
  requests++;
  answer(request, response);
});
let url = "";

beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/path?access_token=t0ken`;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});
beforeEach(() => {
  requests = 0;
  test++;
});

const patient = httpClient({ timeoutMs: 25_000, maxBytes: 1000 });
const impatient = httpClient({ timeoutMs: 300, maxBytes: 1000 });
const post = (to = url, client = patient) =>
  client({ method: "POST", url: to, headers: { "x-test": String(test) }, body: "hello" });
const faultOf = async (to?: string, client?: typeof patient) => {
  const fault = await post(to, client).catch((error: unknown) => error);
  // The query may hold a token: it stands in no error.
  expect(JSON.stringify(fault) + String(fault)).not.toContain("t0ken");
  return fault;
};

it("gives status, headers in lower case and the bytes, and sends what it was given", async () => {
  answer = async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    response.writeHead(418, { "X-Answer": "Yes" });
    response.end(Buffer.concat([Buffer.from([0xff, 0x00]), ...chunks, Buffer.from(String(request.headers["x-test"]))]));
  };
  const { status, headers, body } = await post();
  expect([status, headers["x-answer"], [...body]]).toEqual([418, "Yes", [0xff, 0x00, ...Buffer.from(`hello${test}`)]]);
});

it("hands out a file's bytes as they come, for longer than the time to its head, and no more than it may have", async () => {
  answer = async (_request, response) => {
    response.writeHead(200);
    for (let part = 0; part < 4; part++) {
      response.write(Buffer.alloc(400));
      await new Promise((resolve) => setTimeout(resolve, 120));
    }
    response.end();
  };
  const take = async (maxBytes: number) => {
    const headers = { "x-test": String(test) };
    const { stream } = await impatient({ method: "GET", url, headers, streamed: { maxBytes } });
    let bytes = 0;
    for await (const piece of stream ?? []) bytes += piece.length;
    return bytes;
  };
  expect(await take(2000)).toBe(1600);
  await expect(take(1000)).rejects.toMatchObject({ code: "answer_unclear" });
});

it("follows no redirect", async () => {
  answer = (_request, response) => response.writeHead(302, { location: "http://169.254.169.254/latest" }).end();
  const { status, headers } = await post();
  expect([status, headers.location, requests]).toEqual([302, "http://169.254.169.254/latest", 1]);
});

it("calls it unclear when the connection breaks before an answer, and does not repeat", async () => {
  answer = (request) => request.socket.destroy();
  expect(await faultOf()).toMatchObject({ code: "answer_unclear", details: { path: "/path" } });
  expect(requests).toBe(1);
});

it("calls it unclear when the answer breaks off", async () => {
  answer = (request, response) => {
    response.writeHead(200, { "content-length": "100" });
    response.write("part", () => request.socket.destroy());
  };
  expect(await faultOf()).toMatchObject({ code: "answer_unclear" });
});

it("calls it unclear when no answer comes in time", async () => {
  answer = () => {};
  expect(await faultOf(url, impatient)).toMatchObject({ code: "answer_unclear", details: { code: "TimeoutError" } });
});

it("calls it unclear when the answer trickles for too long", async () => {
  answer = (_request, response) => {
    response.writeHead(200);
    const timer = setInterval(() => response.write("."), 20);
    response.on("close", () => clearInterval(timer));
  };
  expect(await faultOf(url, impatient)).toMatchObject({ code: "answer_unclear" });
});

it("stops reading an answer that is too large, also a packed one", async () => {
  answer = (_request, response) => response.end("x".repeat(5000));
  expect(await faultOf()).toMatchObject({ code: "answer_unclear" });
  answer = (_request, response) =>
    response.writeHead(200, { "content-encoding": "gzip" }).end(gzipSync("x".repeat(5000)));
  expect(await faultOf()).toMatchObject({ code: "answer_unclear", message: expect.stringContaining("1000 bytes") });
});

it("calls a channel that refuses the connection unavailable: nothing was sent", async () => {
  const unused = createSocketServer();
  await new Promise<void>((resolve) => unused.listen(0, "127.0.0.1", resolve));
  const { port } = unused.address() as AddressInfo;
  await new Promise((resolve) => unused.close(resolve));
  expect(await faultOf(`http://127.0.0.1:${port}/path`)).toMatchObject({
    code: "channel_unavailable",
    details: { code: "ECONNREFUSED" },
  });
});

it("calls a channel whose name nobody knows unavailable", async () => {
  expect(await faultOf("http://no-such-host.invalid/path")).toMatchObject({ code: "channel_unavailable" });
});

it("sends nothing where it is to speak TLS and nobody does", async () => {
  const fault = await faultOf(url.replace("http:", "https:"));
  expect(fault).toMatchObject({ code: expect.stringMatching(/answer_unclear|channel_unavailable/) });
  expect(requests).toBe(0);
});
