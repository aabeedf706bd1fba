import { randomUUID } from "node:crypto";
import * as z from "zod";
import type { MovableClock } from "../../clock.ts";
import type { Rights } from "../access/rights.ts";
import type { Activity } from "../activity.ts";
import { account } from "../assembly/identity.ts";
import { number, ofType, readProperties } from "../assembly/read-properties.ts";
import type { Resource } from "../assembly/resolve-template.ts";
import { accessKeyOf } from "../gateway/aws-call.ts";
import type { Logs } from "../logs.ts";
import { recordEmf } from "../watch/emf.ts";
import type { MetricStore } from "../watch/metric-store.ts";
import { codePathOf } from "./code.ts";
import { type Environment, type Outcome, startEnvironment } from "./environment.ts";

const lambda = z.object({
  Code: z.object({ S3Key: z.string().optional(), ZipFile: z.string().optional() }),
  Handler: z.string().default("index.handler"),
  Timeout: number.default(3),
  MemorySize: number.default(128),
  ReservedConcurrentExecutions: number.optional(),
  Environment: z.object({ Variables: z.record(z.string(), z.coerce.string()).default({}) }).optional(),
  DeadLetterConfig: z.object({ TargetArn: z.string() }).optional(),
  LoggingConfig: z.object({ LogGroup: z.string().optional() }).optional(),
});

export interface LocalFunction {
  name: string;
  logicalId: string;
  arn: string;
  timeoutMs: number;
  concurrency: number;
  memoryMb: number;
  deadLetterArn: string | undefined;
  /** Runs one invocation; waits for a free environment when all are taken. Never rejects. */
  invoke(event: unknown): Promise<Outcome>;
  /** Ends its threads at once, as a crash of the host would. Returns how many there were. */
  kill(): Promise<number>;
}

export interface FunctionDeps {
  clock: MovableClock;
  activity: Activity;
  logs: Logs;
  metrics: MetricStore;
  assetPaths: Map<string, string>;
  gatewayUrl: string;
  region: string;
  /** At most this many threads per function, whatever the template reserves. */
  maxThreads: number;
  rights: Pick<Rights, "mayInNameOf">;
  /** Added to every function's variables. */
  extraEnv: Record<string, string>;
}

/** The template's functions, none of them started yet. */
export function createFunctions(resources: readonly Resource[], deps: FunctionDeps): LocalFunction[] {
  return ofType(resources, "AWS::Lambda::Function").map((resource) => createFunction(resource, deps));
}

function createFunction(resource: Resource, deps: FunctionDeps): LocalFunction {
  const { clock, activity, logs, metrics } = deps;
  const properties = readProperties(resource, lambda);
  const name = resource.ref;
  const timeoutMs = properties.Timeout * 1000;
  const concurrency = Math.min(properties.ReservedConcurrentExecutions ?? Number.POSITIVE_INFINITY, deps.maxThreads);
  const logGroup = properties.LoggingConfig?.LogGroup ?? `/aws/lambda/${name}`;
  const dimensions = { FunctionName: name };
  const environments = new Set<Environment>();
  const waiting: (() => void)[] = [];

  const env: Record<string, string> = {
    PATH: process.env.PATH ?? "",
    TZ: "UTC",
    LANG: "en_US.UTF-8",
    AWS_REGION: deps.region,
    AWS_DEFAULT_REGION: deps.region,
    AWS_ACCESS_KEY_ID: accessKeyOf(name),
    AWS_SECRET_ACCESS_KEY: "local",
    AWS_SESSION_TOKEN: "local",
    AWS_ENDPOINT_URL: deps.gatewayUrl,
    AWS_EC2_METADATA_DISABLED: "true",
    AWS_CONFIG_FILE: "/dev/null",
    AWS_SHARED_CREDENTIALS_FILE: "/dev/null",
    AWS_EXECUTION_ENV: "AWS_Lambda_nodejs24.x",
    AWS_LAMBDA_FUNCTION_NAME: name,
    AWS_LAMBDA_FUNCTION_VERSION: "$LATEST",
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(properties.MemorySize),
    AWS_LAMBDA_LOG_GROUP_NAME: logGroup,
    AWS_LAMBDA_LOG_STREAM_NAME: "local",
    AWS_LAMBDA_INITIALIZATION_TYPE: "on-demand",
    LAMBDA_TASK_ROOT: "/var/task",
    _HANDLER: properties.Handler,
    ...properties.Environment?.Variables,
    ...deps.extraEnv,
  };

  let mayLog: boolean | undefined;
  /** What a function may not log is lost, and with it the metrics in it. */
  const isHeard = () => {
    const stream = `arn:aws:logs:${deps.region}:${account}:log-group:${logGroup}:log-stream:local`;
    mayLog ??= ["logs:CreateLogStream", "logs:PutLogEvents"].every((action) =>
      deps.rights.mayInNameOf(resource.arn, action, stream),
    );
    return mayLog;
  };

  const start = () => {
    const environment = startEnvironment({
      settings: {
        codePath: codePathOf(resource, properties.Code, deps.assetPaths),
        handler: properties.Handler,
        sharedTime: clock.shared,
        functionName: name,
        functionArn: resource.arn,
        memoryMb: properties.MemorySize,
      },
      env,
      onLines(text, requestId) {
        for (const line of text.split("\n")) {
          if (line === "" || !isHeard()) continue;
          logs.add(name, line, requestId);
          recordEmf(line, metrics);
        }
      },
    });
    environments.add(environment);
    return environment;
  };

  /** A free environment, started if need be; undefined when all are taken. The caller must use it before it waits. */
  const take = (): Environment | undefined => {
    for (const environment of environments) if (environment.gone) environments.delete(environment);
    for (const environment of environments) if (!environment.busy) return environment;
    return environments.size < concurrency ? start() : undefined;
  };

  return {
    name,
    logicalId: resource.logicalId,
    arn: resource.arn,
    timeoutMs,
    concurrency,
    memoryMb: properties.MemorySize,
    deadLetterArn: properties.DeadLetterConfig?.TargetArn,
    async invoke(event) {
      const done = activity.begin(`invocation of ${resource.logicalId}`);
      try {
        let environment = take();
        while (!environment) {
          await new Promise<void>((resolve) => waiting.push(resolve));
          environment = take();
        }
        const requestId = randomUUID();
        isHeard(); // the service's own lines about an invocation go to the same log
        const outcome = await environment.run({ requestId, event: JSON.stringify(event), timeoutMs });
        metrics.record("AWS/Lambda", "Invocations", dimensions, 1);
        metrics.record("AWS/Lambda", "Errors", dimensions, outcome.ok ? 0 : 1);
        metrics.record("AWS/Lambda", "Duration", dimensions, outcome.durationMs);
        if (!outcome.ok) logs.add(name, JSON.stringify(outcome.error), requestId);
        return outcome;
      } finally {
        waiting.shift()?.();
        done();
      }
    },
    async kill() {
      const alive = [...environments].filter(({ gone }) => !gone);
      await Promise.all(alive.map((environment) => environment.kill("The environment was killed.")));
      return alive.length;
    },
  };
}
