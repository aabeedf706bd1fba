import { expect, it } from "vitest";
import { nextOccurrence } from "./schedule-expression.ts";

const after = new Date("2026-03-01T10:07:30Z"); // a Sunday

it.each([
  ["rate(1 minute)", "2026-03-01T10:08:00.000Z"],
  ["rate(5 minutes)", "2026-03-01T10:10:00.000Z"],
  ["rate(1 day)", "2026-03-02T00:00:00.000Z"],
  ["at(2026-03-01T10:07:31)", "2026-03-01T10:07:31.000Z"],
  ["at(2026-03-01T10:07:30)", undefined],
  ["cron(0/15 * * * ? *)", "2026-03-01T10:15:00.000Z"],
  ["cron(5 3 * * ? *)", "2026-03-02T03:05:00.000Z"],
  ["cron(0 9 ? * MON-FRI *)", "2026-03-02T09:00:00.000Z"],
  ["cron(30 8,18 1 * ? *)", "2026-03-01T18:30:00.000Z"],
  ["cron(0 0 1 JAN ? *)", "2027-01-01T00:00:00.000Z"],
])("%s comes next at %s", (expression, expected) => {
  expect(nextOccurrence(expression, after)?.toISOString()).toBe(expected);
});

it.each(["rate(1 fortnight)", "every minute", "cron(0 0 L * ? *)"])("refuses %s", (expression) => {
  expect(() => nextOccurrence(expression, after)).toThrow("not known");
});
