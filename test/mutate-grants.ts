import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Removal } from "../local/runtime/access/take-away.ts";
import { synthesize } from "../local/synthesize.ts";
import { complaintsAbout, needlessExcuses, removalsOf } from "./integration/judge-rights.ts";
import { excuseOf } from "./integration/rights-excused.ts";

// Takes every grant of every function away, one at a time, and expects some call of the integration tests to be refused.
// The tests run once and leave the calls they were allowed; those are judged again for each grant by the same judge.
// `--calls <folder>` takes the calls that an earlier run left there, as it does with CASEBRIDGE_ALLOWED_CALLS=<folder>.

const root = join(import.meta.dirname, "..");
const scratch = mkdtempSync(join(tmpdir(), "casebridge-grants-"));
const at = process.argv.indexOf("--calls");
const given = at < 0 ? undefined : process.argv[at + 1];

function callsOfOneRun(): string {
  const folder = join(scratch, "calls");
  mkdirSync(folder);
  const { status } = spawnSync(
    process.execPath,
    ["node_modules/vitest/vitest.mjs", "run", "--project", "integration"],
    {
      cwd: root,
      env: { ...process.env, CASEBRIDGE_ALLOWED_CALLS: folder },
      stdio: ["ignore", "inherit", "inherit"],
    },
  );
  if (status !== 0) throw new Error("The integration tests fail with every grant in its place; mend that first.");
  return folder;
}

function report(removals: readonly Removal[]): void {
  const byHolder = Map.groupBy(removals, ({ grant }) => grant.split(" may ")[0] ?? "");
  for (const [holder, own] of byHolder) {
    const missed = own.filter(({ refused }) => refused.length > 0);
    const excused = own.filter(({ grant, refused }) => refused.length === 0 && excuseOf(grant));
    const line = `${holder.padEnd(44)} ${String(own.length).padStart(3)} grants, ${missed.length} missed by calls`;
    console.log(excused.length > 0 ? `${line}, ${excused.length} excused` : line);
    if (!process.argv.includes("--each")) continue;
    for (const { grant, refused } of own)
      console.log(`  ${String(refused.length).padStart(4)} refused without: ${grant}`);
  }
}

try {
  const rightsDir = given ?? callsOfOneRun();
  if (readdirSync(rightsDir).length === 0) throw new Error(`${rightsDir} holds no calls.`);
  const assemblyDir = join(scratch, "cdk.out");
  await synthesize(assemblyDir);
  const removals = removalsOf({ rightsDir, assemblyDir });
  report(removals);
  const complaints = complaintsAbout(removals);
  for (const each of complaints) console.log(each);
  for (const pattern of needlessExcuses(removals)) console.log(`No excuse is needed here for ${pattern}.`);
  const missed = removals.filter(({ refused }) => refused.length > 0).length;
  console.log(
    complaints.length === 0
      ? `${missed} of ${removals.length} grants are missed when they are gone; each other one is excused with a reason`
      : `${complaints.length} of ${removals.length} grants or excuses are needed by nobody`,
  );
  process.exitCode = complaints.length === 0 ? 0 : 1;
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
