import { SuiteError } from "#shared/errors.ts";

/** What Amazon would refuse, before anything is sent. */
export function refusedHere(why: string): SuiteError {
  return new SuiteError("channel_refused", why, { details: { channelCode: "not sent" } });
}
