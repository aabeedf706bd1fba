import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { putAddressForm, putAddressRulesForm } from "#shared/api/forms.ts";
import { CliMisused, cliCommands } from "./commands.ts";
import { showAddressRules } from "./show.ts";

let folder = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "casebridge-cli-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

function fileWith(text: string): string {
  const file = join(folder, "given.json");
  writeFileSync(file, text);
  return file;
}

const warehouse = {
  addressId: "gz-1",
  ...{ name: "Guangzhou", contact: { name: "Returns desk", phone: "+86 20 1234 5678" }, street: ["18 Sample Road"] },
  ...{ city: "Guangzhou", region: "CN-GD", markets: ["CN"], languages: ["zh"] },
};
const rules = { rules: [{ id: "shoes", skus: ["SHOE-*"], reasons: ["quality"], to: ["gz-1"] }], usual: "gz-1" };
const ask = (name: string, text: string, options = {}) => cliCommands[name]?.request({ file: fileWith(text) }, options);

describe("what is read from a file", () => {
  it("is a warehouse in the form that the API takes, with the version that was seen", () => {
    const { params, body } = ask("put-address", JSON.stringify(warehouse), { replaces: "3" }) ?? {};
    expect(params).toEqual({ addressId: "gz-1" });
    expect(putAddressForm.parse(body)).toMatchObject({ replaces: 3, warehouse: { city: "Guangzhou" } });
  });

  it("is the rules in the form that the API takes, new when no version is named", () => {
    const { body } = ask("put-address-rules", JSON.stringify(rules)) ?? {};
    expect(putAddressRulesForm.parse(body)).toMatchObject({ replaces: 0, rules: { usual: "gz-1" } });
  });

  it.each([
    ["put-address", "{", {}, /is not JSON/],
    ["put-address", "[]", {}, /no JSON object/],
    ["put-address", "null", {}, /no JSON object/],
    ["put-address", "{}", {}, /no addressId/],
    ["put-address-rules", "{}", { replaces: "-1" }, /--replaces with the version/],
    ["put-address-rules", "{}", { replaces: "new" }, /--replaces with the version/],
  ])("is refused before anything is asked: %s of %s", (name, text, options, sentence) => {
    expect(() => ask(name, text, options)).toThrow(sentence);
    expect(() => ask(name, text, options)).toThrow(CliMisused);
  });

  it("is refused when there is no such file", () => {
    const request = () => cliCommands["put-address"]?.request({ file: join(folder, "none.json") }, {});
    expect(request).toThrow(/cannot be read/);
  });
});

it("gives evidence by the ids of files that the case keeps, and by addresses", () => {
  const words = { caseId: "douyin:1:2", action: "submit_evidence" };
  const plan = (evidence: string) => cliCommands.plan?.request(words, { evidence }).body;
  const evidenceId = "0f".repeat(16);
  const link = "https://pictures.example.com/1.jpg";
  const evidence = [{ evidenceId }, { kind: "photo", url: link }];
  expect(plan(`${evidenceId},${link}`)).toEqual({ action: "submit_evidence", args: { evidence } });
  for (const word of ["", "picture.jpg", `${evidenceId}, ${evidenceId}`]) expect(() => plan(word)).toThrow(CliMisused);
});

it("shows each rule with what it asks, and where everything else goes", () => {
  const saved = putAddressRulesForm.parse({ replaces: 0, rules });
  const shown = showAddressRules({ version: 1, rules: saved.rules });
  expect(shown).toMatch(/shoes.*skus: SHOE-\*; reasons: quality.*gz-1/);
  expect(shown).toMatch(/otherwise: gz-1\nversion 1$/);
});

describe("what is asked of the channel", () => {
  const words = { caseId: "shopify:demo.myshopify.com:Return/1", action: "cancel_and_refund" };
  const plan = (options: Record<string, string>) => cliCommands.plan?.request(words, options).body;

  it("has the arguments that were given, and no others", () => {
    const options = { amount: "69.40EUR", reason: "INVENTORY", restock: "no", "staff-note": "Lost." };
    const amount = { amountMinor: 6940, currency: "EUR" };
    const args = { amount, reasonCode: "INVENTORY", restock: false, staffNote: "Lost." };
    expect(plan(options)).toEqual({ action: "cancel_and_refund", args });
    expect(plan({ restock: "yes" })).toEqual({ action: "cancel_and_refund", args: { restock: true } });
  });

  it("is refused before anything is asked where it is neither yes nor no", () => {
    expect(() => plan({ restock: "perhaps" })).toThrow(CliMisused);
  });
});
