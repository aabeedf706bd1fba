import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { GrantUse } from "../../local/runtime/access/grants.ts";
import { excused, excuseOf } from "./rights-excused.ts";

/**
 * Judges the books of a whole run. A grant is needed if some call was allowed by nothing else: take it away, and that call
 * is refused, and the file that made it fails. @throws Error with each grant that no test would miss
 */
export function judgeRightsBooks(rightsDir: string): void {
  const needed = new Map<string, boolean>();
  for (const file of readdirSync(rightsDir)) {
    const book = JSON.parse(readFileSync(join(rightsDir, file), "utf8")) as GrantUse[];
    for (const use of book) needed.set(use.name, use.needed || needed.get(use.name) === true);
  }
  const missedByNobody = [...needed].filter(([name, isNeeded]) => !isNeeded && !excuseOf(name)).map(([name]) => name);
  const idleExcuses = excused.filter(([pattern]) => ![...needed.keys()].some((name) => pattern.test(name)));
  const complaints = [
    ...missedByNobody.map((name) => `No test would miss that ${name}.`),
    ...idleExcuses.map(([pattern]) => `test/integration/rights-excused.ts excuses ${pattern}, which nobody is given.`),
  ];
  if (complaints.length === 0) return;
  const todo = "Take the right away in infra/, write the test that needs it, or excuse it with a reason:";
  throw new Error([todo, ...complaints].join("\n"));
}
