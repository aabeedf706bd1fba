import { createServer, type ServerResponse } from "node:http";
import { afterEach, expect, it } from "vitest";
import { type Order, sendInTime } from "./open-loop.ts";
import { evenly, sendOnTime } from "./send.ts";

let close: () => void = () => {};
afterEach(() => close());

/** Answers as told, once it is told to. */
async function listen(answer: (path: string, response: ServerResponse) => void): Promise<string> {
  const server = createServer((request, response) => {
    request.resume();
    request.on("end", () => answer(request.url ?? "", response));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  close = () => void server.close().closeAllConnections();
  const address = server.address();
  return `http://127.0.0.1:${typeof address === "object" && address ? address.port : 0}`;
}

const send = (pushes: Order["pushes"], sockets = 256) => sendInTime({ pushes, sockets, patienceMs: 30_000 }, () => {});
const push = (url: string, atMs: number) => ({ url, atMs, headers: {}, body: "{}" });

it("sends on while nothing is answered, and counts the waiting from the planned moment", async () => {
  const held: ServerResponse[] = [];
  const url = await listen((_, response) => {
    // Whoever waits for an answer before the next push never gets this far.
    if (held.push(response) === 3) for (const each of held) each.end();
  });
  const sent = await send([push(url, 0), push(url, 10), push(url, 20)]);
  expect(sent.map(({ status }) => status)).toEqual([200, 200, 200]);
  expect(sent.filter(({ latencyMs, lateMs }) => latencyMs < lateMs)).toEqual([]);
});

it("measures what waits for a connection too", async () => {
  const paths: string[] = [];
  const url = await listen((path, response) => {
    paths.push(path);
    response.end();
  });
  const sent = await send([push(`${url}/b`, 5), push(`${url}/a`, 0)], 1);
  expect([paths, sent.length]).toEqual([["/a", "/b"], 2]);
});

it("sends from a process of its own, and tells of each push what became of it, in the order in which they were given", async () => {
  const url = await listen((path, response) => {
    if (path === "/broken") return void response.destroy();
    response.writeHead(path === "/busy" ? 503 : 200).end();
  });
  const sent = await sendOnTime([push(`${url}/busy`, 20), push(`${url}/broken`, 10), push(url, 0)]).sent;
  expect(sent.map(({ status }) => status)).toEqual([503, 0, 200]);
});

it("spreads moments evenly over its time", () => {
  expect(evenly({ perSecond: 4, seconds: 1, fromMs: 100 })).toEqual([100, 350, 600, 850]);
});
