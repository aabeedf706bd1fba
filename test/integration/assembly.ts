import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestProject } from "vitest/node";
import { synthesize } from "../../local/synthesize.ts";
import { judgeRightsBooks } from "./judge-rights.ts";

declare module "vitest" {
  interface ProvidedContext {
    /** The cloud assembly that all integration tests run. */
    assemblyDir: string;
    /** Where each file leaves the calls that its stack was allowed. */
    rightsDir: string;
  }
}

/** Synthesizes the stack once for all integration tests of a run, and judges its rights when all of them have run. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const folder = mkdtempSync(join(tmpdir(), "casebridge-integration-"));
  const assemblyDir = join(folder, "cdk.out");
  // Who wants the calls for themselves judges them as well: test/mutate-grants.ts.
  const wantedIn = process.env.CASEBRIDGE_ALLOWED_CALLS;
  const rightsDir = wantedIn ?? join(folder, "rights");
  mkdirSync(rightsDir, { recursive: true });
  await synthesize(assemblyDir);
  project.provide("assemblyDir", assemblyDir);
  project.provide("rightsDir", rightsDir);
  return async () => {
    try {
      if (!wantedIn && (await hasRunWhole(project))) judgeRightsBooks({ rightsDir, assemblyDir });
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  };
}

/** Only the whole suite tells which right nobody needs, and only when all of it got to its end. */
async function hasRunWhole(project: TestProject): Promise<boolean> {
  const { vitest } = project;
  if (vitest.config.testNamePattern || vitest.state.getCountOfFailedTests() > 0) return false;
  const ran = new Set(vitest.state.getTestModules().map(({ moduleId }) => moduleId));
  const { testFiles } = await project.globTestFiles();
  return testFiles.length > 0 && testFiles.every((file) => ran.has(file));
}
