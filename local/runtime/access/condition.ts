import { isArnLike, isLike } from "./match.ts";

/** What is known of a request beside action and resource, by lower-case key: IAM's keys know no case. */
export type Context = ReadonlyMap<string, readonly string[]>;

/** One line of a policy's Condition: `operator: { key: wanted }`. Any of the wanted values will do. */
export interface Condition {
  operator: string;
  key: string;
  wanted: readonly string[];
}

type Test = (value: string, wanted: string) => boolean;

const numeric =
  (holds: (value: number, wanted: number) => boolean): Test =>
  (value, wanted) =>
    holds(Number(value), Number(wanted));
const sameText: Test = (value, wanted) => value === wanted;
const sameLetters: Test = (value, wanted) => value.toLowerCase() === wanted.toLowerCase();

const tests: Record<string, Test> = {
  StringEquals: sameText,
  StringEqualsIgnoreCase: sameLetters,
  StringLike: isLike,
  ArnEquals: isArnLike,
  ArnLike: isArnLike,
  Bool: sameLetters,
  NumericEquals: numeric((value, wanted) => value === wanted),
  NumericLessThan: numeric((value, wanted) => value < wanted),
  NumericLessThanEquals: numeric((value, wanted) => value <= wanted),
  NumericGreaterThan: numeric((value, wanted) => value > wanted),
  NumericGreaterThanEquals: numeric((value, wanted) => value >= wanted),
};

const opposites: Record<string, string> = {
  StringNotEquals: "StringEquals",
  StringNotEqualsIgnoreCase: "StringEqualsIgnoreCase",
  StringNotLike: "StringLike",
  ArnNotEquals: "ArnEquals",
  ArnNotLike: "ArnLike",
  NumericNotEquals: "NumericEquals",
};

const form = /^(?:(?<set>ForAllValues|ForAnyValue):)?(?<name>[A-Za-z]+?)(?<ifExists>IfExists)?$/;

/** Whether an operator is among those `holds` can judge. */
export function isKnownOperator(operator: string): boolean {
  const name = form.exec(operator)?.groups?.name ?? "";
  return name === "Null" || name in tests || name in opposites;
}

/**
 * Judges one condition. A key the request does not have fails, but not for a negated operator, `…IfExists` and
 * `ForAllValues`, which is true of nothing. Source: IAM user guide, condition operators, read 2026-11.
 */
export function holds({ operator, key, wanted }: Condition, context: Context): boolean {
  const { set, name = "", ifExists } = form.exec(operator)?.groups ?? {};
  const values = context.get(key.toLowerCase());
  if (name === "Null") return wanted.includes(String(values === undefined));
  const positive = opposites[name];
  const test = tests[positive ?? name];
  if (!test) throw new Error(`The condition operator ${operator} is not evaluated here.`);
  if (values === undefined) return set ? set === "ForAllValues" : positive !== undefined || ifExists !== undefined;
  const one = (value: string) => wanted.some((each) => test(value, each)) === (positive === undefined);
  return set === "ForAllValues" ? values.every(one) : values.some(one);
}
