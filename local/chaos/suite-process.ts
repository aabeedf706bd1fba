import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import type { Faults } from "../runtime/gateway/faults.ts";
import type { Ask, Injected, Look, ProcessOptions, Started, Told } from "./talk.ts";

/** Casebridge in a process of its own. Whatever is asked of it rejects when it dies. */
export interface SuiteProcess extends Started {
  /** Moves its clock and waits until it is at rest. Returns the faults it has met since its start. */
  advance(to: Date): Promise<Injected>;
  inject(faults: Faults): Promise<void>;
  /** Every call to the table by this function fails, and nothing else. */
  cutOff(functionName: string): Promise<void>;
  call(functionName: string, request: unknown): Promise<unknown>;
  look(): Promise<Look>;
  /** SIGKILL, whatever it is doing. */
  kill(): Promise<void>;
  /** In order. */
  stop(): Promise<void>;
}

/** A step that takes longer than this hangs. */
const limitMs = 180_000;

export async function startSuiteProcess(options: ProcessOptions): Promise<SuiteProcess> {
  const child = fork(new URL("./child.ts", import.meta.url), {
    stdio: ["ignore", "ignore", "pipe", "ipc"],
    execArgv: [],
  });
  const exit = once(child, "exit");
  const ask = speakWith(child);
  const kill = async () => {
    child.kill("SIGKILL");
    await exit;
  };
  try {
    const started = (await ask({ what: "start", options })) as Started;
    return {
      ...started,
      advance: async (to) => (await ask({ what: "advance", toMs: to.getTime() })) as Injected,
      inject: async (faults) => void (await ask({ what: "inject", faults })),
      cutOff: async (functionName) => void (await ask({ what: "cut-off", functionName })),
      call: (functionName, request) => ask({ what: "call", functionName, request }),
      look: async () => (await ask({ what: "look" })) as Look,
      kill,
      async stop() {
        await ask({ what: "stop" });
        await exit;
      },
    };
  } catch (fault) {
    await kill();
    throw fault;
  }
}

function speakWith(child: ChildProcess): (ask: Ask) => Promise<unknown> {
  let said = "";
  let last = 0;
  const waiting = new Map<number, { resolve(value: unknown): void; reject(fault: Error): void }>();
  child.stderr?.on("data", (chunk: Buffer) => {
    said = (said + chunk.toString()).slice(-4000);
  });
  child.on("message", (told: Told) => {
    const asked = waiting.get(told.id);
    waiting.delete(told.id);
    if ("fault" in told) asked?.reject(new Error(told.fault));
    else asked?.resolve(told.value);
  });
  child.on("exit", (code, signal) => {
    for (const { reject } of waiting.values()) reject(new Error(`the process ended (${signal ?? code}): ${said}`));
    waiting.clear();
  });
  return (ask) =>
    new Promise((resolve, reject) => {
      if (child.exitCode !== null || child.signalCode !== null) return reject(new Error("the process has ended"));
      const id = ++last;
      const timer = setTimeout(() => {
        waiting.delete(id);
        reject(new Error(`no answer to ${ask.what} within ${limitMs / 1000} s: ${said}`));
      }, limitMs);
      const settle =
        <Value>(then: (value: Value) => void) =>
        (value: Value) => {
          clearTimeout(timer);
          then(value);
        };
      waiting.set(id, { resolve: settle(resolve), reject: settle(reject) });
      child.send({ id, ask }, (fault) => {
        if (fault) waiting.get(id)?.reject(fault);
      });
    });
}
