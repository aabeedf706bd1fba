import type { Flag } from "#shared/case/vocabulary.ts";

/** `operation_contraint`: what the channel does not let the seller do by call. */
export function constraintFlags(constraint: string | null | undefined): Flag[] {
  const flags: Flag[] = [];
  if (constraint?.includes("cannot_refuse")) flags.push("cannot_refuse");
  if (constraint?.includes("refund_onweb")) flags.push("web_only");
  return flags;
}
