import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestProject } from "vitest/node";
import { synthesize } from "../../local/synthesize.ts";

declare module "vitest" {
  interface ProvidedContext {
    /** The cloud assembly that all integration tests run. */
    assemblyDir: string;
  }
}

/** Synthesizes the stack once for all integration tests of a run. */
export default async function setup(project: TestProject): Promise<() => void> {
  const assemblyDir = mkdtempSync(join(tmpdir(), "casebridge-integration-"));
  await synthesize(assemblyDir);
  project.provide("assemblyDir", assemblyDir);
  return () => rmSync(assemblyDir, { recursive: true, force: true });
}
