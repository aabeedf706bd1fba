import { execFile } from "node:child_process";
import { mkdtempSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { buildSync } from "esbuild";
import { bundleOptions, entryOf } from "../infra/bundling/bundle.ts";
import { median, report } from "./measure.ts";

const rounds = 11;

/**
 * Wall time of a cold start: a fresh process loads the bundle that would be deployed and handles one event, up to its
 * first answered AWS call. The floor is a process that loads nothing and makes the same call by itself.
 */
export async function benchCold(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "casebridge-cold-"));
  const stub = await startStub();
  const { port } = stub.address() as AddressInfo;
  const floorFile = writeRunner(folder, "floor", floorCode(port));
  for (const [name, event] of Object.entries(firstEvents)) {
    const outfile = join(folder, name, "index.js");
    buildSync({ ...bundleOptions, entryPoints: [entryOf(name)], outfile });
    const file = writeRunner(folder, name, runnerCode(outfile, event));
    const env = environment(port);
    const pairs: { floor: number; ours: number }[] = [];
    for (let round = -1; round < rounds; round++) {
      const pair = { floor: await wallMs(floorFile, env), ours: await wallMs(file, env) };
      if (round >= 0) pairs.push(pair);
    }
    report({
      name: `cold.${name}`,
      value: median(pairs.map(({ ours }) => ours)),
      unit: "ms",
      floor: median(pairs.map(({ floor }) => floor)),
      ratio: median(pairs.map(({ ours, floor }) => ours / floor)),
    });
  }
  stub.closeAllConnections();
  stub.close();
}

/** The smallest event with which each function reaches its first AWS call. */
const firstEvents: Readonly<Record<string, unknown>> = {
  "receive-webhook": {
    requestContext: { http: { method: "POST" } },
    pathParameters: { channel: "shopify" },
    headers: { "content-type": "application/json" },
    body: "{}",
  },
  "normalize-case": records({
    channel: "shopify",
    shopId: "bench.myshopify.com",
    subject: { kind: "case", channelCaseId: "Return/1" },
    topic: "returns/request",
    noticeId: "1",
    opens: true,
    via: "push",
  }),
  "sweep-deadlines": {},
  "enforce-deadline": records({ tenantId: "bench", caseId: "shopify:bench.myshopify.com:Return/1" }),
};

function records(body: unknown): object {
  const attributes = { MessageGroupId: "1", ApproximateReceiveCount: "1" };
  return { Records: [{ messageId: "1", receiptHandle: "1", attributes, body: JSON.stringify(body) }] };
}

/** Answers every AWS call with something the SDK takes, and says so to nobody. */
async function startStub(): Promise<Server> {
  const server = createServer((request, response) => {
    request.resume();
    request.on("end", () => {
      response.writeHead(200, { "content-type": "application/x-amz-json-1.0" });
      response.end('{"SecretString":"{}","Items":[],"Count":0}');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return server;
}

function writeRunner(folder: string, name: string, code: string): string {
  const file = join(folder, `run-${name}.cjs`);
  writeFileSync(file, code);
  return file;
}

/** Ends the process as soon as the first AWS call is answered, whatever the handler would do next. */
function runnerCode(bundled: string, event: unknown): string {
  return `const http = require("node:http");
const emit = http.IncomingMessage.prototype.emit;
http.IncomingMessage.prototype.emit = function (name, ...rest) {
  const answer = emit.call(this, name, ...rest);
  if (name === "end" && this.statusCode) process.exit(0);
  return answer;
};
const { handler } = require(${JSON.stringify(bundled)});
handler(${JSON.stringify(event)}, { getRemainingTimeInMillis: () => 1000 });`;
}

function floorCode(port: number): string {
  return `const http = require("node:http");
const body = JSON.stringify({ SecretId: "casebridge/dev/channel/shopify", VersionStage: "AWSCURRENT" });
const headers = { "content-type": "application/x-amz-json-1.1", "content-length": body.length };
const request = http.request({ host: "127.0.0.1", port: ${port}, method: "POST", headers }, (response) => {
  response.resume();
  response.on("end", () => process.exit(0));
});
request.end(body);`;
}

function environment(port: number): NodeJS.ProcessEnv {
  const queue = "https://sqs.us-east-1.amazonaws.com/000000000000/bench";
  return {
    PATH: process.env.PATH,
    AWS_ENDPOINT_URL: `http://127.0.0.1:${port}`,
    AWS_REGION: "us-east-1",
    AWS_ACCESS_KEY_ID: "bench",
    AWS_SECRET_ACCESS_KEY: "bench",
    INTAKE_QUEUE_URL: queue,
    QUARANTINE_QUEUE_URL: queue,
    DEADLINES_QUEUE_URL: queue,
    SHOP_NOTICES_QUEUE_URL: queue,
    CHANNEL_SECRET_PREFIX: "casebridge/dev/channel/",
    CREDENTIALS_KEY_ID: "alias/bench",
    TABLE_NAME: "bench",
    SWEEP_EVERY_SECONDS: "60",
  };
}

async function wallMs(file: string, env: NodeJS.ProcessEnv): Promise<number> {
  const startedAt = process.hrtime.bigint();
  await promisify(execFile)(process.execPath, [file], { env });
  return Number(process.hrtime.bigint() - startedAt) / 1e6;
}
