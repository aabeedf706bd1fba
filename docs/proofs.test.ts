import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";

const root = join(import.meta.dirname, "..");
const page = readFileSync(join(root, "docs/proofs.md"), "utf8");
const rows = page.split("\n").filter((line) => /^\| R\d+ \|/.test(line));
const named = (text: string) => [...text.matchAll(/`([^`]+)`/g)].map(([, name = ""]) => name);

it("has a row for each promise, R1 to R15", () => {
  expect(rows.map((row) => row.split(" | ")[0])).toEqual(Array.from({ length: 15 }, (_, index) => `| R${index + 1}`));
});

it.each(rows)("shows each promise by what is there, and says how far: %s", (row) => {
  const [, , by = "", , seen = ""] = row.split(" | ");
  expect(seen).toMatch(/^(proven|in part|not proven)( \([\d-]+\))?: /);
  expect(named(by).length).toBeGreaterThan(0);
  const files = named(by).filter((name) => !name.startsWith("npm "));
  expect(files.filter((file) => !existsSync(join(root, file)))).toEqual([]);
});

it("names only files and scripts that are there", () => {
  const { scripts } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as { scripts: object };
  const commands = [...page.matchAll(/`npm (?:run )?([a-z:]+)/g)].map(([, name = ""]) => name);
  expect(commands.filter((name) => !Object.hasOwn(scripts, name))).toEqual([]);
  const files = named(page).filter((name) => name.includes("/") && name.endsWith(".ts"));
  expect(files.length).toBeGreaterThan(15);
  expect(files.filter((file) => !existsSync(join(root, file)))).toEqual([]);
});
