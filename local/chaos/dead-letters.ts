import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { ListBucketsCommand, ListObjectsV2Command } from "@aws-sdk/client-s3";
import { ListQueuesCommand, PurgeQueueCommand } from "@aws-sdk/client-sqs";
import { localPlace } from "../ops/aws-place.ts";
import type { Look } from "./talk.ts";

/** What nobody could handle and lies somewhere, and whether an alarm says so. */
export interface DeadLetters {
  place: string;
  number: number;
  isAlarmed: boolean;
}

const isDead = (name: string) => /-dead(\.fifo)?$|-quarantine$/.test(name);

/** The dead-letter queues that hold something. An alarm that only was on before is no help to who looks now. */
export function deadQueuesOf({ queues, alarms }: Pick<Look, "queues" | "alarms">): DeadLetters[] {
  return queues
    .filter(({ name, visible }) => isDead(name) && visible > 0)
    .map(({ name, visible }) => ({
      place: name,
      number: visible,
      isAlarmed: alarms.includes(`${name}-not-empty`),
    }));
}

/**
 * What the stream gave up, in the bucket of failures. Its alarms tell of the giving up, not of what lies there, so they
 * must have been on at some time: `raised` is of the whole run.
 */
export async function givenUpIn(gatewayUrl: string, raised: ReadonlySet<string>): Promise<DeadLetters[]> {
  const { s3, prefix } = localPlace(gatewayUrl);
  const { Buckets = [] } = await s3.send(new ListBucketsCommand({}));
  const bucket = Buckets.find(({ Name }) => Name?.startsWith(`${prefix}data-failures`))?.Name;
  if (!bucket) throw new Error("There is no bucket of failures.");
  const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket: bucket, Prefix: "aws/lambda/" }));
  if (Contents.length === 0) return [];
  const isAlarmed = ["publish-failed-", "publish-events-errors", "stream-behind"].some((word) =>
    [...raised].some((name) => `${name}-`.includes(word)),
  );
  return [{ place: bucket, number: Contents.length, isAlarmed }];
}

/**
 * Does with dead letters what the runbook says, with the commands that it names: `npm run cli -- redrive` and `replay`.
 * What no function takes again is read by people and deleted. Returns how many went back.
 */
export async function redriveAll(letters: readonly DeadLetters[], gatewayUrl: string): Promise<number> {
  let sent = 0;
  for (const { place } of letters) {
    if (place.includes("data-failures")) {
      sent += Number(await ofCli("objects", ["replay"], gatewayUrl));
      continue;
    }
    const answer = place.endsWith("-quarantine") ? undefined : await ofCli("sent", ["redrive", place], gatewayUrl);
    if (answer === undefined) await purge(place, gatewayUrl);
    else sent += Number(answer);
  }
  return sent;
}

/** One number of what the command answers; undefined when it says that nothing takes from that queue. */
async function ofCli(field: string, line: string[], gatewayUrl: string): Promise<unknown> {
  const environment = {
    PATH: process.env.PATH,
    CASEBRIDGE_STAGE: "dev",
    AWS_ENDPOINT_URL: gatewayUrl,
    AWS_REGION: "us-east-1",
    AWS_ACCESS_KEY_ID: "operator",
    AWS_SECRET_ACCESS_KEY: "local",
  };
  const cli = fileURLToPath(new URL("../cli.ts", import.meta.url));
  const { promise, resolve, reject } = Promise.withResolvers<unknown>();
  execFile(process.execPath, [cli, ...line, "--json"], { env: environment, timeout: 120_000 }, (fault, out, said) => {
    if (!fault) resolve((JSON.parse(out) as Record<string, unknown>)[field]);
    else if (said.includes("Purge it")) resolve(undefined);
    else reject(new Error(`npm run cli -- ${line.join(" ")} failed: ${said || fault.message}`));
  });
  return promise;
}

async function purge(name: string, gatewayUrl: string): Promise<void> {
  const { sqs } = localPlace(gatewayUrl);
  const { QueueUrls = [] } = await sqs.send(new ListQueuesCommand({ QueueNamePrefix: name }));
  for (const QueueUrl of QueueUrls) await sqs.send(new PurgeQueueCommand({ QueueUrl }));
}
