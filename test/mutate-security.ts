import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import {
  appendFileSync,
  cpSync,
  existsSync,
  globSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { parseArgs } from "node:util";
import type { Defence } from "./security/defences/defence.ts";
import { defences } from "./security/defences/index.ts";

// Switches the defences of test/security off, one at a time and in a copy of the tree, and expects each attack that a
// defence holds against to be noticed. `--defence <text>` tries those whose name holds the text. What has been seen is kept
// in `--seen <file>`, so a run that was ended goes on where it was; a change of what is edited, or of the test, makes it
// unseen, and a new file makes all of it so.

const root = join(import.meta.dirname, "..");
const { values } = parseArgs({
  options: {
    defence: { type: "string", default: "" },
    seen: { type: "string", default: join(tmpdir(), "casebridge-mutants.jsonl") },
  },
});
const runWithinMs = 180_000;
const notCopied = new Set(["node_modules", ".git", "cdk.out", ".local", "coverage"]);

interface Tried {
  defence: string;
  attack: string;
  passed: boolean;
}
interface Verdict {
  defence: string;
  digest: string;
  noticed: number;
  unnoticed: string[];
}

/** The tree without what is not ours or is made anew. */
function copyTree(): string {
  const to = mkdtempSync(join(tmpdir(), "casebridge-mutant-"));
  cpSync(root, to, { recursive: true, filter: (from) => !notCopied.has(relative(root, from)) });
  symlinkSync(join(root, "node_modules"), join(to, "node_modules"));
  return to;
}

/** Runs files of test/security in the tree, all of their attacks or those of one defence. */
async function tryAttacks(tree: string, files: readonly string[], defence?: string): Promise<Tried[]> {
  const reportFile = join(tree, "security-report.json");
  rmSync(reportFile, { force: true });
  const only = defence === undefined ? [] : ["-t", defence.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&")];
  const reporting = ["--reporter=json", `--outputFile=${reportFile}`];
  const vitest = ["node_modules/vitest/vitest.mjs", "run", "--project", "unit", "--maxWorkers", "1", ...reporting];
  const running = spawn(
    process.execPath,
    [...vitest, ...only, ...files.map((each) => `test/security/${each}.test.ts`)],
    {
      ...{ cwd: tree, timeout: runWithinMs, stdio: ["ignore", "ignore", "pipe"] },
    },
  );
  let complaints = "";
  running.stderr.setEncoding("utf8").on("data", (text: string) => (complaints += text));
  await new Promise((resolve) => running.on("close", resolve));
  if (!existsSync(reportFile)) throw new Error(`the tests did not end: ${complaints.slice(-2000)}`);
  const report = JSON.parse(readFileSync(reportFile, "utf8")) as Report;
  return report.testResults
    .flatMap(({ assertionResults }) => assertionResults)
    .flatMap(({ ancestorTitles: [, of], title, status }) =>
      of === undefined || !["passed", "failed"].includes(status)
        ? []
        : [{ defence: of, attack: title, passed: status === "passed" }],
    );
}

interface Report {
  testResults: { assertionResults: { ancestorTitles: string[]; title: string; status: string }[] }[];
}

/** The edited texts by file. @throws Error when what is to be replaced does not stand there exactly once. */
function editedBy({ edits }: Defence): Map<string, string> {
  const texts = new Map<string, string>();
  for (const { file, find, put } of edits) {
    const text = texts.get(file) ?? readFileSync(join(root, file), "utf8");
    const found = text.split(find).length - 1;
    if (found !== 1) throw new Error(`${file} holds ${JSON.stringify(find)} ${found} times, and not once`);
    texts.set(
      file,
      text.replace(find, () => put),
    );
  }
  return texts;
}

/** Of everything that the verdict hangs on. */
function digestOf(name: string, defence: Defence): string {
  const hash = createHash("sha256").update(JSON.stringify([name, defence]));
  for (const file of [...new Set(defence.edits.map(({ file }) => file)), `test/security/${defence.suite}.test.ts`])
    hash.update(readFileSync(join(root, file)));
  return hash.digest("hex").slice(0, 16);
}

async function judge(tree: string, name: string, defence: Defence): Promise<Verdict> {
  const edited = editedBy(defence);
  for (const [file, text] of edited) writeFileSync(join(tree, file), text);
  try {
    const tried = (await tryAttacks(tree, [defence.suite], name)).filter((each) => each.defence === name);
    const failed = new Set(tried.filter(({ passed }) => !passed).map(({ attack }) => attack));
    const unnoticed = (attacksBy.get(name) ?? []).filter((attack) => !failed.has(attack));
    return { defence: name, digest: digestOf(name, defence), noticed: failed.size, unnoticed };
  } finally {
    for (const file of edited.keys()) cpSync(join(root, file), join(tree, file));
  }
}

function show({ defence, noticed, unnoticed }: Verdict): void {
  console.log(`${unnoticed.length === 0 ? "noticed " : "SURVIVES"}  ${String(noticed).padStart(3)}  ${defence}`);
  for (const attack of unnoticed) console.log(`               not noticed: ${attack}`);
}

const all = globSync("*.test.ts", { cwd: join(root, "test/security") }).map((file) => file.replace(".test.ts", ""));
const wanted = Object.entries(defences).filter(([name]) => name.includes(values.defence));
for (const [, defence] of wanted) editedBy(defence);
const trees = [copyTree(), copyTree()];
const attacksBy = new Map<string, string[]>();
const verdicts: Verdict[] = [];
try {
  const [first = ""] = trees;
  const suites = values.defence === "" ? all : [...new Set(wanted.map(([, { suite }]) => suite))];
  const whole = await tryAttacks(first, suites);
  for (const { defence, attack } of whole) attacksBy.set(defence, [...(attacksBy.get(defence) ?? []), attack]);
  const broken = whole.filter(({ passed }) => !passed);
  const nameless = [...attacksBy.keys()].filter((name) => !Object.hasOwn(defences, name));
  const idle = wanted.filter(([name]) => !attacksBy.has(name)).map(([name]) => name);
  if (broken.length + nameless.length + idle.length > 0) {
    for (const { attack } of broken) console.error(`fails with every defence in its place: ${attack}`);
    for (const name of nameless) console.error(`no way is known to switch off: ${name}`);
    for (const name of idle) console.error(`holds against no attack: ${name}`);
    throw new Error("mend that first");
  }

  const seen = existsSync(values.seen) ? readFileSync(values.seen, "utf8").split("\n").filter(Boolean) : [];
  const known = new Map(seen.map((line) => JSON.parse(line) as Verdict).map((each) => [each.digest, each]));
  const left = wanted.filter(([name, defence]) => {
    const verdict = known.get(digestOf(name, defence));
    if (!verdict || verdict.unnoticed.length > 0) return true;
    verdicts.push(verdict);
    show(verdict);
    return false;
  });
  await Promise.all(
    trees.map(async (tree) => {
      for (let next = left.shift(); next; next = left.shift()) {
        const verdict = await judge(tree, ...next);
        verdicts.push(verdict);
        appendFileSync(values.seen, `${JSON.stringify(verdict)}\n`);
        show(verdict);
      }
    }),
  );
} finally {
  for (const tree of trees) rmSync(tree, { recursive: true, force: true });
}
const survivors = verdicts.filter(({ unnoticed }) => unnoticed.length > 0);
const attacks = wanted.flatMap(([name]) => attacksBy.get(name) ?? []).length;
const noticed = attacks - survivors.flatMap(({ unnoticed }) => unnoticed).length;
console.log(
  `${verdicts.length} defences switched off, ${survivors.length} not missed; ${noticed} of ${attacks} attacks noticed`,
);
process.exitCode = survivors.length === 0 ? 0 : 1;
