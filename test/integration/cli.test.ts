import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { runCli } from "../../local/cli/run.ts";
import { announce, findRunning } from "../../local/running.ts";
import { ours, theirs, useOperators } from "./operators.ts";

const world = useOperators();
const page = join(import.meta.dirname, "../../docs/cli.md");

beforeAll(async () => {
  const { openCase } = world();
  await openCase(ours);
  const type = { known: true, value: "refund_only", raw: "1" } as const;
  await openCase(ours, { facts: { type, orders: [{ orderId: "6935" }] } });
  await openCase(theirs);
});

/** One command line of an admin at Acme, as typed. */
async function typed(line: string, environment: NodeJS.ProcessEnv = {}) {
  const said: string[] = [];
  const say = (text: string) => said.push(text);
  const token = await world().issuer.tokenFor({ tenantId: ours, role: "admin", personId: "lin" });
  const set = { CASEBRIDGE_URL: world().url, CASEBRIDGE_TOKEN: token, ...environment };
  const code = await runCli(line.split(" "), { environment: set, print: say, complain: say });
  return { code, text: said.join("\n") };
}

// In this order: the page shows the things as they were opened.
describe("the command line", { shuffle: false }, () => {
  it("docs/cli.md shows what the command line prints; else run this test with WRITE_DOCS=1", async () => {
    const before = readFileSync(page, "utf8");
    let renewed = "";
    for (const part of before.split(/(```console\n[\s\S]*?```)/)) {
      if (!part.startsWith("```console")) {
        renewed += part;
        continue;
      }
      const shown: string[] = [];
      for (const [, line = ""] of part.matchAll(/^\$ casebridge (.*)$/gm)) {
        const { text } = await typed(line);
        shown.push(`$ casebridge ${line}\n${text.replace(/ +$/gm, "")}`);
      }
      renewed += `\`\`\`console\n${shown.join("\n\n")}\n\`\`\``;
    }
    if (process.env.WRITE_DOCS) writeFileSync(page, renewed);
    else expect(before).toBe(renewed);
  });

  describe("in all it is asked", () => {
    it.each([
      ["fly", 2, "There is no command fly. `casebridge help` lists them."],
      ["constructor", 2, "There is no command constructor. `casebridge help` lists them."],
      ["case", 2, "Write: casebridge case <caseId>"],
      ["shops --tenant rival", 2, "Unknown option '--tenant'. Write: casebridge shops"],
      ["plan douyin:acme-shop:7002 agree_refund --amount 9", 2, "Write an amount as --amount 159.00CNY."],
      ["worklist --limit many", 1, /^The request has a field .* \(400 request_invalid\)\n {2}query\.limit: /],
    ])("answers %s with code %i and a sentence", async (line, code, sentence) => {
      const said = await typed(line);
      expect(said.code).toBe(code);
      if (typeof sentence === "string") expect(said.text).toBe(sentence);
      else expect(said.text).toMatch(sentence);
    });

    it("gives the answer of the API as it is when asked for JSON", async () => {
      const { text } = await typed("whoami --json");
      expect(JSON.parse(text)).toEqual({ tenantId: ours, personId: "lin", role: "admin" });
    });

    it("says that a token has ended, and that nobody answers", async () => {
      expect(await typed("shops", { CASEBRIDGE_TOKEN: "a.b.c" })).toMatchObject({ code: 1, text: /token/ });
      const nobody = await typed("shops", { CASEBRIDGE_URL: "http://127.0.0.1:1" });
      expect(nobody).toEqual({ code: 1, text: "No answer from http://127.0.0.1:1." });
    });

    it("never prints the token", async () => {
      const token = await world().issuer.tokenFor({ tenantId: ours, role: "viewer" });
      for (const line of ["whoami --json", "shops", "mode douyin acme-shop auto"]) {
        expect((await typed(line, { CASEBRIDGE_TOKEN: token })).text).not.toContain(token.slice(0, 40));
      }
    });

    it("prints nothing that could take over the terminal", async () => {
      const { openCase } = world();
      const raw = "\u001b[2J\u202e8"; // a channel's own code, of which anything may be expected
      const opened = await openCase(ours, { facts: { state: { known: false, raw }, orders: [{ orderId: "6999" }] } });
      const { text } = await typed(`case ${opened.caseId}`);
      expect(text).toContain("unknown (");
      expect(text.replaceAll("\n", "")).not.toMatch(/[\p{Cc}\p{Cf}]/u);
    });
  });

  describe("the file of a running stack", () => {
    const running = () => ({
      pid: process.pid,
      operatorUrl: world().url,
      issuerUrl: world().issuer.url,
      gatewayUrl: world().runtime.gatewayUrl,
      tenantId: ours,
      webhooks: {},
    });
    const file = join(import.meta.dirname, "../../.local/test-running.json");

    it("is found while the stack runs, and gone after it", () => {
      const leave = announce(running(), file);
      expect(findRunning(file)).toEqual(running());
      leave();
      expect(findRunning(file)).toBeUndefined();
    });

    it("is not believed when its process is gone", () => {
      const leave = announce({ ...running(), pid: 2 ** 22 + 1 }, file);
      expect(findRunning(file)).toBeUndefined();
      leave();
    });
  });
});
