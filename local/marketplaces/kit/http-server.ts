import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

export interface HttpAsk {
  method: string;
  path: string;
  query: URLSearchParams;
  headers: IncomingHttpHeaders;
  /** The bytes as they came: signatures are computed over these. */
  body: Buffer;
}

export interface HttpAnswer {
  status: number;
  headers?: Record<string, string>;
  body: string;
  /** Sent in place of `body` where the answer is no text: a compressed file, or one of another character set. */
  bytes?: Uint8Array;
  /** The work is done, but the caller never hears: its connection is cut instead of answered. */
  breakConnection?: boolean;
}

export interface RunningServer {
  port: number;
  url: string;
  close(): Promise<void>;
}

const bodyLimitBytes = 10 * 1024 * 1024;

/** Listens on 127.0.0.1; port 0 is any free one. An error thrown by `answer` becomes a 500 and is printed. */
export async function startHttpServer({
  port = 0,
  answer,
}: {
  port?: number;
  answer: (ask: HttpAsk) => HttpAnswer | Promise<HttpAnswer>;
}): Promise<RunningServer> {
  const server = createServer((request, response) => {
    handle(request, response, answer).catch((error: unknown) => {
      console.error("simulated marketplace:", error);
      if (!response.headersSent) response.writeHead(500).end("the simulator failed, see its output");
      else response.destroy();
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, "127.0.0.1", resolve);
  });
  const bound = (server.address() as AddressInfo).port;
  return {
    port: bound,
    url: `http://127.0.0.1:${bound}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function handle(
  request: IncomingMessage,
  response: ServerResponse,
  answer: (ask: HttpAsk) => HttpAnswer | Promise<HttpAnswer>,
): Promise<void> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > bodyLimitBytes) {
      response.writeHead(413, { connection: "close" }).end();
      return;
    }
    chunks.push(chunk);
  }
  const target = new URL(request.url ?? "/", "http://127.0.0.1");
  const answered = await answer({
    method: request.method ?? "GET",
    path: target.pathname,
    query: target.searchParams,
    headers: request.headers,
    body: Buffer.concat(chunks),
  });
  if (answered.breakConnection) {
    request.socket.destroy();
    return;
  }
  response.writeHead(answered.status, { "content-type": "application/json; charset=utf-8", ...answered.headers });
  response.end(answered.bytes ?? answered.body);
}
