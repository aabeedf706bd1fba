import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";

const root = new URL("../../", import.meta.url).pathname;

/** Runs one of our programs to its end. `said` is what stands on its error output. */
async function run(args: readonly string[], env: Record<string, string> = {}): Promise<{ code: number; said: string }> {
  const options = { cwd: root, env: { ...process.env, CDK_VALIDATION: "false", ...env } };
  try {
    const { stderr } = await promisify(execFile)(process.execPath, [...args], options);
    return { code: 0, said: stderr };
  } catch (fault) {
    const { code, stderr } = fault as { code: number; stderr: string };
    return { code, said: stderr };
  }
}

const context = (values: Record<string, unknown>) => ({ CDK_CONTEXT_JSON: JSON.stringify(values) });

describe("synth stops with a sentence that says what to set", () => {
  it.each([
    [{ region: "moon-north-1" }, /Set `-c region=`.* It is "moon-north-1"/],
    [{ webhooksPerSecond: "many" }, /Set `-c webhooksPerSecond=`/],
  ])("for %o", async (values, sentence) => {
    const { code, said } = await run(["infra/app.ts"], context(values));
    expect(code).toBe(1);
    expect(said).toMatch(sentence);
    expect(said).not.toMatch(/^\s+at /m);
  });
});

describe("npm start stops with a sentence that says what to set", () => {
  it("when it does not know the option", async () => {
    const { code, said } = await run(["local/main.ts", "--date", "x"]);
    expect([code, said]).toEqual([2, expect.stringContaining("npm start -- --data DIR")]);
  });

  it("when it does not know the scenario", async () => {
    const { code, said } = await run(["local/main.ts", "--scenario", "storm"]);
    expect([code, said]).toEqual([2, expect.stringContaining("There is no scenario storm")]);
  });

  it("when there is no DynamoDB engine to run", async () => {
    // Nothing answers at port 1 of this machine.
    const env = { CASEBRIDGE_DYNAMODB_ENDPOINT: "http://127.0.0.1:1" };
    const { code, said } = await run(["local/main.ts", "--scenario", "smoke"], env);
    expect(code).not.toBe(0);
    expect(said).toMatch(/CASEBRIDGE_DYNAMODB_ENDPOINT/);
    expect(said).not.toMatch(/^\s+at /m);
  });

  it("when the folder for the data cannot be made", async () => {
    const { code, said } = await run(["local/main.ts", "--scenario", "smoke", "--data", "package.json/data"]);
    expect(code).not.toBe(0);
    expect(said).toMatch(/--data/);
    expect(said).not.toMatch(/^\s+at /m);
  });
});
