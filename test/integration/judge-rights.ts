import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { AllowedCall } from "../../local/runtime/access/call-book.ts";
import { type Removal, takeEachGrantAway } from "../../local/runtime/access/take-away.ts";
import { readAssembly } from "../../local/runtime/assembly/read-assembly.ts";
import { resolveTemplates } from "../../local/runtime/assembly/resolve-template.ts";
import { excused, excuseOf } from "./rights-excused.ts";

/** Every grant of the template, and which of the calls that a run was allowed are refused without it. */
export function removalsOf({ rightsDir, assemblyDir }: { rightsDir: string; assemblyDir: string }): Removal[] {
  // Addresses stand in no policy, so any will do.
  const place = { region: "us-east-1", gatewayUrl: "http://127.0.0.1", apiUrl: () => "http://127.0.0.1" };
  const resources = resolveTemplates(readAssembly(assemblyDir), place);
  const books = readdirSync(rightsDir).map((file) => JSON.parse(readFileSync(join(rightsDir, file), "utf8")));
  return takeEachGrantAway(resources, (books as AllowedCall[][]).flat());
}

/** What is wrong with them, in sentences: grants that no call misses and no reason excuses, and excuses of what nobody has. */
export function complaintsAbout(removals: readonly Removal[]): string[] {
  const missedByNobody = removals.filter(({ refused }) => refused.length === 0).map(({ grant }) => grant);
  const idle = excused.filter(([pattern]) => !removals.some(({ grant }) => pattern.test(grant)));
  return [
    ...missedByNobody.filter((grant) => !excuseOf(grant)).map((grant) => `No test would miss that ${grant}.`),
    ...idle.map(([pattern]) => `test/integration/rights-excused.ts excuses ${pattern}, which nobody is given.`),
  ];
}

/**
 * Excuses of grants that calls would miss after all. No fault: some tests run only where the platforms' public examples are,
 * and what they need must stay excused elsewhere.
 */
export function needlessExcuses(removals: readonly Removal[]): RegExp[] {
  const missedByNobody = removals.filter(({ refused }) => refused.length === 0);
  return excused
    .map(([pattern]) => pattern)
    .filter((pattern) => !missedByNobody.some(({ grant }) => pattern.test(grant)));
}

/**
 * Judges the books of a whole run: each grant is taken away in turn, and some call must then be refused, which would have
 * failed the file that made it. @throws Error with each grant that no test would miss
 */
export function judgeRightsBooks(place: { rightsDir: string; assemblyDir: string }): void {
  const complaints = complaintsAbout(removalsOf(place));
  if (complaints.length === 0) return;
  const todo = "Take the right away in infra/, write the test that needs it, or excuse it with a reason:";
  throw new Error([todo, ...complaints].join("\n"));
}
