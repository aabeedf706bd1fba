import { type ChildProcess, fork } from "node:child_process";
import { mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { createAmazon } from "../local/marketplaces/amazon/index.ts";
import { ManualClock } from "../local/marketplaces/kit/manual-clock.ts";
import type { Progress, ReaderTask } from "./amazon-report-reader.ts";
import { report } from "./measure.ts";

const rowCount = 200_000;
const mebibyte = 1024 * 1024;
/** Of a function with 256 MiB, what is left beside code, buffers and the runtime. */
const heapMebibytes = 96;

/**
 * A returns report of 200,000 rows, from the simulator's gateway through the connector and the work of poll-channel, page
 * by page, in a process of its own that is killed halfway and begun again. Memory is the largest resident set of either
 * process; its floor is that of one that loads the same and reads an empty report. The floor of the time is the download,
 * fetched and inflated once.
 */
export async function benchAmazonReport(): Promise<void> {
  const clock = new ManualClock("2026-03-01T00:00:00Z");
  const market = createAmazon({ clock }, { reportTakesMs: 0, addressLifeMs: 86_400_000 });
  await market.start();
  const empty = await market.openShop("nothing comes back");
  const full = await market.openShop("everything comes back");
  for (let seed = 0; seed < rowCount; seed++) market.ask({ shopId: full.shopId, plan: "by hand", seed });
  const folder = mkdtempSync(join(tmpdir(), "casebridge-report-"));
  const taskOf = (name: string, { shopId, credentials }: typeof full): ReaderTask => ({
    ...{ shopId, credentials, app: market.appSettings(), now: clock.now().toISOString() },
    bookmarkFile: join(folder, `${name}.json`),
    noticesFile: join(folder, `${name}.txt`),
  });

  const floor = await read(taskOf("floor", empty));
  const task = taskOf("report", full);
  const startedAt = performance.now();
  const first = await read(task, { killAfter: rowCount / 2 });
  const { address } = JSON.parse(readFileSync(task.bookmarkFile, "utf8")) as { address: string };
  const second = await read(task);
  const seconds = (performance.now() - startedAt) / 1000;
  const seen = readFileSync(task.noticesFile, "utf8").trimEnd().split("\n");
  // A page whose bookmark was not kept comes again; nothing may be left out.
  if (new Set(seen).size !== rowCount) throw new Error(`${new Set(seen).size} of ${rowCount} returns have arrived`);
  const peak = Math.max(first.residentBytes, second.residentBytes) / mebibyte;
  const least = floor.residentBytes / mebibyte;
  report({ name: "amazon.report.resident", value: peak, unit: "MiB", floor: least, ratio: peak / least });
  const again = seen.length - rowCount;
  report({ name: "amazon.report.repeated", value: again, unit: "rows", floor: 0, ratio: again / rowCount });
  const downloaded = await secondsOfDownload(address);
  report({ name: "amazon.report.time", value: seconds, unit: "s", floor: downloaded, ratio: seconds / downloaded });
  await market.stop();
}

/** Runs a reader until it rests, or until it is killed. */
async function read(task: ReaderTask, { killAfter = Number.POSITIVE_INFINITY } = {}): Promise<Progress> {
  const child: ChildProcess = fork(join(import.meta.dirname, "amazon-report-reader.ts"), [JSON.stringify(task)], {
    execArgv: [`--max-old-space-size=${heapMebibytes}`, "--max-semi-space-size=4"],
    stdio: ["ignore", "ignore", "inherit", "ipc"], // its log lines are no figures
  });
  let last: Progress = { rows: 0, residentBytes: 0 };
  child.on("message", (told) => {
    last = told as Progress;
    if (last.rows >= killAfter) child.kill("SIGKILL");
  });
  const code = await new Promise<number | null>((resolve) => child.on("exit", resolve));
  if (code !== 0 && last.rows < killAfter) throw new Error(`the reader ended with ${code}`);
  return last;
}

/** How long the same bytes take to be fetched and inflated when nobody looks at them. */
async function secondsOfDownload(address: string): Promise<number> {
  const startedAt = performance.now();
  const response = await fetch(address);
  gunzipSync(await response.arrayBuffer());
  return (performance.now() - startedAt) / 1000;
}
