import { type CaseObservation, type Facts, wholeCase } from "#shared/case/observation.ts";
import { SuiteError } from "#shared/errors.ts";
import type { RawCase } from "../contract.ts";
import { cancelCaseId, externalCaseId, fbaCaseId, returnCaseId } from "./case-id.ts";
import { cancelFacts } from "./normalize-cancel.ts";
import { externalFacts } from "./normalize-external.ts";
import { fbaFacts } from "./normalize-fba.ts";
import { heldFacts } from "./normalize-held.ts";
import { returnFacts } from "./normalize-return.ts";
import { payloadSchema } from "./schema.ts";

type Context = { shopId: CaseObservation["shopId"]; observedAt: Date };
type Payload = ReturnType<typeof payloadSchema.parse>;

/**
 * One case, from the rows of a report, an order's notification, or what Finances says of a case that we hold. Amazon gives
 * no version, so it is the time of the reading. What a source does not have is left out, so that it stays as it was.
 * @throws SuiteError `payload_invalid` when a field without which the case means nothing is missing or malformed.
 */
export function normalize(raw: RawCase, { shopId, observedAt }: Context): CaseObservation {
  const parsed = payloadSchema.safeParse(raw.payload);
  if (!parsed.success) {
    const field = parsed.error.issues[0]?.path.join(".") ?? "payload";
    throw new SuiteError("payload_invalid", `the case's ${field} is missing or malformed`, { details: { field } });
  }
  return {
    channel: "amazon",
    shopId,
    channelCaseId: idOf(parsed.data),
    facet: wholeCase,
    version: observedAt.getTime(),
    observedAt: observedAt.toISOString(),
    facts: factsOf(parsed.data),
  };
}

function factsOf(payload: Payload): Partial<Facts> {
  switch (payload.kind) {
    case "return":
      return returnFacts(payload);
    case "cancel":
      return cancelFacts(payload);
    case "fba_return":
      return fbaFacts(payload);
    case "external":
      return externalFacts(payload);
    case "held":
      return heldFacts(payload);
  }
}

function idOf(payload: Payload): CaseObservation["channelCaseId"] {
  const { orderId } = payload;
  switch (payload.kind) {
    case "return": {
      const [row] = payload.rows;
      return returnCaseId(orderId, payload.rmaId, row ?? { requestDate: "" });
    }
    case "cancel":
      return cancelCaseId(orderId);
    case "fba_return":
      return fbaCaseId(orderId, payload.unitId);
    case "external":
      return externalCaseId(orderId, payload.rmaId, payload.lines[0]?.returnId ?? "");
    case "held":
      return payload.channelCaseId as CaseObservation["channelCaseId"];
  }
}
