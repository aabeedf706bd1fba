/** Every reason why a command is not given or not sent, with the sentence a person reads. Branch on the code. */
export const refusedSentences = {
  shop_observes_only: "The shop is in mode observe: nothing is written to its channel.",
  not_read_freshly: "The case has not been read from the channel right before the write.",
  version_moved: "The case has changed since this was decided.",
  state_unknown: "The channel reports a status or type that is not known; nothing is done on it.",
  not_allowed_from_state: "The case's state does not allow this.",
  already_asked: "The same, or another payment, has been asked of the channel and is not settled.",
  not_offered: "The channel's API does not offer this for this case; it has to be done in its console.",
  argument_missing: "The channel needs something that was not given with the command.",
  address_unknown: "The channel has no return address of this id in this shop.",
  disputed: "The case is in dispute; a person answers it at the platform.",
  already_paid: "The money has been paid or is on its way: by us, by the merchant or by the platform's robot.",
  refund_not_failed: "A refund on its way is paid again only after the channel reports that it failed.",
  amount_missing_or_wrong: "The amount is missing, not above zero, or in another currency than the claim.",
  amount_above_ceiling: "The amount is above what may be paid: received times unit price, plus allowed freight.",
  partial_not_taken: "The channel pays exactly what the buyer claims and takes no other amount.",
  partial_not_by_rule: "Only a person, or an inspection that counted the goods, may decide on a partial amount.",
  shipped_meanwhile: "The order has been shipped, or may have been: it is no longer a refund before shipment.",
  deadline_moved: "The clock that a rule answered for has moved or stopped.",
  daily_cap_reached: "The shop's limit of refunds for this day is reached.",
  second_approval_missing: "Two people must agree to this amount.",
  approved_by_same_person: "The same person has agreed before; another one must.",
  not_proposed: "There is no proposed command of this id to approve.",
  approval_stale: "The case has changed since the command was proposed.",
  not_unclear: "Only a command whose answer was unclear can be sent again by a person.",
  not_read_since: "The case has not been read since the unclear answer; nobody can know yet.",
  evidence_stale: "What was shown to the person is no longer what the case holds.",
  evidence_unknown:
    "The case keeps no file of this id. Look at its evidence again: a file that has just been shown is fetched within minutes.",
  evidence_not_kept:
    "The file was refused when it was fetched, or has been erased. Give another one, or an address where the channel can read it.",
  evidence_by_address_only:
    "The channel takes no files of ours for this. Give an address where it can be read, or hand it in in the channel's console.",
  not_cancellable: "There is no command of this id that has not been sent yet.",
} as const;

export type Refused = keyof typeof refusedSentences;

/** What a person reads for a reason. */
export function sentenceOf(reason: Refused): string {
  return refusedSentences[reason];
}
