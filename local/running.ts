import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import * as z from "zod";

const runningSchema = z.strictObject({
  pid: z.int(),
  operatorUrl: z.url(),
  issuerUrl: z.url(),
  /** Where its AWS is. */
  gatewayUrl: z.url(),
  tenantId: z.string(),
  /** Where each channel's pushes go, and the demo shop they speak of. */
  webhooks: z.record(z.string(), z.strictObject({ url: z.url(), shopId: z.string() })),
});
export type Running = z.infer<typeof runningSchema>;

/** Beside the checkout's other leftovers, which git ignores. */
export const runningFile = ".local/running.json";

/** Leaves word of a running stack for the command line. Readable for its owner only. */
export function announce(running: Running, file = runningFile): () => void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, `${JSON.stringify(running, null, 2)}\n`, { mode: 0o600 });
  return () => rmSync(file, { force: true });
}

/** The stack that runs on this machine, or undefined when none does. */
export function findRunning(file = runningFile): Running | undefined {
  try {
    const running = runningSchema.parse(JSON.parse(readFileSync(file, "utf8")));
    process.kill(running.pid, 0); // throws when the process is gone: a killed stack leaves its file behind
    return running;
  } catch {
    return undefined;
  }
}
