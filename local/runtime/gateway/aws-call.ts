import type { IncomingMessage } from "node:http";

/** One request to AWS, as the gateway understood it. */
export interface AwsCall {
  /** `dynamodb`, `dynamodbstreams`, `sqs`, `s3`, `events`, `kms`, `secretsmanager`, `sns`, `sts`, `monitoring`, … */
  service: string;
  operation: string;
  /** Name of the function whose credentials signed it; `outside` for anyone else. */
  caller: string;
  method: string;
  path: string;
  headers: Record<string, string>;
  body: Buffer;
}

export interface AwsAnswer {
  status: number;
  headers: Record<string, string>;
  body: Buffer | string;
}

const services: Record<string, string> = {
  DynamoDB_20120810: "dynamodb",
  DynamoDBStreams_20120810: "dynamodbstreams",
  AmazonSQS: "sqs",
  AWSEvents: "events",
  TrentService: "kms",
  secretsmanager: "secretsmanager",
  GraniteServiceVersion20100801: "monitoring",
};

const keyPrefix = "LOCAL";

/** The access key a function is given, from which the gateway tells who calls. */
export function accessKeyOf(functionName: string): string {
  return `${keyPrefix}${functionName}`;
}

/** Tells service, operation and caller from the headers AWS clients send; signatures are not checked. */
export function readCall(request: IncomingMessage, body: Buffer): AwsCall {
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(request.headers)) {
    if (value !== undefined) headers[name] = Array.isArray(value) ? value.join(",") : value;
  }
  const path = request.url ?? "/";
  const method = request.method ?? "GET";
  const [accessKey = "", , , scope = ""] =
    (/Credential=([^,\s]+)/.exec(headers.authorization ?? "")?.[1] ?? signerIn(path))?.split("/") ?? [];
  const caller = accessKey.startsWith(keyPrefix) ? accessKey.slice(keyPrefix.length) : "outside";
  const [prefix = "", target = ""] = headers["x-amz-target"]?.split(".") ?? [];
  const { service, operation } = target
    ? { service: services[prefix] ?? prefix, operation: target }
    : readUntargeted(scope, method, path, headers, body);
  return { service, operation, caller, method, path, headers, body };
}

/** Who signed a link, as its query says. */
function signerIn(path: string): string | undefined {
  return new URLSearchParams(path.split("?")[1]).get("X-Amz-Credential") ?? undefined;
}

function readUntargeted(scope: string, method: string, path: string, headers: Record<string, string>, body: Buffer) {
  if (headers["content-type"]?.startsWith("application/x-www-form-urlencoded") && scope !== "s3") {
    return { service: scope, operation: new URLSearchParams(body.toString()).get("Action") ?? "?" };
  }
  const rpc = /^\/service\/[^/]+\/operation\/([^/?]+)/.exec(path)?.[1];
  if (rpc) return { service: scope, operation: rpc };
  if (scope && scope !== "s3") return { service: scope, operation: `${method} ${path.split("?")[0]}` };
  return { service: "s3", operation: s3Operation(method, path) };
}

function s3Operation(method: string, path: string): string {
  const [place = "", query = ""] = path.split("?");
  const onObject = place.replace(/^\//, "").includes("/") && !place.endsWith("/");
  const verbs: Record<string, string> = onObject
    ? { GET: "GetObject", PUT: "PutObject", DELETE: "DeleteObject", HEAD: "HeadObject", POST: "PostObject" }
    : {
        GET: query.includes("list-type=2") ? "ListObjectsV2" : "ListObjects",
        POST: "DeleteObjects",
        HEAD: "HeadBucket",
        PUT: "CreateBucket",
      };
  return verbs[method] ?? `${method} ${place}`;
}

/** An error in the form the caller's client reads: JSON for most services, XML for S3 and the query protocol. */
export function awsError(call: AwsCall, status: number, code: string, message: string): AwsAnswer {
  if (call.service === "s3" || call.service === "sns" || call.service === "sts") {
    const error = `<Code>${code}</Code><Message>${escapeXml(message)}</Message>`;
    const body =
      call.service === "s3" ? `<Error>${error}</Error>` : `<ErrorResponse><Error>${error}</Error></ErrorResponse>`;
    return { status, headers: { "content-type": "application/xml" }, body };
  }
  return {
    status,
    headers: {
      "content-type": call.headers["content-type"] ?? "application/x-amz-json-1.1",
      ...(call.service === "sqs" && { "x-amzn-query-error": `${code};${status < 500 ? "Sender" : "Receiver"}` }),
    },
    body: JSON.stringify({ __type: code, message }),
  };
}

export function jsonAnswer(value: unknown): AwsAnswer {
  return { status: 200, headers: { "content-type": "application/x-amz-json-1.1" }, body: JSON.stringify(value) };
}

export function escapeXml(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}

/** Thrown by a service to answer with an AWS error. */
export class AwsFault extends Error {
  readonly code: string;
  readonly status: number;
  constructor(code: string, message: string, status = 400) {
    super(message);
    this.code = code;
    this.status = status;
  }
}
