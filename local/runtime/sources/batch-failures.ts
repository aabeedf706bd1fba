import type { Outcome } from "../lambda/environment.ts";

/**
 * Which items of a batch failed, by the function's partial batch response. An answer Lambda would not understand, or an
 * item it did not send, fails the whole batch; so does an error.
 */
export function failedItems(outcome: Outcome, sent: readonly string[], { partial }: { partial: boolean }): Set<string> {
  if (!outcome.ok) return new Set(sent);
  if (!partial || outcome.payload === undefined) return new Set();
  const answer: unknown = JSON.parse(outcome.payload);
  if (answer === null || typeof answer !== "object" || !("batchItemFailures" in answer)) return new Set();
  const { batchItemFailures } = answer;
  if (batchItemFailures === null) return new Set();
  if (!Array.isArray(batchItemFailures)) return new Set(sent);
  const failed = new Set<string>();
  for (const failure of batchItemFailures as ({ itemIdentifier?: unknown } | null)[]) {
    const id = failure?.itemIdentifier;
    if (typeof id !== "string" || !sent.includes(id)) return new Set(sent);
    failed.add(id);
  }
  return failed;
}
