import { createHmac } from "node:crypto";
import type { APIGatewayProxyEventV2, Context } from "aws-lambda";
import { beforeAll } from "vitest";
import { tenantIdSchema } from "#shared/case/ids.ts";
import { onHttp } from "#shared/lambda/on-http.ts";
import type { Message } from "#shared/queue.ts";
import { createStore, type Store } from "#shared/store/index.ts";
import { connectWarehouse } from "../../functions/connect-warehouse/connect-warehouse.ts";
import { receiveInbound } from "../../functions/receive-inbound/receive-inbound.ts";
import { listen, glassVault as vault } from "../builders/fakes.ts";
import { useTable } from "../engine.ts";
import { sampleCase } from "../sample-case.ts";

// Acme's warehouse has the key k1, Rival's the key r1. The attacker has Rival's, or none.

const secrets: Record<string, string> = {
  ...{ k1: "canary secret of acme's warehouse", r1: "canary secret of rival's" },
  ...{ k2: "canary secret, the second", k3: "canary secret, the third", empty: "" },
};
export const startsAt = Date.parse("2026-11-25T12:30:00.000Z");
const caseId = "douyin:4463798:7001";
export const [longest = "", another = ""] = ["a", "b"].map((first) => first + "x".repeat(63));
let events = 0;

export const eventWith = (data: object = {}, change: object = {}) => ({
  ...{ event_id: `e-${++events}`, type: "return.inspected", occurred_at: "2026-11-25T12:00:00Z" },
  data: { case_id: caseId, result: "accepted", ...data },
  ...change,
});

export interface Given {
  tenant?: string;
  keyId?: string;
  /** Laid over the genuine headers. */
  headers?: Record<string, string | undefined>;
  /** What is signed, where it is not what is sent. */
  signed?: { body?: Buffer; timestamp?: string };
  atMs?: number;
}

const sign = (bytes: Buffer, { keyId, timestamp }: { keyId: string; timestamp: string }) =>
  createHmac("sha256", secrets[keyId] ?? keyId)
    .update(`${timestamp}.`)
    .update(bytes)
    .digest("hex");

/** The function as API Gateway calls it, with two tenants and their keys in the table. */
export function useInbound() {
  const table = useTable({ shared: true });
  let store: Store;
  beforeAll(async () => {
    const heard = listen();
    store = createStore(table());
    const [acme, rival, ...long] = ["acme", "rival", longest, another].map((each) => tenantIdSchema.parse(each));
    const make = (tenantId: typeof acme, keyId: string) =>
      tenantId &&
      connectWarehouse({ tenantId, keyId }, { inbound: store.inbound, vault, newSecret: () => secrets[keyId] ?? "" });
    await make(acme, "k1");
    for (const tenantId of [rival, ...long]) await make(tenantId, "r1");
    // Three keys one after the other: the first is no longer live.
    for (const keyId of ["k1", "k2", "k3"]) await make(tenantIdSchema.parse("turning"), keyId);
    await make(tenantIdSchema.parse("careless"), "empty");
    await store.cases.create(sampleCase());
    const theirs = { id: "8001", shopId: "5500001", caseId: "douyin:5500001:8001" };
    for (const tenantId of ["rival", longest, another])
      await store.cases.create(sampleCase({ ...theirs, tenantId } as object));
    if (rival) await store.references.put(rival, "douyin:5500001:8001" as never, ["SFRIVAL"]);
    heard.end();
  });

  async function post(body: object | Buffer, given: Given = {}) {
    const { tenant = "acme", keyId = "k1", headers = {}, signed = {}, atMs = startsAt } = given;
    const bytes = Buffer.isBuffer(body) ? body : Buffer.from(JSON.stringify(body));
    const timestamp = signed.timestamp ?? String(startsAt / 1000);
    const signature = sign(signed.body ?? bytes, { keyId, timestamp });
    const own = {
      "x-aftersale-timestamp": timestamp,
      "x-aftersale-signature": `v1=${signature}`,
      "x-aftersale-key-id": keyId,
    };
    const queued: Message[] = [];
    const { cases, references, inbound } = store;
    const deps = {
      ...{ cases, references, inbound, vault },
      clock: { now: () => new Date(atMs) },
      enqueue: async (messages: readonly Message[]) => void queued.push(...messages),
    };
    const event = {
      pathParameters: { tenantId: tenant },
      headers: Object.fromEntries(Object.entries({ ...own, ...headers }).filter(([, value]) => value !== undefined)),
      ...{ body: bytes.toString("base64"), isBase64Encoded: true },
      requestContext: { http: { method: "POST" } },
    } as unknown as APIGatewayProxyEventV2;
    const heard = listen();
    try {
      const answer = await onHttp((call) => receiveInbound(call, deps))(event, {} as Context);
      const refused = heard.metric("InboundRefused").length;
      return { status: answer.statusCode, text: answer.body ?? "", queued, refused, said: heard.said() };
    } finally {
      heard.end();
    }
  }

  /** The status, why, what is queued, and whether a secret leaked. */
  async function tell(...given: Parameters<typeof post>): Promise<string> {
    const { status, text, queued, refused, said } = await post(...given);
    const { reason } = JSON.parse(text);
    const leaks = /canary/.test(text + JSON.stringify(said)) ? ", LEAKS" : "";
    return `${status}${reason ? ` ${reason}` : ""}, ${queued.length} queued${refused ? ", InboundRefused" : ""}${leaks}`;
  }

  /** A genuine report whose signature is written another way. */
  function resigned(write: (hex: string) => string): Promise<string> {
    const bytes = Buffer.from(JSON.stringify(eventWith()));
    const hex = sign(bytes, { keyId: "k1", timestamp: String(startsAt / 1000) });
    return tell(bytes, { headers: { "x-aftersale-signature": write(hex) } });
  }

  return { post, tell, resigned };
}

export const refused = (status: number, reason: string) => `${status} ${reason}, 0 queued, InboundRefused`;
