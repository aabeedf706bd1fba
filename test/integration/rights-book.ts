import { randomUUID } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, inject } from "vitest";
import type { Runtime } from "../../local/runtime/runtime.ts";

/** Closes the book of one stack: nothing was refused, and what it was allowed is kept for the sum over all files. */
export function closeRightsBook({ rights }: Pick<Runtime, "rights">): void {
  writeFileSync(join(inject("rightsDir"), `${randomUUID()}.json`), JSON.stringify(rights.grants()));
  expect(rights.refusals(), "AWS would have refused these").toEqual([]);
}
