import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import * as z from "zod";

const packageSchema = z.object({
  version: z.string().optional(),
  license: z.string().optional(),
  integrity: z.string().optional(),
  /** Comes inside the package that holds it, whose hash covers it. */
  inBundle: z.boolean().default(false),
  dev: z.boolean().default(false),
  hasInstallScript: z.boolean().default(false),
});
const lockSchema = z.object({ packages: z.record(z.string(), packageSchema) });
const manifestSchema = z.object({
  dependencies: z.record(z.string(), z.string()),
  devDependencies: z.record(z.string(), z.string()),
  optionalDependencies: z.record(z.string(), z.string()),
});

const read = (name: string): unknown => JSON.parse(readFileSync(join(import.meta.dirname, "..", name), "utf8"));
const { "": root, ...packages } = lockSchema.parse(read("package-lock.json")).packages;
const manifest = manifestSchema.parse(read("package.json"));
const nameOf = (path: string) => path.split("node_modules/").at(-1) ?? path;

/** Terms under which others' code may be part of what is deployed or what runs beside it: none asks for ours in return. */
const allowed = new Set([
  ...["MIT", "Apache-2.0", "ISC", "BSD-2-Clause", "BSD-3-Clause", "0BSD", "Unlicense", "BlueOak-1.0.0"],
  "(MIT OR Apache-2.0)",
  // Data of holidays, named in its own notice.
  "(ISC AND CC-BY-3.0)",
  // A port of Python's argparse.
  "PSF-2.0",
]);

/** What may run a script of its own while it is installed, each for a reason. */
const mayRunScripts: Readonly<Record<string, string>> = {
  node: "fetches the Node that this project runs on",
  esbuild: "checks the binary that came with it",
  fsevents: "only on macOS",
};

describe("what others wrote and we use", () => {
  it("comes, where it is part of what runs, under a licence of the list", () => {
    const production = Object.entries(packages).filter(([, { dev }]) => !dev);
    expect(production.length).toBeGreaterThan(20);
    const others = production.filter(([, { license }]) => !allowed.has(license ?? ""));
    expect(others.map(([path, { license }]) => `${nameOf(path)}: ${license}`)).toEqual([]);
  });

  it("is asked for in one exact version each", () => {
    const asked = [manifest.dependencies, manifest.devDependencies, manifest.optionalDependencies].flatMap(
      Object.entries,
    );
    expect(asked.filter(([, version]) => !/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(version))).toEqual([]);
    expect(root).toBeDefined();
    const drifted = asked.filter(([name, version]) => packages[`node_modules/${name}`]?.version !== version);
    expect(drifted).toEqual([]);
  });

  it("is known by the hash of its content", () => {
    const unknown = Object.entries(packages).filter(
      ([, { integrity, inBundle }]) => !inBundle && !/^sha512-/.test(integrity ?? ""),
    );
    expect(unknown.map(([path]) => path)).toEqual([]);
  });

  it("runs no script when it is installed, but for a few that need one", () => {
    const running = Object.entries(packages).filter(([, { hasInstallScript }]) => hasInstallScript);
    expect(running.map(([path]) => nameOf(path)).filter((name) => !(name in mayRunScripts))).toEqual([]);
  });
});
