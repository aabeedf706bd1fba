import { mkdirSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { parseArgs } from "node:util";
import { spreadTable } from "./scale/report.ts";
import { isHot, spreadOf } from "./scale/spread.ts";
import { disturbanceForm } from "./simulation/disturb.ts";
import { marginChart } from "./simulation/margin-chart.ts";
import { play } from "./simulation/play.ts";
import { marginsOf, reportTable, summarize } from "./simulation/report.ts";

const help = `npm run simulate -- --days 7 --cases 2000 --seed 1     play a week on every marketplace and account for each deadline
  --faults sweep-down-6h,platform-outage-6h,lost-answers-6h   disturb it from the third day on
  --chart FILE                                            where the chart of margins goes (default: .local/margins.svg)
  --exit                                                  end when done, which it does anyway
npm run simulate -- --scale 10000 --shops 100000          so many cases a second over so many shops: is any key hot?
  --shards N, --seconds N                                 of the index of what is due (16); how long it is played (60)`;

const values = readArguments();
if (values.help) console.log(help);
else if (values.scale !== undefined) scale();
else await simulate();

function readArguments() {
  const number = { type: "string" } as const;
  try {
    return parseArgs({
      options: {
        days: { ...number, default: "7" },
        cases: { ...number, default: "2000" },
        seed: { ...number, default: "1" },
        faults: { type: "string", default: "" },
        chart: { type: "string", default: ".local/margins.svg" },
        exit: { type: "boolean" },
        scale: number,
        shops: { ...number, default: "100000" },
        shards: { ...number, default: "16" },
        seconds: { ...number, default: "60" },
        help: { type: "boolean" },
      },
    }).values;
  } catch (fault) {
    return stop(fault instanceof Error ? fault.message : String(fault));
  }
}

async function simulate(): Promise<void> {
  const faults = values.faults.split(",").filter(Boolean);
  const unknown = faults.find((each) => !disturbanceForm.test(each));
  if (unknown) stop(`There is no disturbance ${unknown}.`);
  const wishes = { days: whole("days", 60), cases: whole("cases", 100_000), seed: whole("seed", 1_000_000), faults };
  const startedAt = Date.now();
  const tell = (line: string) => console.log(`[${((Date.now() - startedAt) / 1000).toFixed(1)} s] ${line}`);

  const played = await play({ ...wishes, tell });
  console.log(reportTable(played));
  for (const caseId of played.unheard.slice(0, 20)) tell(`the platform says a clock ran out, we never did: ${caseId}`);
  for (const { name, visible } of played.deadLetters) tell(`${visible} left in ${name}`);
  mkdirSync(dirname(values.chart), { recursive: true });
  writeFileSync(
    values.chart,
    marginChart(marginsOf(played), `${wishes.cases} cases, ${wishes.days} days: time left when answered`),
  );
  const summary = summarize(played);
  tell(
    `${played.cases.length} cases, ${played.calls.reduce((sum, { calls }) => sum + calls, 0)} AWS calls; chart in ${values.chart}`,
  );
  const { user, system } = process.cpuUsage();
  tell(`${((user + system) / 1e6).toFixed(0)} s of this process's CPU`);
  console.log(JSON.stringify(summary));
  process.exitCode = summary.unnoticed === 0 && played.cases.length > 0 ? 0 : 1;
}

/** Only counts; nothing runs. */
function scale(): void {
  const wishes = {
    casesPerSecond: whole("scale", 100_000),
    shops: whole("shops", 1_000_000),
    shards: whole("shards", 4096),
    seconds: whole("seconds", 600),
    seed: whole("seed", 1_000_000),
  };
  const spreads = spreadOf(wishes);
  console.log(spreadTable(spreads));
  const hot = spreads.filter(isHot).map(({ what }) => what);
  console.log(JSON.stringify({ ...wishes, hot }));
  process.exitCode = hot.length === 0 ? 0 : 1;
}

type Numbers = "days" | "cases" | "seed" | "scale" | "shops" | "shards" | "seconds";

function whole(name: Numbers, most: number): number {
  const value = Number(values[name]);
  if (!Number.isInteger(value) || value < 1 || value > most) stop(`--${name} is a whole number from 1 to ${most}.`);
  return value;
}

function stop(why: string): never {
  console.error(`${why}\n\n${help}`);
  process.exit(2);
}
