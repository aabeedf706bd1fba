import type { Channel } from "#shared/case/channel.ts";
import { metricNamespaceOf } from "#shared/metrics.ts";
import { createClock } from "../clock.ts";
import { staffRound } from "../demo-staff.ts";
import { drain } from "../referee.ts";
import type { CallCount } from "../runtime/gateway/counts.ts";
import type { Runtime } from "../runtime/runtime.ts";
import { type LocalStack, startStack } from "../stack.ts";
import { between, times, type Usage, usageOf } from "./bill.ts";

const start = new Date("2026-11-25T00:00:00.000Z");
const minuteMs = 60_000;
const minutes = 360;
/** As in the smoke scenario: a return comes full circle in a working day. Nearly every message then travels alone. */
const pace = 1 / 30;
const staffEveryMinutes = 20;
const context = { sweepMinutes: "5" };
/** The stamp of each line, which the local runtime does not write. */
const lineOverheadBytes = 26;

export interface Measured {
  channel: Channel;
  cases: number;
  /** Saved facts from the channel that were new: cases opened and cases changed. */
  changes: number;
  /** Calls to the marketplace. */
  outbound: number;
  /** What the cases used, without what the stack uses while nothing happens. */
  used: Usage;
  /** What the stack with this one shop uses in an hour in which nothing happens. */
  idleHour: Usage;
  /** Write units by function and operation, most first; what the stack writes by itself is in it. */
  writers: { caller: string; operation: string; writeUnits: number }[];
}

/** Plays every plan of one channel on a stack of its own, and counts at the gateway what the cases used. */
export async function measure(
  channel: Channel,
  { assemblyDir, rounds, tell }: { assemblyDir: string; rounds: number; tell: (line: string) => void },
): Promise<Measured> {
  const clock = createClock({ start, mode: "moved" });
  const stack = await startStack({
    clock,
    assemblyDir,
    context,
    pace,
    channels: [channel],
    maxThreads: 1,
    watch: false,
  });
  const meter = createMeter(stack.runtime);
  try {
    await drain(stack);
    const atRest = meter.read();
    await stack.runtime.advance(60 * minuteMs);
    const idleHour = between(
      atRest,
      meter.read(),
      usageOf(() => 0),
    );

    const before = {
      usage: meter.read(),
      at: clock.now().getTime(),
      changes: changesOn(stack.runtime, channel),
      counts: stack.runtime.counts(),
    };
    const calls = countCalls(stack);
    await openCases(stack, rounds, calls.look);
    for (let minute = 0; minute < minutes; minute += staffEveryMinutes) {
      await stack.runtime.advance(staffEveryMinutes * minuteMs);
      await staffRound(stack);
      calls.look();
    }
    await drain(stack);
    const writers = writersBetween(before.counts, stack.runtime.counts());
    const passedHours = (clock.now().getTime() - before.at) / (60 * minuteMs);
    const measured = {
      channel,
      cases: stack.markets.flatMap((market) => market.truth()).length,
      changes: changesOn(stack.runtime, channel) - before.changes,
      outbound: calls.look(),
      used: between(before.usage, meter.read(), times(idleHour, passedHours)),
      idleHour,
      writers,
    };
    tell(`${channel}: ${measured.cases} cases, ${measured.changes} changes`);
    return measured;
  } finally {
    meter.end();
    await stack.stop();
  }
}

async function openCases({ shops, runtime }: LocalStack, rounds: number, look: () => void): Promise<void> {
  let seed = 1;
  for (const { market, shopId } of shops) {
    for (let round = 0; round < rounds; round++) {
      for (const plan of Object.keys(market.plans)) {
        await market.openCase({ shopId, plan, seed: seed++ });
        await runtime.advance(minuteMs);
        look();
      }
    }
  }
}

/** Counts calls from now on. A marketplace keeps only the newest, so it has to be looked at often. */
function countCalls({ markets }: LocalStack) {
  const seen = new WeakSet<object>();
  for (const call of markets.flatMap((market) => market.calls)) seen.add(call);
  let count = 0;
  return {
    look(): number {
      for (const call of markets.flatMap((market) => market.calls)) {
        if (seen.has(call)) continue;
        seen.add(call);
        count++;
      }
      return count;
    },
  };
}

function writersBetween(earlier: readonly CallCount[], later: readonly CallCount[]): Measured["writers"] {
  const unitsBefore = (line: CallCount) =>
    earlier.find(
      ({ caller, operation, service }) =>
        [caller, operation, service].join() === [line.caller, line.operation, line.service].join(),
    )?.writeUnits ?? 0;
  return later
    .map((line) => ({
      caller: line.caller,
      operation: line.operation,
      writeUnits: line.writeUnits - unitsBefore(line),
    }))
    .filter(({ writeUnits }) => writeUnits > 0)
    .sort((one, other) => other.writeUnits - one.writeUnits);
}

function createMeter(runtime: Runtime) {
  let logBytes = 0;
  const end = runtime.logs.subscribe(({ source, text }) => {
    if (source !== "local") logBytes += Buffer.byteLength(text) + lineOverheadBytes;
  });
  const memoryOf = new Map(runtime.functions.map(({ name, memoryMb }) => [name, memoryMb]));

  const read = (): Usage => {
    const counts = runtime.counts();
    const calls = (...services: string[]) =>
      counts.filter(({ service }) => services.includes(service)).reduce((sum, each) => sum + each.calls, 0);
    const invocations = sumOf(runtime, "AWS/Lambda", "Invocations", "FunctionName");
    const milliseconds = sumsOf(runtime, "AWS/Lambda", "Duration", "FunctionName");
    const gbSeconds = milliseconds.reduce(
      (sum, { dimensions, value }) =>
        sum + (value / 1000) * ((memoryOf.get(dimensions.FunctionName ?? "") ?? 0) / 1024),
      0,
    );
    const used: Usage = {
      httpRequest: sumOf(runtime, "AWS/ApiGateway", "Count", "ApiId"),
      // What a rule puts into a queue is a request too, and passes no gateway.
      queueRequest: calls("sqs") + sumOf(runtime, "AWS/Events", "Invocations", "RuleName"),
      lambdaRequest: invocations,
      lambdaGbSecond: gbSeconds,
      writeUnit: counts.reduce((sum, { writeUnits }) => sum + writeUnits, 0),
      readUnit: counts.reduce((sum, { readUnits }) => sum + readUnits, 0),
      event: sumOf(runtime, "AWS/Events", "PutEventsEntriesCount", ""),
      keyRequest: calls("kms"),
      secretRequest: calls("secretsmanager"),
      logGigabyte: logBytes / 1e9,
    };
    return used;
  };
  return { read, end };
}

function changesOn(runtime: Runtime, channel: Channel): number {
  const ours = (name: string) =>
    sumsOf(runtime, metricNamespaceOf("dev"), name, "Channel").filter(
      ({ dimensions }) => dimensions.Channel === channel,
    );
  return [...ours("CaseOpened"), ...ours("CaseChanged")].reduce((sum, { value }) => sum + value, 0);
}

const sumOf = (...metric: Parameters<typeof sumsOf>) => sumsOf(...metric).reduce((sum, { value }) => sum + value, 0);

/** The sum of a metric since the start, for each value of the one dimension by which it is looked at. */
function sumsOf({ metrics }: Runtime, namespace: string, name: string, by: string) {
  const to = new Date(start.getTime() + 8 * 86_400_000);
  const periodSeconds = (to.getTime() - start.getTime()) / 1000;
  return metrics
    .list()
    .filter((metric) => metric.namespace === namespace && metric.name === name)
    .filter(({ dimensions }) => Object.keys(dimensions).join() === by)
    .map((metric) => {
      const found = metrics.query({ ...metric, statistic: "Sum", periodSeconds, from: start, to });
      return { dimensions: metric.dimensions, value: [...found.values()].reduce((sum, value) => sum + value, 0) };
    });
}
