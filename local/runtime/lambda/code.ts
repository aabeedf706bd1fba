import { existsSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Resource } from "../assembly/resolve-template.ts";

/** The folder that holds a function's code. Inline code is written to a folder of its own. */
export function codePathOf(
  resource: Resource,
  code: { S3Key?: string; ZipFile?: string },
  assetPaths: Map<string, string>,
): string {
  if (code.ZipFile !== undefined) {
    const folder = mkdtempSync(join(tmpdir(), "casebridge-inline-"));
    writeFileSync(join(folder, "index.js"), code.ZipFile);
    return folder;
  }
  const folder = assetPaths.get(code.S3Key ?? "");
  if (!folder || !existsSync(folder)) {
    throw new Error(`${resource.stack}/${resource.logicalId} has no code in the cloud assembly (asset ${code.S3Key}).`);
  }
  return folder;
}

/**
 * Lambda sees no package.json above a bundle, so its `.js` is CommonJS. An assembly inside a project of modules would
 * make Node read it as a module; an empty package.json at the assembly's root ends that search.
 */
export function shieldFromProject(assemblyDir: string) {
  const file = join(assemblyDir, "package.json");
  if (!existsSync(file)) writeFileSync(file, "{}\n");
}
