import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gates } from "../shared/case/gates.ts";

// Takes the gates of the interlock away, one at a time, and expects the tests to notice. `--gate <name>` tries one alone.

const reportFile = join(mkdtempSync(join(tmpdir(), "interlock-")), "report.json");
const root = join(import.meta.dirname, "..");
const tests = ["shared/case/gates.test.ts", "shared/case/interlock.test.ts", "shared/case/commands.test.ts"];
const only = process.argv[process.argv.indexOf("--gate") + 1];
const names = Object.keys(gates).filter((name) => !process.argv.includes("--gate") || name === only);

/** How many tests fail when this gate lets everything through. */
function failuresWithout(gate: string | undefined): number {
  const { stdout, stderr } = spawnSync(
    process.execPath,
    [
      "node_modules/vitest/vitest.mjs",
      "run",
      "--config",
      "test/mutate-interlock.config.ts",
      "--reporter=json",
      `--outputFile=${reportFile}`,
      ...tests,
    ],
    { cwd: root, encoding: "utf8", env: { ...process.env, OPEN_GATE: gate ?? "" }, maxBuffer: 64 * 1024 * 1024 },
  );
  const report = JSON.parse(readFileSync(reportFile, "utf8")) as { numFailedTests: number; numPassedTests: number };
  rmSync(reportFile);
  if (report.numPassedTests + report.numFailedTests === 0) throw new Error(`no test ran: ${stderr || stdout}`);
  return report.numFailedTests;
}

if (failuresWithout(undefined) > 0) {
  console.error("The tests fail with every gate in its place; mend that first.");
  process.exit(1);
}
const unnoticed: string[] = [];
for (const name of names) {
  const failures = failuresWithout(name);
  console.log(`${name.padEnd(24)} taken away: ${failures} ${failures === 1 ? "test fails" : "tests fail"}`);
  if (failures === 0) unnoticed.push(name);
}
console.log(
  unnoticed.length === 0
    ? `all ${names.length} gates are missed when they are gone`
    : `nobody notices that these are gone: ${unnoticed.join(", ")}`,
);
process.exitCode = unnoticed.length === 0 ? 0 : 1;
