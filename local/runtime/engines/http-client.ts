import { Agent, type IncomingHttpHeaders, request } from "node:http";

export interface EngineAnswer {
  status: number;
  headers: IncomingHttpHeaders;
  body: Buffer;
}

export interface HttpClient {
  send(request: {
    method: string;
    path: string;
    headers: Record<string, string>;
    body: Buffer | string;
  }): Promise<EngineAnswer>;
  close(): void;
}

/** A keep-alive client of one engine on this machine; connections are reused newest first. */
export function createHttpClient(baseUrl: string): HttpClient {
  const { hostname, port } = new URL(baseUrl);
  const agent = new Agent({ keepAlive: true, maxSockets: 64, scheduling: "lifo" });
  return {
    send: ({ method, path, headers, body }) =>
      new Promise((resolve, reject) => {
        const length = typeof body === "string" ? Buffer.byteLength(body) : body.length;
        const outgoing = request(
          { agent, hostname, port, method, path, headers: { ...headers, "content-length": String(length) } },
          (incoming) => {
            const chunks: Buffer[] = [];
            incoming.on("data", (chunk: Buffer) => chunks.push(chunk));
            incoming.on("error", reject);
            incoming.on("end", () => {
              const [only] = chunks;
              resolve({
                status: incoming.statusCode ?? 0,
                headers: incoming.headers,
                body: chunks.length === 1 && only ? only : Buffer.concat(chunks),
              });
            });
          },
        );
        outgoing.on("error", reject);
        outgoing.end(body);
      }),
    close: () => agent.destroy(),
  };
}
