import type { ActionRequest, ChannelAction } from "#connectors/contract.ts";
import { observeCases } from "#connectors/session/observe-cases.ts";
import { rereadNotice } from "#connectors/session/reread.ts";
import type { Session } from "#connectors/session/session.ts";
import type { Case } from "#shared/case/case.ts";
import { type Command, factsOf, type HeldBecause } from "#shared/case/command.ts";
import { isSuiteError, SuiteError } from "#shared/errors.ts";
import { faultFields, log } from "#shared/log.ts";
import { count } from "#shared/metrics.ts";

/** What became of a write, as far as anybody can know. */
export type Outcome =
  | { is: "accepted"; reference?: string }
  | { is: "refused"; problem: string; manual?: string }
  | { is: "expired"; problem: string }
  | { is: "unclear"; problem: string }
  /** It certainly was not carried out and may go again. */
  | { is: "waiting"; because: HeldBecause; waitMs: number };

const parkedForMs = 6 * 3_600_000;
const misconfiguredForMs = 15 * 60_000;
const longestBackoffMs = 15 * 60_000;

/** Calls the channel once and says what that did. Never throws: whatever leaves open what happened is `unclear`. */
export async function sendOnce(
  { action, subject, command, files }: ActionRequest & { action: ChannelAction<unknown, unknown> },
  session: Session,
  { random }: { random: () => number },
): Promise<Outcome> {
  const { caseId, channel } = subject;
  const fields = { caseId, commandId: command.commandId };
  try {
    const receipt = await session.call((world) => action.send({ subject, command, ...(files && { files }) }, world));
    log.info("channel accepted", fields);
    return { is: "accepted", ...(receipt && { reference: receipt.reference }) };
  } catch (fault) {
    log.warn("channel did not accept", { ...fields, ...faultFields(fault) });
    const outcome = outcomeOf(fault, command, random);
    if (isSuiteError(fault, "rate_limited")) count("ChannelRateLimited", 1, { channel });
    if (isSuiteError(fault, "channel_unavailable")) count("ChannelUnavailable", 1, { channel });
    if (isSuiteError(fault, "misconfigured")) count("ChannelMisconfigured", 1, { channel });
    return outcome;
  }
}

function outcomeOf(fault: unknown, command: Command, random: () => number): Outcome {
  // A fault of our own after the call may have left: nobody knows.
  if (!(fault instanceof SuiteError)) return { is: "unclear", problem: "an unexpected fault while the call was made" };
  const problem = `${fault.code}: ${fault.message}`.slice(0, 500);
  switch (fault.code) {
    case "channel_refused":
      // The channel may want a person, e.g. for a code that it sent to the seller's phone.
      return fault.details.manualOnly === true
        ? { is: "refused", problem, manual: fault.message }
        : { is: "refused", problem };
    case "transition_refused": // nothing was sent: the channel would have said no
      return { is: "refused", problem };
    case "case_changed":
      return { is: "expired", problem };
    case "credentials_rejected":
      return { is: "waiting", because: "parked", waitMs: parkedForMs };
    case "store_unavailable": // a file of ours could not be read, which is done before the write
      return { is: "waiting", because: "backoff", waitMs: waitAfter(fault, command, random) };
    case "misconfigured":
      return { is: "waiting", because: "backoff", waitMs: misconfiguredForMs };
    case "rate_limited":
    case "channel_unavailable":
      return { is: "waiting", because: fault.code, waitMs: waitAfter(fault, command, random) };
    default:
      return { is: "unclear", problem };
  }
}

/** As long as the channel asked, and longer with each try; spread, so that shops held up together do not return together. */
function waitAfter({ details }: SuiteError, { tries = 1 }: Command, random: () => number): number {
  const asked = Number(details.retryAfterMs ?? 0);
  const grown = Math.min(longestBackoffMs, 1000 * 2 ** Math.min(tries, 10));
  return Math.ceil(asked + grown * (0.5 + random() / 2));
}

/** Whether the channel's yes is all there will ever be to see. */
export function isProvenByAcceptance({ action }: Command): boolean {
  return factsOf(action).shownBy.length === 0 && action !== "provide_address";
}

/**
 * Reads the case again, so that what the write did is seen at once. What is not visible yet comes with later readings.
 * Returns the case as it is then, or as it was given.
 */
export async function readAfter(
  subject: Case,
  command: Command,
  session: Session,
  deps: Parameters<typeof observeCases>[2],
): Promise<Case> {
  try {
    const notice = rereadNotice(subject, `${command.commandId} sent`);
    const read = await observeCases(notice, session, { ...deps, held: subject });
    return read.find(({ caseId }) => caseId === subject.caseId) ?? subject;
  } catch (fault) {
    // Not worth another delivery: the channel's own news, the timer and the nightly reading come anyway.
    log.warn("case not read after the write", { caseId: subject.caseId, ...faultFields(fault) });
    return subject;
  }
}
