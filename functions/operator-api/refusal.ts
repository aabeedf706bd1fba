import type { Problem } from "#shared/api/problem.ts";

/** What a person reads when a case does not allow a command. */
const sentences: Readonly<Record<string, string>> = {
  state_unknown: "The channel reports a status or type that we do not know; answer it in the channel's console.",
  not_allowed_from_state: "The case is not in a state from which this can be asked.",
  disputed: "The case is disputed: money waits for the decision.",
  amount_missing_or_wrong: "The amount is missing, not above zero, or in another currency than the case.",
  amount_above_ceiling: "The amount is above what may be paid on this case.",
  already_asked: "This, or another command that moves money, has been asked and is not settled.",
  already_paid: "The channel has paid already, or is paying.",
  shop_observes_only: "The shop is in mode observe: nothing is written to its channel. An admin can raise it.",
  version_moved: "The channel has changed the case meanwhile. Read it again.",
  argument_missing: "The channel cannot do this without more arguments.",
  not_proposed: "The command does not wait for a person's yes.",
  not_cancellable: "The command has been sent or is settled, so it can no longer be taken back.",
};

/** The case says no. `detail` adds what the sentence of the reason cannot know. */
export function refusal(reason: string, detail = ""): Problem {
  const sentence = sentences[reason] ?? "The case does not allow it now.";
  return { problem: "command_refused", reason, detail: `${sentence} ${detail}`.trim() };
}
