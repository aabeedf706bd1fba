import { expect } from "vitest";
import { isSuiteError, type SuiteError } from "#shared/errors.ts";

/** Everything of an error that could reach a log, with all its causes. */
export function textOf(error: unknown): string {
  if (!(error instanceof Error)) return JSON.stringify(error) ?? "";
  const own = `${error.name} ${error.message} ${JSON.stringify(error)}`;
  return error.cause === undefined ? own : `${own} ${textOf(error.cause)}`;
}

/** None of the words may occur in what left the connector. */
export function expectWithout(words: readonly string[], left: unknown): void {
  const text = left instanceof Error ? textOf(left) : (JSON.stringify(left) ?? "");
  for (const word of words) expect(text.includes(word), `${word} has left the connector`).toBe(false);
}

/** Runs the work and gives the SuiteError it throws; any other end is a failure. */
export async function suiteErrorOf(work: () => unknown): Promise<SuiteError> {
  let result: unknown;
  try {
    result = await work();
  } catch (error) {
    if (isSuiteError(error)) return error;
    throw error;
  }
  throw new Error(`nothing was thrown; the result is ${JSON.stringify(result)?.slice(0, 300)}`);
}
