import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { type Channel, channels } from "#shared/case/channel.ts";
import { type Measured, measure } from "./cost/measure.ts";
import { costTable, summaryOf } from "./cost/report.ts";
import { synthesize } from "./synthesize.ts";

const help = `npm run cost                                    what a million cases of six changes cost, by counted AWS requests
  --channels douyin,shopify                     only these
  --rounds N                                    every plan of a channel N times (default: 1)`;

const values = readArguments();
if (values.help) console.log(help);
else await run(chosen(values.channels), Number(values.rounds));

async function run(wanted: readonly Channel[], rounds: number): Promise<void> {
  const startedAt = Date.now();
  const tell = (line: string) => console.log(`[${((Date.now() - startedAt) / 1000).toFixed(1)} s] ${line}`);
  const assemblyDir = mkdtempSync(join(tmpdir(), "casebridge-cost-"));
  try {
    await synthesize(assemblyDir, { sweepMinutes: "5" });
    const measured: Measured[] = [];
    for (const channel of wanted) measured.push(await measure(channel, { assemblyDir, rounds, tell }));
    for (const each of measured) console.log(costTable(each));
    console.log(JSON.stringify(summaryOf(measured)));
  } finally {
    rmSync(assemblyDir, { recursive: true, force: true });
  }
}

function readArguments() {
  try {
    return parseArgs({
      options: {
        channels: { type: "string", default: channels.join(",") },
        rounds: { type: "string", default: "1" },
        help: { type: "boolean" },
      },
    }).values;
  } catch (fault) {
    return stop(fault instanceof Error ? fault.message : String(fault));
  }
}

function chosen(text: string): Channel[] {
  const wanted = text.split(",");
  const unknown = wanted.find((each) => !channels.some((channel) => channel === each));
  if (unknown !== undefined) stop(`There is no channel ${unknown}. There are: ${channels.join(", ")}.`);
  const rounds = Number(values.rounds);
  if (!Number.isInteger(rounds) || rounds < 1 || rounds > 100) stop("--rounds is a whole number from 1 to 100.");
  return channels.filter((channel) => wanted.includes(channel));
}

function stop(why: string): never {
  console.error(`${why}\n\n${help}`);
  process.exit(2);
}
