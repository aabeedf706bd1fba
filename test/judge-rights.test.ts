import { expect, it } from "vitest";
import { complaintsAbout, needlessExcuses } from "./integration/judge-rights.ts";
import { excused } from "./integration/rights-excused.ts";

const call = { who: "f", roleArn: "arn:aws:iam::000000000000:role/f", action: "a", resource: "r", context: {} };
const traces = "casebridge-dev-f may xray:PutTraceSegments on *";
const get = "casebridge-dev-f may dynamodb:GetItem on table in T#*";
/** Excuses for all but traces, as of a template that gives nothing else that is excused. */
const otherwise = excused.length - 1;

it("complains of a grant that no call misses, unless it is excused", () => {
  const removals = [
    { grant: get, refused: [] },
    { grant: traces, refused: [] },
  ];
  expect(complaintsAbout(removals)).toContain(`No test would miss that ${get}.`);
  expect(complaintsAbout(removals).filter((each) => each.startsWith("No test"))).toHaveLength(1);
});

it("is content where some call misses it", () => {
  const removals = [
    { grant: get, refused: [call] },
    { grant: traces, refused: [] },
  ];
  expect(complaintsAbout(removals).filter((each) => each.startsWith("No test"))).toEqual([]);
});

it("complains of an excuse for what nobody is given, and tells of one that calls make needless", () => {
  expect(complaintsAbout([{ grant: traces, refused: [] }])).toHaveLength(otherwise);
  const needless = needlessExcuses([{ grant: traces, refused: [call] }]).map(({ source }) => source);
  expect(needless.some((each) => each.includes("xray"))).toBe(true);
  expect(needlessExcuses([{ grant: traces, refused: [] }])).toHaveLength(otherwise);
});
