import { S3Client } from "@aws-sdk/client-s3";
import type { APIGatewayProxyEventV2WithJWTAuthorizer, Context } from "aws-lambda";
import { connectorOf } from "#connectors/registry.ts";
import { keyOf, type RouteName, routes } from "#shared/api/routes.ts";
import { tenantIdSchema } from "#shared/case/ids.ts";
import { shopSchema } from "#shared/case/shop.ts";
import { createArchive } from "#shared/evidence/archive.ts";
import { onApi } from "#shared/lambda/on-api.ts";
import { createStore, type Store } from "#shared/store/index.ts";
import { operatorApi } from "../../functions/operator-api/operator-api.ts";
import { listen } from "../builders/fakes.ts";
import type { TestTable } from "../engine.ts";
import { sampleCase } from "../sample-case.ts";

const now = new Date("2026-11-26T12:00:00.000Z");
const credentials = { accessKeyId: "AKIAEXAMPLE", secretAccessKey: "s" };
const archive = createArchive({ client: new S3Client({ region: "us-east-1", credentials }), bucket: "evidence" });

export interface ApiGiven {
  params?: Record<string, string>;
  query?: Record<string, string>;
  body?: unknown;
  headers?: Record<string, string>;
  /** Laid over the claims of an admin of Acme. */
  claims?: Record<string, unknown>;
}

/** The operators' API as the gateway calls it once a token is found to be genuine. */
export function openApi(store: Store) {
  const deps = {
    ...{ store, archive, connectorOf },
    clock: { now: () => now },
    claimNames: { tenant: "custom:tenant", role: "custom:role" },
    connectUrl: "https://suite.example/connect",
  };
  const handler = onApi((call) => operatorApi(call, deps));
  return async function ask(name: RouteName, { params, query, body, headers, claims }: ApiGiven = {}) {
    const own = { sub: "lin", "custom:tenant": "acme", "custom:role": "admin" };
    const text = body instanceof Buffer ? body : body === undefined ? undefined : Buffer.from(JSON.stringify(body));
    const event = {
      routeKey: keyOf(routes[name]),
      ...{ pathParameters: params, queryStringParameters: query },
      headers: { ...(text && { "content-type": "application/json" }), ...headers },
      ...(text && { body: text.toString("base64"), isBase64Encoded: true }),
      requestContext: { http: { method: routes[name].method }, authorizer: { jwt: { claims: { ...own, ...claims } } } },
    } as unknown as APIGatewayProxyEventV2WithJWTAuthorizer;
    const heard = listen();
    try {
      const { statusCode = 0, body: text = "", headers: sent } = await handler(event, {} as Context);
      return { status: statusCode, text, body: JSON.parse(text), headers: sent ?? {}, said: heard.said() };
    } finally {
      heard.end();
    }
  };
}

/** Acme with a case and a shop, and Rival with a case and a shop of its own, of whom Acme must learn nothing. */
export async function twoTenants(table: TestTable) {
  const store = createStore(table);
  const [acme, rival] = ["acme", "rival"].map((each) => tenantIdSchema.parse(each));
  if (!acme || !rival) throw new Error("both are tenants");
  const own = sampleCase();
  const theirs = sampleCase({
    ...{ id: "8001", tenantId: rival, shopId: "5500001", caseId: "douyin:5500001:8001" },
    facts: { orders: [{ orderId: "canary-order" }] },
    commands: [
      {
        ...{ commandId: "agree_refund-1", action: "agree_refund", args: {}, status: "proposed" },
        ...{ askedBy: "policy:x", plannedAt: now.toISOString(), decidedOnVersion: 1 },
      },
    ],
  } as object);
  for (const subject of [own, theirs]) await store.cases.create(subject);
  await store.references.put(rival, theirs.caseId, ["canary-order", "SFCANARY"]);
  for (const [tenantId, shopId] of [
    [acme, "4463798"],
    [rival, "5500001"],
  ] as const) {
    const shop = { tenantId, channel: "douyin", shopId, name: `${tenantId} canary`, mode: "observe" };
    const whole = shopSchema.parse({ ...shop, status: "connected", connectedAt: now.toISOString(), addresses: [] });
    await store.shops.connect(whole, Buffer.from("sealed canary"));
  }
  return { store, acme, rival, own, theirs };
}
