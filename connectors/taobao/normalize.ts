import { type CaseObservation, wholeCase } from "#shared/case/observation.ts";
import { SuiteError } from "#shared/errors.ts";
import type { RawCase } from "../contract.ts";
import { instantOfChinaTime } from "../kit/time.ts";
import { factsOfExchange } from "./normalize-exchange.ts";
import { factsOfRefund } from "./normalize-refund.ts";
import { payloadSchema } from "./schema.ts";

type Context = { shopId: CaseObservation["shopId"]; observedAt: Date };

/**
 * One case as `fetch` read it, in our words. The version is the channel's `refund_version`, epoch milliseconds; where an
 * answer leaves it out, the second of its last change. Names, phones and addresses, also masked, and the buyer's own
 * words are not carried over.
 * @throws SuiteError `payload_invalid` when a field without which the case means nothing is missing or malformed.
 */
export function normalize(raw: RawCase, { shopId, observedAt }: Context): CaseObservation {
  const parsed = payloadSchema.safeParse(raw.payload);
  if (!parsed.success) throw invalid(fieldOf(parsed.error.issues));
  const payload = parsed.data;
  const record = "refund" in payload ? payload.refund : payload.exchange;
  const openedAt = instantOfChinaTime(record.created);
  const changedAt = instantOfChinaTime(record.modified);
  if (!openedAt) throw invalid("created");
  if (!changedAt) throw invalid("modified");
  const times = { openedAt, changedAt };
  return {
    channel: "taobao",
    shopId,
    channelCaseId: ("refund" in payload
      ? payload.refund.refund_id
      : payload.exchange.dispute_id) as CaseObservation["channelCaseId"],
    facet: wholeCase,
    version: record.refund_version ?? Date.parse(changedAt),
    observedAt: observedAt.toISOString(),
    facts: { ...times, ...("refund" in payload ? factsOfRefund(payload) : factsOfExchange(payload)) },
  };
}

/** Of a union the deepest issue names the field. */
function fieldOf(issues: readonly { path: PropertyKey[]; errors?: readonly (readonly { path: PropertyKey[] }[])[] }[]) {
  const nested = issues.flatMap(({ path, errors = [] }) => [path, ...errors.flat().map((issue) => issue.path)]);
  return nested.sort((a, b) => b.length - a.length)[0]?.join(".") || "payload";
}

function invalid(field: string): SuiteError {
  return new SuiteError("payload_invalid", `the case's ${field} is missing or malformed`, { details: { field } });
}
