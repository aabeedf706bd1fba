import { SuiteError } from "#shared/errors.ts";

/** What the channel would refuse, before anything is sent. */
export function refusedHere(why: string): SuiteError {
  return new SuiteError("channel_refused", why, { details: { channelCode: "not sent" } });
}

/** An argument that a call cannot do without. */
export function given(value: string | undefined, name: string): string {
  if (!value) throw refusedHere(`${name} is missing`);
  return value;
}

/** An id as bare digits: the channel's Long. */
export function long(value: string | undefined, name: string): bigint {
  if (!value || !/^\d{1,19}$/.test(value)) throw refusedHere(`${name} is missing or no number`);
  return BigInt(value);
}
