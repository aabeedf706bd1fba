import { randomUUID } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, inject } from "vitest";
import type { Runtime } from "../../local/runtime/runtime.ts";

/** Closes the book of one stack: nothing was refused, and the calls it was allowed are kept for the judge of all files. */
export function closeRightsBook({ rights }: Pick<Runtime, "rights">): void {
  writeFileSync(join(inject("rightsDir"), `${randomUUID()}.json`), JSON.stringify(rights.allowed()));
  expect(rights.refusals(), "AWS would have refused these").toEqual([]);
}
