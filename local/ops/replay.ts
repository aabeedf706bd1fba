import { InvokeCommand } from "@aws-sdk/client-lambda";
import { DeleteObjectCommand, GetObjectCommand, ListBucketsCommand, ListObjectsV2Command } from "@aws-sdk/client-s3";
import * as z from "zod";
import type { AwsPlace } from "./aws-place.ts";
import { OpsRefused } from "./ops-refused.ts";

/** Lambda's own form of what it gives up on. Source: Lambda developer guide, retaining records of failed batches, 2026-11. */
const givenUpSchema = z.object({ payload: z.string() });
const recordsSchema = z.object({ Records: z.array(z.json()).min(1) });
const answerSchema = z.object({ batchItemFailures: z.array(z.json()).default([]) });

/**
 * Publishes what publish-events gave up on and the bucket of failures kept, oldest first, at most `max` objects. An object
 * is deleted only after all its records are out; publishing twice does nothing twice. Stops at the first that fails
 * again, because what comes after it is likely to. Returns how many objects and records it was.
 * @throws OpsRefused with the object's key when its records cannot be published or read
 */
export async function replay(
  { prefix, s3, lambda }: Pick<AwsPlace, "prefix" | "s3" | "lambda">,
  { max = Number.POSITIVE_INFINITY }: { max?: number } = {},
): Promise<{ objects: number; records: number }> {
  const Bucket = await findBucket(prefix, s3);
  const done = { objects: 0, records: 0 };
  for (const Key of await keysIn(Bucket, s3)) {
    if (done.objects >= max) break;
    const object = await s3.send(new GetObjectCommand({ Bucket, Key }));
    const Records = recordsIn((await object.Body?.transformToString()) ?? "", Key);
    const { FunctionError, Payload } = await lambda.send(
      new InvokeCommand({ FunctionName: `${prefix}publish-events`, Payload: JSON.stringify({ Records }) }),
    );
    const answer = FunctionError ? undefined : answerSchema.parse(JSON.parse(Buffer.from(Payload ?? []).toString()));
    if (!answer || answer.batchItemFailures.length > 0) {
      const before = `${done.objects} before it are out.`;
      throw new OpsRefused(`publish-events failed again on ${Key}; its log says why. ${before}`);
    }
    await s3.send(new DeleteObjectCommand({ Bucket, Key }));
    done.objects++;
    done.records += Records.length;
  }
  return done;
}

function recordsIn(text: string, key: string) {
  try {
    return recordsSchema.parse(JSON.parse(givenUpSchema.parse(JSON.parse(text)).payload)).Records;
  } catch (cause) {
    throw new OpsRefused(`${key} is not what Lambda writes about records it gave up on; look at it.`, { cause });
  }
}

async function findBucket(prefix: string, s3: AwsPlace["s3"]): Promise<string> {
  const begin = `${prefix}data-failures`;
  const { Buckets = [] } = await s3.send(new ListBucketsCommand({}));
  const [found] = Buckets.flatMap(({ Name }) => (Name?.startsWith(begin) ? [Name] : []));
  if (!found) throw new OpsRefused(`There is no bucket ${begin}…: look at CASEBRIDGE_STAGE and the region.`);
  return found;
}

/** Lambda names objects by day and second, so their order is that of time. */
async function keysIn(Bucket: string, s3: AwsPlace["s3"]): Promise<string[]> {
  const keys: string[] = [];
  let ContinuationToken: string | undefined;
  do {
    const page = await s3.send(new ListObjectsV2Command({ Bucket, Prefix: "aws/lambda/", ContinuationToken }));
    keys.push(...(page.Contents ?? []).flatMap(({ Key }) => (Key ? [Key] : [])));
    ContinuationToken = page.NextContinuationToken;
  } while (ContinuationToken);
  return keys.sort();
}
