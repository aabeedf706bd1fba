import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer, type IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";
import { ManualClock } from "../kit/manual-clock.ts";
import { createShopify, type ShopifyMarketplace } from "./index.ts";

export const hourMs = 60 * 60_000;
export const dayMs = 24 * hourMs;

export interface Received {
  headers: IncomingHttpHeaders;
  body: string;
}

/** An app's webhook address. `behaviour.status` is what it answers. */
export async function listen({ status = 200 }: { status?: number } = {}) {
  const received: Received[] = [];
  const behaviour = { status };
  const server = createServer(async (request, response) => {
    let body = "";
    for await (const chunk of request) body += String(chunk);
    received.push({ headers: request.headers, body });
    response.writeHead(behaviour.status).end();
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}/hooks`, received, behaviour, close: () => server.close() };
}

/** Every operation the tests send, in one document. */
export const operations = readFileSync(new URL("./graphql/operations.graphql", import.meta.url), "utf8");

export interface Stage {
  clock: ManualClock;
  shopify: ShopifyMarketplace;
  shopId: string;
  token: string;
  /** Asks the Admin API; the answer as JSON. */
  ask(query: string, variables?: object, options?: { version?: string; token?: string }): Promise<Reply>;
  /** Runs one of `operations`. */
  run(operation: string, variables?: object): Promise<Reply>;
  end(): Promise<void>;
}

/** Loosely typed on purpose: tests read deep into answers whose shape the schema already guards. */
export interface Reply {
  data: ReturnType<typeof JSON.parse>;
  errors?: { message: string; path?: unknown[]; extensions?: { code?: string } }[];
  extensions?: {
    cost: {
      requestedQueryCost: number;
      actualQueryCost: number | null;
      throttleStatus: { currentlyAvailable: number };
    };
  };
}

export async function setStage({ dataDir, name = "demo" }: { dataDir?: string; name?: string } = {}): Promise<Stage> {
  const clock = new ManualClock("2026-11-02T08:00:00Z");
  const shopify = createShopify({ clock, dataDir });
  await shopify.start();
  const shop = await shopify.openShop(name);
  const post = async (body: object, { version = "2026-10", token = stage.token } = {}) => {
    const response = await fetch(`${shopify.url}/shops/${shop.shopId}/admin/api/${version}/graphql.json`, {
      method: "POST",
      headers: { "content-type": "application/json", "x-shopify-access-token": token },
      body: JSON.stringify(body),
    });
    return (await response.json()) as Reply;
  };
  const stage: Stage = {
    clock,
    shopify,
    shopId: shop.shopId,
    token: String(shop.credentials.accessToken),
    ask: (query, variables = {}, options = {}) => post({ query, variables }, options),
    run: (operationName, variables = {}) => post({ query: operations, operationName, variables }),
    end: () => shopify.stop(),
  };
  return stage;
}
