import type { CaseObservation } from "#shared/case/observation.ts";
import { SuiteError } from "#shared/errors.ts";
import type { RawCase } from "../contract.ts";
import { refundObservation } from "./normalize-refund.ts";
import { ticketObservation } from "./normalize-ticket.ts";
import { rawRefundSchema, rawTicketSchema } from "./schema.ts";

/**
 * One case as `fetch` read it, in our words. Names, phones, addresses and the buyer's own words are not carried over.
 * @throws SuiteError `payload_invalid` when a field without which the case means nothing is missing or malformed.
 */
export function normalize(
  raw: RawCase,
  context: { shopId: CaseObservation["shopId"]; observedAt: Date },
): CaseObservation {
  const { payload } = raw;
  const isRefund = typeof payload === "object" && payload !== null && "refundApply" in payload;
  if (isRefund) {
    const parsed = rawRefundSchema.safeParse(payload);
    if (parsed.success) return refundObservation(parsed.data, context);
    throw invalid(parsed.error.issues[0]?.path.join("."));
  }
  const parsed = rawTicketSchema.safeParse(payload);
  if (parsed.success) return ticketObservation(parsed.data, context);
  throw invalid(parsed.error.issues[0]?.path.join("."));
}

function invalid(field = "payload"): SuiteError {
  return new SuiteError("payload_invalid", `the case's ${field} is missing or malformed`, { details: { field } });
}
