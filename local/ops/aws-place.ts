import { LambdaClient } from "@aws-sdk/client-lambda";
import { S3Client } from "@aws-sdk/client-s3";
import { SQSClient } from "@aws-sdk/client-sqs";
import { findRunning } from "../running.ts";
import { OpsRefused } from "./ops-refused.ts";

/** A deployment, as whoever operates it reaches it. */
export interface AwsPlace {
  /** Begins the name of everything in it, such as `casebridge-prod-`. */
  prefix: string;
  sqs: SQSClient;
  s3: S3Client;
  lambda: LambdaClient;
}

/**
 * The deployment of `CASEBRIDGE_STAGE`, with the credentials and the region AWS's own tools would use, else the stack that
 * runs on this machine. @throws OpsRefused when there is neither
 */
export function reachAws(environment: NodeJS.ProcessEnv): AwsPlace {
  const { CASEBRIDGE_STAGE: stage } = environment;
  if (stage) return placeAt(stage, {});
  const running = findRunning();
  if (!running) {
    throw new OpsRefused(
      "Set CASEBRIDGE_STAGE, with AWS credentials and a region, or start the stack on this machine with `npm start`.",
    );
  }
  return localPlace(running.gatewayUrl);
}

/** A stack on this machine, by the address of its gateway. */
export function localPlace(gatewayUrl: string): AwsPlace {
  // No function's key: the gateway takes it for the operator's.
  const credentials = { accessKeyId: "operator", secretAccessKey: "local" };
  return placeAt("dev", { endpoint: gatewayUrl, region: "us-east-1", credentials });
}

interface Reach {
  endpoint?: string;
  region?: string;
  credentials?: { accessKeyId: string; secretAccessKey: string };
}

function placeAt(stage: string, reach: Reach): AwsPlace {
  return {
    prefix: `casebridge-${stage}-`,
    sqs: new SQSClient(reach),
    // A machine has no name for each bucket.
    s3: new S3Client({ ...reach, forcePathStyle: reach.endpoint !== undefined }),
    lambda: new LambdaClient(reach),
  };
}
