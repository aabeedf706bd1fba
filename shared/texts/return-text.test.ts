import { IntlMessageFormat } from "intl-messageformat";
import { describe, expect, it } from "vitest";
import { languages, warehouseSchema } from "#shared/case/address-book.ts";
import { languageFor, type ReturnInstructions, returnInstructions } from "#shared/case/return-instructions.ts";
import { someFacts } from "../../test/builders/case-builder.ts";
import { sampleCase } from "../../test/sample-case.ts";
import { messageNames, returnMessages } from "./return-messages.ts";
import { returnText } from "./return-text.ts";

const warehouse = warehouseSchema.parse({
  addressId: "south",
  name: "South",
  contact: { name: "Returns desk", phone: "+86 20 1234 5678" },
  street: ["Building 3, 18 Sample Road"],
  city: "Guangzhou",
  postcode: "510000",
  region: "CN-GD",
  markets: ["CN"],
  languages: ["zh"],
  carriers: ["SF Express", "ZTO"],
});
const instructions: ReturnInstructions = {
  warehouse,
  packageMark: "RMA 7001",
  returnBy: "2026-12-02T15:00:00.000Z",
  timeZone: "Asia/Shanghai",
  freightPayer: "merchant",
  insured: true,
};

describe("instructions", () => {
  it("are made of the case and the warehouse", () => {
    const insurance = {
      kind: "return_freight",
      ledger: "insurance",
      amount: { amountMinor: 1000, currency: "CNY" },
      status: "expected",
    } as const;
    const facts = someFacts({
      reason: { code: "quality.defect", rawCode: "4" },
      money: { status: "pending", parts: [insurance] },
    });
    const source = { from: "channel", field: "due" } as const;
    const clock = { kind: "buyer_return", dueAt: "2026-12-02T15:00:00.000Z", source, onExpiry: "auto_close" } as const;
    const running = { ...clock, startedAt: "2026-11-25T00:00:00.000Z", status: "running", announced: [] } as const;
    const subject = { ...sampleCase({ facts }), deadlines: [{ ...running, announced: [] }] };
    expect(returnInstructions(subject, warehouse)).toMatchObject({
      packageMark: "RMA 7001",
      returnBy: "2026-12-02T15:00:00.000Z",
      freightPayer: "merchant",
      insured: true,
    });
  });

  it.each([
    ["CN", "zh"],
    ["MX", "es"],
    ["TH", "th"],
    ["SA", "ar"],
    ["US", "en"],
    [undefined, "en"],
  ])("for a buyer in %s are in %s", (market, language) => expect(languageFor(market)).toBe(language));
});

describe.each(languages)("in %s", (language) => {
  const text = returnText(instructions, language);

  it("say where to, the mark, the day, who pays and which carriers", () => {
    for (const part of ["Returns desk", "+86 20 1234 5678", "Building 3, 18 Sample Road", "510000 Guangzhou"]) {
      expect(text).toContain(part);
    }
    expect(text).toContain("RMA 7001");
    expect(text).toContain("SF Express");
    expect(text).toContain("ZTO");
  });

  it("leave nothing unfilled", () => {
    expect(text).not.toMatch(/[{}]|undefined|null|NaN|Invalid/);
    expect(text.split("\n").every((line) => line.trim() !== "")).toBe(true);
  });

  it("have the same parts and the same values as in every other language", () => {
    expect(Object.keys(returnMessages[language])).toEqual(Object.keys(returnMessages.en));
    for (const name of messageNames) {
      expect(valuesIn(returnMessages[language][name]), name).toEqual(valuesIn(returnMessages.en[name]));
    }
  });

  it.each([
    "merchant",
    "buyer",
    "nobody",
    "undecided",
  ] as const)("have words for postage paid by %s", (freightPayer) => {
    const line = (payer: typeof freightPayer) => returnText({ ...instructions, freightPayer: payer }, language);
    const others = (["merchant", "buyer", "nobody", "undecided"] as const).filter((each) => each !== freightPayer);
    for (const other of others) expect(line(freightPayer)).not.toBe(line(other));
  });

  it("leave out what does not apply", () => {
    const bare = {
      ...instructions,
      returnBy: undefined,
      insured: false,
      warehouse: { ...warehouse, carriers: [], acceptsCollect: true },
    };
    expect(returnText(bare, language).split("\n")).toHaveLength(text.split("\n").length - 4);
  });

  it("isolate every value where the text runs from the right, and mark nothing where it does not", () => {
    const opened = text.match(/\u2068/g)?.length ?? 0;
    expect(text.match(/\u2069/g)?.length ?? 0).toBe(opened);
    expect(opened).toBe(language === "ar" ? 7 : 0);
    for (const line of text.split("\n")) {
      const depth = [...line].reduce((sum, sign) => sum + (sign === "\u2068" ? 1 : sign === "\u2069" ? -1 : 0), 0);
      expect(depth, line).toBe(0);
    }
  });

  it("cannot be turned around by what stands in an address", () => {
    const turned = { ...warehouse, street: ["\u202eRoad\u2066 1\u2069\u200f"] };
    const said = returnText({ ...instructions, warehouse: turned }, language);
    expect(said).toContain("Road 1");
    expect(said.replace(/[\u2068\u2069]/g, "")).not.toMatch(/\p{Bidi_Control}/u);
  });
});

it("say the day in the warehouse's zone and the buyer's calendar", () => {
  const late = { ...instructions, returnBy: "2026-12-02T16:30:00.000Z" };
  expect(returnText(late, "en")).toContain("before 3 December 2026.");
  expect(returnText(late, "zh")).toContain("请在2026年12月3日之前寄出。");
  expect(returnText(late, "es")).toContain("antes del 3 de diciembre de 2026.");
  expect(returnText(late, "th")).toContain("3 ธันวาคม 2569");
  expect(returnText({ ...late, timeZone: "America/New_York" }, "en")).toContain("before 2 December 2026.");
});

it("count carriers as the language does", () => {
  const of = (...carriers: string[]) => returnText({ ...instructions, warehouse: { ...warehouse, carriers } }, "ar");
  expect(of("Aramex")).toContain("شركة الشحن هذه");
  expect(of("Aramex", "SMSA")).toContain("شركتي الشحن");
  expect(of("Aramex", "SMSA", "DHL")).toContain("شركات الشحن هذه");
});

/** The names of the values that a message asks for, in all its branches. */
function valuesIn(message: string): string[] {
  type Element = { type: number; value?: unknown; options?: Record<string, { value: Element[] }> };
  const literal = 0;
  const namesIn = (elements: readonly Element[]): string[] =>
    elements.flatMap(({ type, value, options = {} }) => [
      ...(type === literal || typeof value !== "string" ? [] : [value]),
      ...Object.values(options).flatMap((branch) => namesIn(branch.value)),
    ]);
  return [...new Set(namesIn(new IntlMessageFormat(message, "en").getAst() as Element[]))].sort();
}
