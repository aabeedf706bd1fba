import { createHttpClient, type HttpClient } from "../../local/runtime/engines/http-client.ts";
import { median } from "../measure.ts";
import type { LoadFigure } from "./figures.ts";
import { playCases, warmUp } from "./play.ts";
import type { LoadOptions } from "./run.ts";
import { storedItem } from "./table.ts";
import { openWorld, type World } from "./world.ts";

const cases = 200;
const rounds = 5;
const writers = 8;

/**
 * Cases a second through the whole intake, against the two raw calls that keeping a case takes at least, one SendMessage
 * and one PutItem of the same size, made by nobody's code through the same gateway into the same engines; round by round.
 */
export async function ceiling({ assemblyDir }: LoadOptions): Promise<LoadFigure[]> {
  const world = await openWorld({ assemblyDir, channels: ["douyin"] });
  const shops = await world.shops("douyin", 20);
  await warmUp(world, shops);
  const raw = createHttpClient(world.stack.runtime.gatewayUrl);
  const results: { ours: number; ceiling: number; calls: number }[] = [];
  for (let round = -1; round < rounds; round++) {
    const opened = await world.cases(shops, cases);
    const before = callsOf(world);
    const planned = opened.map((one) => ({ case: one, atMs: 0 }));
    const { lost, savedMs } = await playCases(world, planned, { sockets: writers });
    if (lost > 0) throw new Error(`${lost} cases were lost`);
    const ours = (cases * 1000) / savedMs;
    const calls = (callsOf(world) - before) / cases;
    const item = await storedItem(world.stack, opened[0]);
    const limit = await perSecond(() => writeRaw(world, raw, { item, round }));
    if (round >= 0) results.push({ ours, ceiling: limit, calls });
  }
  raw.close();
  await world.stop();
  return [
    { name: "ceiling.cases", value: median(results.map(({ ours }) => ours)), unit: "cases/s" },
    { name: "ceiling.raw", value: median(results.map((each) => each.ceiling)), unit: "pairs/s" },
    {
      name: "ceiling.ratio",
      value: median(results.map((each) => each.ours / each.ceiling)),
      unit: "of raw",
      least: 0.5,
    },
    { name: "ceiling.requests", value: median(results.map(({ calls }) => calls)), unit: "requests/case" },
    {
      name: "ceiling.requests.ratio",
      value: median(results.map((each) => (each.ours * each.calls) / (each.ceiling * 2))),
      unit: "of raw requests/s",
    },
  ];
}

async function perSecond(work: () => Promise<void>): Promise<number> {
  const startedAt = performance.now();
  await work();
  return (cases * 1000) / (performance.now() - startedAt);
}

/** Requests that functions made of AWS, whatever they were for. */
function callsOf({ stack }: World): number {
  return stack.runtime
    .counts()
    .filter(({ caller }) => caller.startsWith("casebridge-"))
    .reduce((sum, { calls }) => sum + calls, 0);
}

/** Nothing reads these: the item is of no kind that the stream's reader takes, and the queue has no reader. */
async function writeRaw(
  { stack }: World,
  raw: HttpClient,
  { item, round }: { item: object; round: number },
): Promise<void> {
  const { tables, gatewayUrl } = stack.runtime;
  const [queue] = stack.runtime.queues().filter(({ name }) => name.includes("quarantine") && !name.endsWith(".fifo"));
  const QueueUrl = `${gatewayUrl}/000000000000/${queue?.name}`;
  const MessageBody = JSON.stringify({ padding: "x".repeat(300) });
  const serials = Array.from({ length: cases }, (_, index) => `raw-${round}-${index}`);
  const write = async () => {
    for (let serial = serials.pop(); serial; serial = serials.pop()) {
      await send(raw, "AmazonSQS.SendMessage", { QueueUrl, MessageBody });
      const Item = { ...item, pk: { S: serial }, entity: { S: "raw" } };
      await send(raw, "DynamoDB_20120810.PutItem", { TableName: tables[0], Item });
    }
  };
  await Promise.all(Array.from({ length: writers }, write));
}

async function send(raw: HttpClient, target: string, input: object): Promise<void> {
  const service = target.startsWith("AmazonSQS") ? "sqs" : "dynamodb";
  const { status, body } = await raw.send({
    method: "POST",
    path: "/",
    headers: {
      "content-type": "application/x-amz-json-1.0",
      "x-amz-target": target,
      "x-amz-date": "20200101T000000Z",
      authorization: `AWS4-HMAC-SHA256 Credential=bench/20200101/us-east-1/${service}/aws4_request, SignedHeaders=host;x-amz-date, Signature=0`,
    },
    body: JSON.stringify(input),
  });
  if (status !== 200) throw new Error(`${target} was answered with ${status}: ${body.toString().slice(0, 200)}`);
}
