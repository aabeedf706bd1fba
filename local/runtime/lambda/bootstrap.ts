import { existsSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { parentPort, workerData } from "node:worker_threads";
import { dateOn } from "../../clock-date.ts";
import type { FromWorker, LambdaError, ToWorker, WorkerSettings } from "./messages.ts";

// The first and only module of a function's worker: sets the time, catches output, loads the bundle, serves invocations.

const settings = workerData as WorkerSettings;
let requestId: string | undefined;

globalThis.Date = dateOn(settings.sharedTime);

const send = (message: FromWorker) => parentPort?.postMessage(message);

for (const stream of [process.stdout, process.stderr]) {
  stream.write = ((chunk: string | Uint8Array, ...rest: unknown[]) => {
    send({ kind: "lines", requestId, text: typeof chunk === "string" ? chunk : Buffer.from(chunk).toString() });
    const callback = rest.at(-1);
    if (typeof callback === "function") callback();
    return true;
  }) as typeof stream.write;
}

const crash = (thrown: unknown) => {
  send({ kind: "crash", error: describe(thrown) });
  // A turn later, so that the message leaves first.
  setImmediate(() => process.exit(1));
};
process.on("unhandledRejection", crash);
process.on("uncaughtException", crash);

type Handler = (event: unknown, context: object) => unknown;

async function load(): Promise<Handler> {
  const dot = settings.handler.lastIndexOf(".");
  const [file, name] = [settings.handler.slice(0, dot), settings.handler.slice(dot + 1)];
  const path = [".js", ".mjs", ".cjs"]
    .map((end) => join(settings.codePath, file + end))
    .find((each) => existsSync(each));
  if (!path) throw new Error(`Cannot find module '${file}' in ${settings.codePath}`);
  const module = (await import(pathToFileURL(path).href)) as Record<string, unknown> & {
    default?: Record<string, unknown>;
  };
  const handler = module[name] ?? module.default?.[name];
  if (typeof handler !== "function") throw new Error(`${settings.handler} is undefined or not exported`);
  return handler as Handler;
}

function describe(thrown: unknown): LambdaError {
  if (!(thrown instanceof Error)) return { errorType: typeof thrown, errorMessage: String(thrown) };
  return { errorType: thrown.name, errorMessage: thrown.message, trace: thrown.stack?.split("\n") };
}

function contextOf({ requestId: awsRequestId, timeoutMs }: ToWorker): object {
  const startedMs = performance.now();
  const { functionName, functionArn, memoryMb } = settings;
  return {
    functionName,
    functionVersion: "$LATEST",
    invokedFunctionArn: functionArn,
    memoryLimitInMB: String(memoryMb),
    awsRequestId,
    logGroupName: `/aws/lambda/${functionName}`,
    logStreamName: "local",
    callbackWaitsForEmptyEventLoop: true,
    getRemainingTimeInMillis: () => Math.max(0, Math.round(timeoutMs - (performance.now() - startedMs))),
  };
}

async function serve(handler: Handler, message: ToWorker) {
  requestId = message.requestId;
  try {
    const answer = await handler(JSON.parse(message.event), contextOf(message));
    send({ kind: "answer", requestId, payload: JSON.stringify(answer) });
  } catch (thrown) {
    send({ kind: "error", requestId, error: describe(thrown) });
  }
}

try {
  const handler = await load();
  parentPort?.on("message", (message: ToWorker) => void serve(handler, message));
  send({ kind: "ready" });
} catch (thrown) {
  send({ kind: "init-failed", error: describe(thrown) });
}
