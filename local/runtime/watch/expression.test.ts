import { expect, it } from "vitest";
import { readAlarmRule } from "./alarm-rule.ts";
import { evaluateExpression } from "./expression.ts";

const metrics = new Map([
  [
    "m1",
    new Map([
      [0, 1],
      [60, 6],
      [120, 4],
    ]),
  ],
  [
    "m2",
    new Map([
      [60, 3],
      [120, 0],
    ]),
  ],
]);

it.each([
  [
    "m1+m2",
    [
      [60, 9],
      [120, 4],
    ],
  ],
  ["m1 / m2 * 100", [[60, 200]]],
  [
    "(m1 - 1) * -2",
    [
      [0, 0],
      [60, -10],
      [120, -6],
    ],
  ],
  [
    "FILL(m2, 0) + 1",
    [
      [0, 1],
      [60, 4],
      [120, 1],
    ],
  ],
  [
    "IF(m1 > 3, m1, 0)",
    [
      [0, 0],
      [60, 6],
      [120, 4],
    ],
  ],
  [
    "MAX([m1, m2, 5])",
    [
      [60, 6],
      [120, 5],
    ],
  ],
  [
    "SUM([m1, FILL(m2, 1)])",
    [
      [0, 2],
      [60, 9],
      [120, 4],
    ],
  ],
])("%s", (text, expected) => {
  expect([...evaluateExpression(text, metrics)].map(([at, value]) => [at, value + 0])).toEqual(expected);
});

it.each(["RATE(m1)", "m3", "m1 +", "m1 m2", "FILL(m1, REPEAT)"])("refuses %s", (text) => {
  expect(() => evaluateExpression(text, metrics)).toThrow("does not know");
});

it.each([
  ['ALARM("a") OR ALARM("b")', true],
  ["ALARM(b) AND OK(c)", false],
  ['NOT ALARM("b") AND (OK("c") OR INSUFFICIENT_DATA("d"))', true],
  ["TRUE AND NOT FALSE", true],
])("composite rule %s is %s", (text, expected) => {
  const states = { a: "ALARM", b: "OK", c: "ALARM", d: "INSUFFICIENT_DATA" } as const;
  expect(readAlarmRule(text)((name) => states[name as keyof typeof states])).toBe(expected);
});

it("refuses a composite rule it cannot read", () => {
  expect(() => readAlarmRule("ALARM(a) XOR OK(b)")).toThrow("XOR");
});
