/**
 * Every fault Casebridge raises, with what an operator should do. Branch on the code, never on a message.
 * `retryable` says whether the same work may succeed later without anybody changing anything.
 */
export const errorCodes = {
  payload_invalid: { retryable: false, doThis: "Look at the kept payload: the channel sent a form we do not know." },
  credentials_rejected: { retryable: false, doThis: "Connect the shop again; its work is parked until then." },
  rate_limited: { retryable: true, doThis: "Nothing; the work waits as long as the channel asked." },
  channel_unavailable: { retryable: true, doThis: "Watch the channel's status page; the work is repeated by itself." },
  channel_refused: {
    retryable: false,
    doThis: "Read the channel's code in the details; the request was understood and refused.",
  },
  answer_unclear: {
    retryable: false,
    doThis: "Nothing; the case is read again to learn whether the write took effect.",
  },
  case_not_found: {
    retryable: true,
    doThis: "Nothing at first: the case may still be on its way. Else check the shop.",
  },
  case_changed: { retryable: true, doThis: "Nothing; the case is read again and the work repeated." },
  transition_refused: { retryable: false, doThis: "Read the case: what was asked is not allowed in its state." },
  shop_unknown: { retryable: false, doThis: "Connect the shop, or stop the channel from sending us its messages." },
  bus_unavailable: { retryable: true, doThis: "Nothing; the events are put again." },
  queue_unavailable: { retryable: true, doThis: "Nothing; the messages are sent again." },
  shop_taken: { retryable: false, doThis: "The shop belongs to another tenant: disconnect it there first." },
  store_unavailable: {
    retryable: true,
    doThis: "Nothing; the work is repeated. If it lasts, look at the table's throttles.",
  },
  item_too_large: { retryable: false, doThis: "Nothing was stored: see what grows in the item that the details name." },
  unforeseen: {
    retryable: false,
    doThis:
      "Look for the error in the function's log: it is a mistake of ours. Send the kept message again once it is mended.",
  },
  misconfigured: { retryable: false, doThis: "Set the value that the message names and deploy again." },
} as const satisfies Record<string, { retryable: boolean; doThis: string }>;

export type ErrorCode = keyof typeof errorCodes;

/** Safe to log: ids, codes and counts. Never a payload, a token or a person. */
export type ErrorDetails = Readonly<Record<string, string | number | boolean | undefined>>;

/** The one class of fault. `details` may hold `retryAfterMs`, `channelCode`, `httpStatus` and whatever names the place. */
export class SuiteError extends Error {
  readonly code: ErrorCode;
  readonly retryable: boolean;
  readonly details: ErrorDetails;

  constructor(code: ErrorCode, message: string, options: { details?: ErrorDetails; cause?: unknown } = {}) {
    super(message, { cause: options.cause });
    this.name = "SuiteError";
    this.code = code;
    this.retryable = errorCodes[code].retryable;
    this.details = options.details ?? {};
  }
}

/** Whether `error` is one of ours with this code. */
export function isSuiteError(error: unknown, code?: ErrorCode): error is SuiteError {
  return error instanceof SuiteError && (code === undefined || error.code === code);
}
