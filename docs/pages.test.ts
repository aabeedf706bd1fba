import { existsSync, globSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { connectRequestSchema } from "../functions/connect-shop/connect-shop.ts";
import { planRequestSchema } from "../functions/plan-command/plan-command.ts";
import { setRulesRequestSchema } from "../functions/set-rules/set-rules.ts";

const root = join(import.meta.dirname, "..");
const textOf = (file: string) => readFileSync(join(root, file), "utf8");
const pages = globSync(["*.md", "{docs,connectors,local,bench}/**/*.md"], { cwd: root });

/** As GitHub makes the anchor of a heading. */
const anchorOf = (heading: string) =>
  heading
    .trim()
    .toLowerCase()
    .replace(/[^\p{L}\p{N}_ -]/gu, "")
    .replaceAll(" ", "-");
const anchorsIn = (file: string) =>
  [...textOf(file).matchAll(/^#+ (.+)$/gm)].map(([, heading = ""]) => anchorOf(heading));

describe.each(pages)("%s", (page) => {
  it("links only to what is there", () => {
    const links = [...textOf(page).matchAll(/\]\((?!https?:|mailto:)([^)\s]+)\)/g)].map(([, link = ""]) => link);
    const dead = links.filter((link) => {
      const [path = "", anchor] = link.split("#");
      const file = path ? join(dirname(page), path) : page;
      return !existsSync(join(root, file)) || (anchor !== undefined && !anchorsIn(file).includes(anchor));
    });
    expect(dead).toEqual([]);
  });

  it("names only scripts that package.json has", () => {
    const { scripts } = JSON.parse(textOf("package.json")) as { scripts: Record<string, string> };
    const named = [...textOf(page).matchAll(/\bnpm run ([a-z:]+)/g)].map(([, name = ""]) => name);
    expect(named.filter((name) => !Object.hasOwn(scripts, name))).toEqual([]);
  });
});

describe.each(["README.md", "README.zh-CN.md"])("%s", (page) => {
  it.each([
    "npm ci && npm start",
    "npm ci && npm test",
    "npm start -- --scenario smoke --exit",
  ])("shows %s", (command) => {
    expect(textOf(page)).toContain(command);
  });

  it("names every setting of a deployment", () => {
    const settings = new Set([...textOf("infra/settings.ts").matchAll(/`-c (\w+)=`/g)].map(([, name = ""]) => name));
    expect(settings.size).toBeGreaterThan(5);
    expect([...settings].filter((name) => !textOf(page).includes(`\`${name}\``))).toEqual([]);
  });

  it("shows requests that the functions take", () => {
    const requests = [...textOf(page).matchAll(/^```json\n([\s\S]*?)```/gm)].flatMap(([, block = ""]) =>
      block.split(/\n(?=\{)/).map((text) => JSON.parse(text)),
    );
    const forms = [connectRequestSchema, planRequestSchema, setRulesRequestSchema];
    expect(requests.length).toBeGreaterThanOrEqual(forms.length);
    expect(requests.filter((request) => !forms.some((form) => form.safeParse(request).success))).toEqual([]);
  });

  it("names every function that people invoke", () => {
    expect(["connect-shop", "plan-command", "set-rules"].filter((name) => !textOf(page).includes(name))).toEqual([]);
  });
});
