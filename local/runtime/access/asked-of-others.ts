import type { AwsCall } from "../gateway/aws-call.ts";
import { type Asked, askedOfDynamo } from "./asked-of-dynamodb.ts";
import type { Things } from "./things.ts";

/** What one call asks for: usually one action on one resource. */
export interface AskedFor extends Asked {
  /** More that conditions may look at. */
  context?: Record<string, string | readonly string[]>;
  /** For a call that a service makes to KMS in the caller's name. */
  viaService?: string;
}

type Body = Record<string, unknown>;
const batched = /^(SendMessage|DeleteMessage|ChangeMessageVisibility)Batch$/;

/** Reads a call as IAM does. What is not known in particular is asked for on everything, which no role of ours may. */
export function askedIn(call: AwsCall, things: Things): AskedFor[] {
  switch (call.service) {
    case "dynamodb":
    case "dynamodbstreams":
      return askedOfDynamo(call.operation, bodyOf(call), things).flatMap((asked) =>
        withSeal(asked, "dynamodb", "Decrypt"),
      );
    case "sqs": {
      const action = `sqs:${call.operation.replace(batched, "$1")}`;
      return [{ action, resource: things.queueArn(String(bodyOf(call).QueueUrl ?? "")) ?? "*" }];
    }
    case "s3":
      return askedOfS3(call, things);
    case "events":
      return askedOfBus(call, things);
    case "kms":
      return [askedOfKms(call, things)];
    case "secretsmanager": {
      const id = String(bodyOf(call).SecretId ?? "*");
      return [{ action: `secretsmanager:${call.operation}`, resource: things.secretArn(id) ?? secretNamed(id) }];
    }
    case "monitoring": {
      const context = { "cloudwatch:namespace": String(bodyOf(call).Namespace ?? "") };
      return [{ action: `cloudwatch:${call.operation}`, resource: "*", context }];
    }
    case "sns": {
      const topic = new URLSearchParams(call.body.toString()).get("TopicArn");
      return [{ action: `sns:${call.operation}`, resource: topic ?? "*" }];
    }
    case "sts":
      return []; // everybody may ask who he is
    default:
      return [{ action: `${call.service}:${call.operation}`, resource: "*" }];
  }
}

const secretNamed = (id: string) => (id.startsWith("arn:") ? id : `arn:aws:secretsmanager:::secret:${id}`);

function bodyOf({ body }: AwsCall): Body {
  return body.length === 0 ? {} : (JSON.parse(body.toString()) as Body);
}

/** A table or bucket that the account's own key seals is of use only to who may use that key through the service. */
export function withSeal(asked: AskedFor, service: string, keyAction: "Decrypt" | "GenerateDataKey"): AskedFor[] {
  if (!asked.sealedBy) return [asked];
  return [asked, { action: `kms:${keyAction}`, resource: asked.sealedBy, viaService: service }];
}

const s3Actions: Record<string, string> = {
  HeadObject: "GetObject",
  DeleteObjects: "DeleteObject",
  HeadBucket: "ListBucket",
  ListObjects: "ListBucket",
  ListObjectsV2: "ListBucket",
};

function askedOfS3({ operation, path }: AwsCall, things: Things): AskedFor[] {
  const [place = "", query = ""] = path.split("?");
  const [, bucketName = "", ...key] = place.split("/").map(decodeURIComponent);
  const { arn, sealedBy } = things.bucket(bucketName);
  const action = s3Actions[operation] ?? operation;
  if (action === "ListBucket") {
    const prefix = new URLSearchParams(query).get("prefix") ?? "";
    return [{ action: "s3:ListBucket", resource: arn, context: { "s3:prefix": prefix } }];
  }
  // Which objects are deleted together stands in the body; a policy on single ones is then not enough.
  const name = operation === "DeleteObjects" ? "*" : key.join("/");
  const sealed = { action: `s3:${action}`, resource: `${arn}/${name}`, sealedBy };
  if (action === "PutObject") return withSeal(sealed, "s3", "GenerateDataKey");
  return action === "GetObject" ? withSeal(sealed, "s3", "Decrypt") : [sealed];
}

function askedOfBus(call: AwsCall, things: Things): AskedFor[] {
  const body = bodyOf(call);
  if (call.operation !== "PutEvents") return [{ action: `events:${call.operation}`, resource: "*" }];
  const entries = Array.isArray(body.Entries) ? (body.Entries as Body[]) : [];
  return entries.map(({ EventBusName = "default", Source, DetailType }) => ({
    action: "events:PutEvents",
    resource: things.busArn(String(EventBusName)) ?? `arn:aws:events:::event-bus/${EventBusName}`,
    context: { "events:source": String(Source ?? ""), "events:detail-type": String(DetailType ?? "") },
  }));
}

/** Length of the name comes first in what local KMS seals; see gateway/kms.ts. */
function keyInBlob(blob: unknown): string {
  const bytes = Buffer.from(String(blob ?? ""), "base64");
  return bytes.toString("utf8", 1, 1 + (bytes[0] ?? 0));
}

function askedOfKms(call: AwsCall, things: Things): AskedFor {
  const body = bodyOf(call);
  const id = String(body.KeyId ?? keyInBlob(body.CiphertextBlob));
  const pairs = Object.entries((body.EncryptionContext ?? {}) as Record<string, string>);
  const context: AskedFor["context"] = {};
  for (const [key, value] of pairs) context[`kms:EncryptionContext:${key}`] = value;
  if (pairs.length > 0) context["kms:EncryptionContextKeys"] = pairs.map(([key]) => key);
  return { action: `kms:${call.operation}`, resource: things.keyArn(id) ?? "*", context };
}
