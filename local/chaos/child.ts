import { createClock, type MovableClock } from "../clock.ts";
import { type Suite, startSuite } from "../suite.ts";
import type { Ask, Injected, Look, ProcessOptions, Started, Told } from "./talk.ts";

// The process that is killed: Casebridge alone on its kept data, moved and disturbed by its parent.

let suite: Suite | undefined;
let clock: MovableClock | undefined;

async function start({ assemblyDir, dataDir, startMs, maxThreads, channels }: ProcessOptions): Promise<Started> {
  clock = createClock({ start: new Date(startMs), mode: "moved" });
  suite = await startSuite({ clock, dataDir, assemblyDir, maxThreads });
  const { runtime } = suite;
  for (const { channel, settings } of channels) suite.introduce(channel, settings);
  runtime.open();
  for (const { channel, shop } of channels) await suite.connect(channel, shop);
  const [tableName = ""] = runtime.tables;
  return {
    gatewayUrl: runtime.gatewayUrl,
    tableName,
    webhookUrls: Object.fromEntries(channels.map(({ channel }) => [channel, webhookUrlIn(suite, channel)])),
  };
}

const webhookUrlIn = (from: Suite | undefined, channel: string) => from?.webhookUrl(channel) ?? "";

async function carryOut(ask: Ask): Promise<unknown> {
  if (ask.what === "start") return start(ask.options);
  if (!suite || !clock) throw new Error("start comes first");
  const { runtime } = suite;
  switch (ask.what) {
    case "advance":
      await clock.advanceTo(new Date(ask.toMs));
      return runtime.injected() satisfies Injected;
    case "inject":
      return runtime.inject(ask.faults);
    case "cut-off": {
      const callers = runtime.functions.map(({ name }) => name).filter((each) => each.endsWith(`-${ask.functionName}`));
      if (callers.length === 0) throw new Error(`The stack has no function ${ask.functionName}.`);
      return runtime.inject({ failing: 1, callers, services: ["dynamodb"] });
    }
    case "call":
      return suite.call(ask.functionName, ask.request);
    case "look":
      return look(suite);
    case "stop":
      await suite.stop();
      setImmediate(() => process.exit(0)); // after the answer has left
      return undefined;
  }
}

function look({ runtime }: Suite): Look {
  return {
    alarms: runtime.alarms.list().flatMap(({ name, state }) => (state === "ALARM" ? [name] : [])),
    raised: runtime.alarms.changes.flatMap(({ name, to }) => (to === "ALARM" ? [name] : [])),
    queues: runtime
      .queues()
      .map(({ name, visible, delayed, inFlight }) => ({ name, visible, waiting: delayed + inFlight })),
    refusals: runtime.rights.refusals().map(({ who, action, resource }) => `${who} ${action} on ${resource}`),
  };
}

process.on("message", ({ id, ask }: { id: number; ask: Ask }) => {
  const tell = (told: Told) => process.send?.(told);
  carryOut(ask).then(
    (value) => tell({ id, value }),
    (fault: unknown) => tell({ id, fault: fault instanceof Error ? (fault.stack ?? fault.message) : String(fault) }),
  );
});
// Whoever asked is gone: nobody would ever end this.
process.on("disconnect", () => process.exit(1));
