import { type ChannelCaseId, channelCaseIdSchema } from "#shared/case/ids.ts";

/** Cancellations around shipping and service tickets after delivery count their ids separately. */
export type Family = "refund" | "ticket";

export function caseIdOfJd(family: Family, id: string): ChannelCaseId {
  return channelCaseIdSchema.parse(`${family}-${id}`);
}

/** The family and the channel's own id; undefined for anything that is no id of ours. */
export function partsOfJd(caseId: string): { family: Family; id: string } | undefined {
  const [, family, id] = /^(refund|ticket)-(\d{1,19})$/.exec(caseId) ?? [];
  return family && id ? { family: family as Family, id } : undefined;
}
