import { createHash } from "node:crypto";
import { Agent, request } from "node:http";
import { marshall } from "@aws-sdk/util-dynamodb";
import type { Case } from "#shared/case/case.ts";
import { createClock } from "../local/clock.ts";
import type { Marketplace } from "../local/marketplaces/contract.ts";
import { createDynamoClient } from "../local/runtime/engines/dynamo-client.ts";
import { startDynamo } from "../local/runtime/engines/dynoxide.ts";
import { demoTenant, type LocalStack, startStack } from "../local/stack.ts";
import { median, report } from "./measure.ts";

const cases = 200;
const rounds = 7;
const writers = 8;
/** The marketplace lets each shop read 20 cases a second: so many shops that this is not what is measured. */
const shops = 20;

/**
 * Cases a second through the whole intake on this machine: signed push, HTTP API, queue, reading from the marketplace,
 * one save. Against the same number of items of the same size written straight to the engine, in the same round.
 */
export async function benchPipeline(): Promise<void> {
  const clock = createClock({ mode: "wall" });
  const stack = await startStack({ clock, mode: "observe", channels: ["douyin"] });
  const engine = await startDynamo({});
  const [market] = stack.markets;
  if (!market) throw new Error("there is no douyin");
  const shopIds = await openShops(stack, market);
  market.pushTo(undefined); // we push, so that nothing but the push itself is timed
  const results: { rate: number; ceiling: number }[] = [];
  for (let round = -1; round < rounds; round++) {
    const opened = await openAll(market, shopIds, round);
    const rate = await timed(() => pushAll(stack, market, opened));
    const sample = await sampleCase(stack, opened[0]);
    const ceiling = await timed(() => writeAll(engine.url, sample, round));
    if (round >= 0) results.push({ rate, ceiling });
  }
  await engine.stop();
  await stack.stop();
  report({
    name: "pipeline.casesPerSecond",
    value: median(results.map(({ rate }) => rate)),
    unit: "cases/s",
    floor: median(results.map(({ ceiling }) => ceiling)),
    ratio: median(results.map(({ rate, ceiling }) => rate / ceiling)),
  });
}

interface Opened {
  shopId: string;
  id: string;
}

async function openShops(stack: LocalStack, market: Marketplace): Promise<string[]> {
  const shopIds: string[] = [];
  for (let index = 0; index < shops; index++) {
    const { shopId, name, credentials } = await market.openShop(`bench ${index}`);
    await stack.call("connect-shop", { tenantId: demoTenant, channel: "douyin", shopId, name, credentials });
    shopIds.push(shopId);
  }
  return shopIds;
}

async function timed(work: () => Promise<void>): Promise<number> {
  const startedAt = performance.now();
  await work();
  return (cases * 1000) / (performance.now() - startedAt);
}

async function openAll(market: Marketplace, shopIds: readonly string[], round: number): Promise<Opened[]> {
  const opened: Opened[] = [];
  for (let index = 0; index < cases; index++) {
    const seed = (round + 2) * 100_000 + index;
    const shopId = shopIds[index % shopIds.length] ?? "";
    const { channelCaseId } = await market.openCase({ shopId, plan: "return_quality", seed });
    opened.push({ shopId, id: channelCaseId });
  }
  return opened;
}

/** Pushes all and waits until every case is in the table. */
async function pushAll(stack: LocalStack, market: Marketplace, opened: readonly Opened[]): Promise<void> {
  const { appKey, appSecret } = market.appSettings() as { appKey: string; appSecret: string };
  const agent = new Agent({ keepAlive: true, maxSockets: writers });
  const wanted = new Set(opened.map(({ id }) => id));
  const done = new Promise<void>((resolve) => {
    stack.runtime.logs.subscribe(({ text }) => {
      const id = /"message":"case observed".*?"caseId":"[^"]*:(\d+)"/.exec(text)?.[1];
      if (id) wanted.delete(id);
      if (wanted.size === 0) resolve();
    });
  });
  await Promise.all(
    opened.map(({ shopId, id }) => {
      const data = `{"aftersale_id":${id},"shop_id":${shopId},"aftersale_status":6,"aftersale_type":0}`;
      const body = JSON.stringify([{ tag: "200", msg_id: `${id}::200`, data }]);
      const sign = createHash("md5").update(appKey).update(body).update(appSecret).digest("hex");
      const headers = { "content-type": "application/json", "app-id": appKey, "event-sign": sign };
      return post(stack.webhookUrl("douyin"), { headers, body, agent });
    }),
  );
  await done;
  agent.destroy();
}

async function sampleCase({ desk }: LocalStack, { shopId = "", id = "" }: Partial<Opened> = {}): Promise<Case> {
  const held = await desk.caseOf(demoTenant, { channel: "douyin", shopId, channelCaseId: id });
  if (!held) throw new Error("the pushed case is not in the table");
  return held;
}

/** The raw ceiling: as many PutItem calls of the same size, unparsed and past every layer of ours, as the engine takes. */
async function writeAll(url: string, sample: Case, round: number): Promise<void> {
  const client = createDynamoClient(url);
  const TableName = `bench${round + 2}`;
  await client.call("DynamoDB_20120810.CreateTable", {
    TableName,
    BillingMode: "PAY_PER_REQUEST",
    AttributeDefinitions: [{ AttributeName: "pk", AttributeType: "S" }],
    KeySchema: [{ AttributeName: "pk", KeyType: "HASH" }],
    StreamSpecification: { StreamEnabled: true, StreamViewType: "NEW_AND_OLD_IMAGES" },
  });
  const M = marshall(sample, { removeUndefinedValues: true });
  const bodies = Array.from({ length: cases }, (_, index) =>
    JSON.stringify({ TableName, Item: { pk: { S: `case-${index}` }, body: { M } } }),
  );
  const writer = async () => {
    for (let body = bodies.pop(); body !== undefined; body = bodies.pop()) {
      const { status } = await client.forward("DynamoDB_20120810.PutItem", body);
      if (status !== 200) throw new Error(`the engine answered ${status}`);
    }
  };
  await Promise.all(Array.from({ length: writers }, writer));
  client.close();
}

function post(url: string, { headers, body, agent }: { headers: Record<string, string>; body: string; agent: Agent }) {
  return new Promise<void>((resolve, reject) => {
    const call = request(
      url,
      { method: "POST", agent, headers: { ...headers, "content-length": Buffer.byteLength(body) } },
      (answer) => {
        answer.resume();
        answer.on("end", () =>
          answer.statusCode === 200 ? resolve() : reject(new Error(`${url} answered ${answer.statusCode}`)),
        );
      },
    );
    call.on("error", reject);
    call.end(body);
  });
}
