import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseLossless, stringifyCanonical } from "./json.ts";

/** What the scanner must equal: the reviver sees each number's own text, at six times the price. */
function oracle(text: string, decimals: "number" | "text"): unknown {
  const reviver = (key: string, value: unknown, context?: { source?: string }): unknown => {
    if (key === "__proto__") return undefined;
    if (typeof value !== "number" || context?.source === undefined) return value;
    if (/[.eE]/.test(context.source)) return decimals === "text" ? context.source : value;
    return Number.isSafeInteger(value) ? value : context.source;
  };
  return JSON.parse(text, reviver);
}

function outcomeOf(work: () => unknown): unknown {
  try {
    return { value: work() };
  } catch {
    return "refused";
  }
}

const numberText = fc.oneof(
  fc.bigInt({ min: -(10n ** 25n), max: 10n ** 25n }).map(String),
  fc.tuple(fc.integer(), fc.nat()).map(([whole, fraction]) => `${whole}.${fraction}`),
  fc.constantFrom("9007199254740991", "9007199254740992", "9007199254740993", "-9007199254740993", "-0", "0.10"),
  fc.constantFrom("0123456789012345678", "1e400", "1E-7", "1.", ".5", "+1", "--1", "12345678901234567890e", "1e5"),
);
const piece = fc.oneof(
  numberText,
  fc.constantFrom("{", "}", "[", "]", ",", ":", " ", "\n", '"', '"a"', '"\\"', '"\\\\"', "true", "null", "\u00a0"),
  fc.constantFrom('"__proto__"', '"\\u005f_proto__"', '"id"', '"快递"', "\\", "\ufeff"),
  fc.string({ maxLength: 4 }),
);
const soup = fc.array(piece, { maxLength: 12 }).map((pieces) => pieces.join(""));
const document = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 5 },
    numberText,
    fc.string().map((text) => JSON.stringify(text)),
    fc.array(tie("value"), { maxLength: 4 }).map((members) => `[${members.join(" , ")}]`),
    fc
      .array(fc.tuple(fc.oneof(fc.string(), fc.constant("__proto__")), tie("value")), { maxLength: 4 })
      .map((members) => `{${members.map(([key, value]) => `${JSON.stringify(key)} : ${value}`).join(",")}}`),
  ),
})).value as fc.Arbitrary<string>;

describe("parseLossless", () => {
  it.each(["number", "text"] as const)("agrees with the reviver on any text, decimals as %s", (decimals) => {
    fc.assert(
      fc.property(fc.oneof(soup, document), (text) => {
        expect(outcomeOf(() => parseLossless(text, { decimals }))).toEqual(outcomeOf(() => oracle(text, decimals)));
      }),
      { numRuns: 4000 },
    );
  });

  it.each([
    ["7301234567890123403", "7301234567890123403"],
    ["9007199254740991", 9007199254740991],
    ["9007199254740992", "9007199254740992"],
    ["-9007199254740993", "-9007199254740993"],
    ["[1,7301234567890123403]", [1, "7301234567890123403"]],
    [
      '{"a\\\\":7301234567890123403,"b\\"":7301234567890123404}',
      { "a\\": "7301234567890123403", 'b"': "7301234567890123404" },
    ],
    ["0.1", 0.1],
  ])("reads %s without rounding", (text, value) => {
    expect(parseLossless(text)).toEqual(value);
  });

  it.each([
    "",
    "[",
    '"open',
    '"open\\',
    "0123456789012345678",
    "12345678901234567890 1",
    "{12345678901234567890:1}",
    "{12345678901234567890 \n: 1}",
    '{"a" 12345678901234567890}',
    "undefined",
    "NaN",
  ])("refuses %s", (text) => {
    expect(() => parseLossless(text)).toThrow(expect.objectContaining({ code: "payload_invalid" }));
  });

  it("keeps decimals as text when asked", () => {
    expect(parseLossless('{"a":100.10,"b":1e-7,"c":5}', { decimals: "text" })).toEqual({
      a: "100.10",
      b: "1e-7",
      c: 5,
    });
  });

  it("quotes nothing of the document in its message", () => {
    expect(() => parseLossless('{"tel": 13800000000x')).toThrow(/^not JSON$/);
  });

  it("refuses deep nesting before it is parsed", () => {
    expect(parseLossless("[".repeat(64) + "]".repeat(64))).toBeInstanceOf(Array);
    expect(() => parseLossless("[".repeat(1_000_000))).toThrow(/nested deeper/);
    expect(() => parseLossless(`${'{"a":'.repeat(70)}1${"}".repeat(70)}`)).toThrow(/nested deeper/);
  });

  it("does not count brackets inside text", () => {
    expect(parseLossless(JSON.stringify("[".repeat(500)))).toHaveLength(500);
  });

  it.each([
    '{"__proto__":{"x":1},"a":{"__proto__":[]}}',
    '{"\\u005f_proto__":{"x":1},"a":{"\\u005F_proto__":1}}',
  ])("drops the key in %s", (text) => {
    const value = Object.assign({}, parseLossless(text) as object);
    expect(value).toEqual({ a: {} });
    expect("x" in value).toBe(false);
  });
});

describe("stringifyCanonical", () => {
  it("sorts keys at every level, drops unset fields and keeps the order of arrays", () => {
    expect(stringifyCanonical({ b: [{ z: 1, a: 2 }, 3], a: undefined, c: null })).toBe(
      '{"b":[{"a":2,"z":1},3],"c":null}',
    );
  });

  it("writes 64-bit ids as bare digits", () => {
    expect(stringifyCanonical({ id: 7200000000000000123n })).toBe('{"id":7200000000000000123}');
  });

  it("escapes neither HTML nor other scripts", () => {
    expect(stringifyCanonical("&<>='/ô汉😀")).toBe('"&<>=\'/ô汉😀"');
  });

  it("reads back as it was written", () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const text = stringifyCanonical(value as Parameters<typeof stringifyCanonical>[0]);
        expect(stringifyCanonical(JSON.parse(text))).toBe(text);
      }),
    );
  });
});
