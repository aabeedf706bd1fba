import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { playChaos } from "./chaos/play.ts";
import { reportTables, summarize } from "./chaos/report.ts";
import { synthesize } from "./synthesize.ts";

const help = `npm run chaos -- --minutes 5 --seed 1    minutes of faults and kills, then a reconciliation of every case and refund
  --assembly DIR                         an assembly made before; made anew when left out`;

/** Fewer idle sweeps let more happen in a minute; timers still fire to the second. */
const context = { sweepMinutes: "5" };

const { values } = readArguments();
if (values.help) console.log(help);
else await run();

function readArguments() {
  try {
    return parseArgs({
      options: {
        minutes: { type: "string", default: "5" },
        seed: { type: "string", default: "1" },
        assembly: { type: "string" },
        help: { type: "boolean" },
      },
    });
  } catch (fault) {
    return stop(fault instanceof Error ? fault.message : String(fault));
  }
}

async function run(): Promise<void> {
  const minutes = Number(values.minutes);
  const seed = Number(values.seed);
  if (!(minutes > 0 && minutes <= 60)) stop("--minutes is a number above 0, at most 60.");
  if (!Number.isInteger(seed) || seed < 1 || seed > 1_000_000) stop("--seed is a whole number from 1 to 1000000.");
  const startedAt = Date.now();
  const tell = (line: string) => console.log(`[${((Date.now() - startedAt) / 1000).toFixed(1)} s] ${line}`);
  const assemblyDir = values.assembly ?? mkdtempSync(join(tmpdir(), "casebridge-"));
  try {
    if (!values.assembly) {
      tell("synthesizing the stack");
      await synthesize(assemblyDir, context);
    }
    tell(`seed ${seed}, ${minutes} minutes of faults`);
    const result = await playChaos({ minutes, seed, assemblyDir, tell });
    console.log(reportTables(result));
    for (const { kind, pair, text } of result.findings.slice(0, 20)) {
      tell(
        `seed ${seed}: ${kind}: ${pair ? `${pair.channel} ${pair.truth.channelCaseId} (${pair.truth.plan}): ` : ""}${text}`,
      );
    }
    for (const line of result.story) tell(`  ${line}`);
    for (const each of new Set(result.refusals)) tell(`seed ${seed}: AWS would refuse ${each}`);
    const missing = result.tally.missing();
    if (missing.length > 0) tell(`seed ${seed}: never happened: ${missing.join(", ")}`);
    tell(`${(result.simulatedMs / 3_600_000).toFixed(1)} simulated hours`);
    console.log(JSON.stringify(summarize(result, seed)));
    const isWell = result.findings.length === 0 && missing.length === 0 && result.refusals.length === 0;
    process.exitCode = isWell && result.pairs.length > 0 ? 0 : 1;
  } catch (fault) {
    console.error(`seed ${seed}:`, fault);
    process.exitCode = 1;
  } finally {
    if (!values.assembly) rmSync(assemblyDir, { recursive: true, force: true });
  }
}

function stop(why: string): never {
  console.error(`${why}\n\n${help}`);
  process.exit(2);
}
