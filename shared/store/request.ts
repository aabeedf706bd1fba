import {
  type AttributeValue,
  ConditionalCheckFailedException,
  type DynamoDBClient,
  DynamoDBServiceException,
} from "@aws-sdk/client-dynamodb";
import { SuiteError } from "#shared/errors.ts";

/** Where the items are. The client brings its own retries; what it raises has already been repeated. */
export interface Place {
  client: DynamoDBClient;
  tableName: string;
  /** Tells what is past its end: the table deletes it up to some days later, and until then nobody is shown it. */
  clock: { now(): Date };
}

const wrongSetup = [
  "AccessDeniedException",
  "CredentialsProviderError",
  "ResourceNotFoundException",
  "UnrecognizedClientException",
];
const busy = [
  "LimitExceededException",
  "ProvisionedThroughputExceededException",
  "RequestLimitExceeded",
  "ThrottlingException",
  "TransactionConflictException",
  "TransactionInProgressException",
];
const noAnswer = [
  "TimeoutError",
  "AbortError",
  "ECONNABORTED",
  "ECONNREFUSED",
  "ECONNRESET",
  "EAI_AGAIN",
  "EHOSTUNREACH",
  "ENOTFOUND",
  "EPIPE",
  "ETIMEDOUT",
];

/**
 * Passes an answer on and turns a failure into ours. A refused condition stays as it is, for the caller to judge.
 * @throws SuiteError `store_unavailable` (retryable), `misconfigured`
 */
export async function answered<T>(request: Promise<T>): Promise<T> {
  try {
    return await request;
  } catch (error) {
    throw explain(error);
  }
}

function explain(error: unknown): unknown {
  if (!(error instanceof Error) || error instanceof ConditionalCheckFailedException) return error;
  const details = { reason: error.name };
  if (wrongSetup.includes(error.name)) {
    return new SuiteError("misconfigured", `the table cannot be used: ${error.name}`, { details, cause: error });
  }
  const ours = error instanceof DynamoDBServiceException && (error.$fault === "server" || busy.includes(error.name));
  const code = "code" in error ? String(error.code) : error.name;
  if (ours || noAnswer.includes(code) || noAnswer.includes(error.name)) {
    return new SuiteError("store_unavailable", `the table did not answer: ${error.name}`, { details, cause: error });
  }
  return error;
}

/** The item that stood in the way, when `error` says that a condition was refused. */
export function refusedBy(error: unknown): { current: Record<string, AttributeValue> | undefined } | undefined {
  return error instanceof ConditionalCheckFailedException ? { current: error.Item } : undefined;
}
