import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

interface Passing {
  path: string;
  headers: Record<string, string>;
  body: Buffer;
}

export interface Relay {
  url: string;
  /** Everything that has passed, in order. */
  passed: readonly Passing[];
  stop(): Promise<void>;
}

/** Passes requests on to `target` as they are. `before` and `after` are called around each; both may make the test's move. `alter` rewrites answers. */
export async function startRelay({
  target,
  before = async () => {},
  after = async () => {},
  alter = (text) => text,
}: {
  target: () => string;
  before?: (passing: Passing) => Promise<unknown>;
  after?: (passing: Passing) => Promise<unknown>;
  alter?: (text: string) => string;
}): Promise<Relay> {
  const passed: Passing[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
    const headers = Object.entries(request.headers).filter(
      ([name]) => !/^(host|connection|content-length)$/.test(name),
    );
    const passing = {
      path: request.url ?? "/",
      headers: Object.fromEntries(headers.map(([name, value]) => [name, String(value)])),
      body: Buffer.concat(chunks),
    };
    passed.push(passing);
    await before(passing);
    try {
      const answer = await fetch(`${target()}${passing.path === "/" ? "" : passing.path}`, {
        method: request.method ?? "GET",
        headers: passing.headers,
        body: request.method === "GET" ? undefined : passing.body,
      });
      const body = Buffer.from(alter(await answer.text()));
      await after(passing);
      response.writeHead(answer.status, { "content-type": answer.headers.get("content-type") ?? "" }).end(body);
    } catch {
      await after(passing);
      request.socket.destroy();
    }
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    passed,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
