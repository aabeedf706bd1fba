import { Worker } from "node:worker_threads";
import type { FromWorker, LambdaError, ToWorker, WorkerSettings } from "./messages.ts";

export type Outcome =
  | { ok: true; payload: string | undefined; durationMs: number }
  | { ok: false; error: LambdaError; durationMs: number };

/** One execution environment: a worker thread that takes one invocation at a time. */
export interface Environment {
  readonly busy: boolean;
  readonly gone: boolean;
  run(invocation: ToWorker): Promise<Outcome>;
  /** Ends the thread at once, whatever it is doing; the invocation in it fails. */
  kill(reason: string): Promise<void>;
}

export interface EnvironmentOptions {
  settings: WorkerSettings;
  env: Record<string, string>;
  onLines(text: string, requestId: string | undefined): void;
}

const bootstrap = new URL("./bootstrap.ts", import.meta.url);
/** Loading the bundle may be slow on a busy machine; Lambda's own limit is 10 s. */
const initLimitMs = 60_000;

/** Starts the thread at once; the first invocation waits until the bundle is loaded, outside its own time limit. */
export function startEnvironment({ settings, env, onLines }: EnvironmentOptions): Environment {
  // No node options of the host: a test runner's loaders have no business in a function.
  const worker = new Worker(bootstrap, {
    workerData: settings,
    env,
    execArgv: [],
    stdout: true,
    stderr: true,
    resourceLimits: { maxOldGenerationSizeMb: Math.max(settings.memoryMb, 128) },
  });
  worker.unref();
  let gone = false;
  let current:
    | { requestId: string; finish(result: { payload: string | undefined } | { error: LambdaError }): void }
    | undefined;
  let markReady: (failure: LambdaError | undefined) => void = () => undefined;
  const ready = new Promise<LambdaError | undefined>((resolve) => {
    markReady = resolve;
  });

  const lose = (error: LambdaError) => {
    gone = true;
    markReady(error);
    current?.finish({ error });
  };

  worker.on("message", (message: FromWorker) => {
    switch (message.kind) {
      case "ready":
        return markReady(undefined);
      case "init-failed":
        return lose(message.error);
      case "crash":
        return lose({ ...message.error, errorType: `Runtime.Unhandled${message.error.errorType}` });
      case "lines":
        return onLines(message.text, message.requestId);
      case "answer":
        return current?.requestId === message.requestId ? current.finish({ payload: message.payload }) : undefined;
      case "error":
        return current?.requestId === message.requestId ? current.finish({ error: message.error }) : undefined;
    }
  });
  worker.on("error", (error: Error) => lose({ errorType: "Runtime.ExitError", errorMessage: error.message }));
  worker.on("exit", (code) =>
    lose({ errorType: "Runtime.ExitError", errorMessage: `Runtime exited with error: exit status ${code}` }),
  );

  const kill = async (reason: string) => {
    lose({ errorType: "Runtime.ExitError", errorMessage: reason });
    await worker.terminate();
  };

  return {
    get busy() {
      return current !== undefined;
    },
    get gone() {
      return gone;
    },
    kill,
    run(invocation) {
      return new Promise<Outcome>((resolve) => {
        let startedMs = performance.now();
        let limit: NodeJS.Timeout | undefined;
        const finish: NonNullable<typeof current>["finish"] = (result) => {
          clearTimeout(limit);
          current = undefined;
          const durationMs = performance.now() - startedMs;
          resolve(
            "error" in result
              ? { ok: false, error: result.error, durationMs }
              : { ok: true, payload: result.payload, durationMs },
          );
        };
        current = { requestId: invocation.requestId, finish };
        limit = setTimeout(() => void kill("The function's module did not load in time."), initLimitMs);
        void ready.then((failure) => {
          if (current?.finish !== finish) return;
          if (failure) return finish({ error: failure });
          clearTimeout(limit);
          startedMs = performance.now();
          limit = setTimeout(() => {
            const seconds = (invocation.timeoutMs / 1000).toFixed(2);
            finish({
              error: { errorType: "Sandbox.Timedout", errorMessage: `Task timed out after ${seconds} seconds` },
            });
            void kill("timed out");
          }, invocation.timeoutMs);
          worker.postMessage(invocation);
        });
      });
    },
  };
}
