import { SuiteError } from "#shared/errors.ts";

/**
 * A refusal inside a successful answer. The text decides what it means and stays here, because it may hold anything: the
 * seller's phone must confirm by code, so a person has to do it; or the case has changed since it was read. Both wordings
 * are unpublished, so a text that fits neither is a plain refusal.
 */
export function businessFailure(channelCode: string | null | undefined, text: string | null | undefined): SuiteError {
  const code = channelCode && /^[\w.:-]{1,60}$/.test(channelCode) ? channelCode : "refused";
  const words = text ?? "";
  if (/验证码|短信|校验码/.test(words)) {
    const says = "Agree in the seller's console: the platform wants the code that it sent to the seller's phone.";
    return new SuiteError("channel_refused", says, { details: { channelCode: `${code} sms`, manualOnly: true } });
  }
  if (/版本/.test(words))
    return new SuiteError("case_changed", "the case has changed since it was read", { details: { channelCode: code } });
  return new SuiteError("channel_refused", "the platform refused the operation", { details: { channelCode: code } });
}
