import type { Case } from "./case.ts";
import type { Command } from "./command.ts";
import type { Instant } from "./instant.ts";

/** How commands of the policy that answers before a clock runs out say who asked. */
export const actPolicy = "policy:act_before_expiry";

/**
 * Whether the clock that made this policy ask still stands, on facts that were just read. True for commands that anybody
 * else asked for.
 */
export function stillStands(current: Case, { askedBy }: Pick<Command, "askedBy">, now: Instant): boolean {
  if (askedBy !== actPolicy) return true;
  return current.deadlines.some(({ act, status, dueAt }) => act?.done === true && status === "running" && now < dueAt);
}
