import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";

/** A request on its way, to be sent on as often as wanted. */
export interface Passing {
  method: string;
  path: string;
  headers: Record<string, string>;
  body: Buffer;
}

export interface Passed {
  status: number;
  headers: Record<string, string>;
  body: Buffer;
}

export interface Relay {
  url: string;
  stop(): Promise<void>;
}

/** Belongs to one connection, not to what is said over it; and `fetch` has unpacked the body. */
const ofConnection = /^(host|connection|keep-alive|transfer-encoding|content-length|content-encoding|expect)$/;

/** Listens on 127.0.0.1 and gives each request to `handle`; undefined cuts the connection. */
export async function startRelay(handle: (passing: Passing) => Promise<Passed | undefined>): Promise<Relay> {
  const server = createServer(async (request, response) => {
    try {
      const passed = await handle(await readPassing(request));
      if (!passed) return void response.destroy();
      response.writeHead(passed.status, passed.headers).end(passed.body);
    } catch {
      // Whoever it was for is not there.
      response.destroy();
    }
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** Sends it on. Rejects when nobody listens there or the connection breaks. */
export async function sendOn({ method, path, headers, body }: Passing, target: string): Promise<Passed> {
  const answer = await fetch(`${target}${path === "/" ? "" : path}`, {
    method,
    headers,
    redirect: "manual",
    ...(method !== "GET" && method !== "HEAD" && { body: new Uint8Array(body) }),
  });
  return {
    status: answer.status,
    headers: plainHeaders(Object.fromEntries(answer.headers)),
    body: Buffer.from(await answer.arrayBuffer()),
  };
}

async function readPassing(request: IncomingMessage): Promise<Passing> {
  const chunks: Buffer[] = [];
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
  return {
    method: request.method ?? "GET",
    path: request.url ?? "/",
    headers: plainHeaders(request.headers),
    body: Buffer.concat(chunks),
  };
}

function plainHeaders(headers: IncomingMessage["headers"]): Record<string, string> {
  const kept = Object.entries(headers).filter(([name, value]) => value !== undefined && !ofConnection.test(name));
  return Object.fromEntries(kept.map(([name, value]) => [name, String(value)]));
}
