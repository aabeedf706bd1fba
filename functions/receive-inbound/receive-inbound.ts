import { createHash } from "node:crypto";
import { type Case, stateOf } from "#shared/case/case.ts";
import { type CaseId, type TenantId, tenantIdSchema } from "#shared/case/ids.ts";
import { factOf, type InboundEvent, type InboundMessage, inboundEventSchema } from "#shared/case/inbound-event.ts";
import { isFinal } from "#shared/case/states.ts";
import type { Clock } from "#shared/clock.ts";
import { SuiteError } from "#shared/errors.ts";
import { verifyInbound } from "#shared/inbound.ts";
import { inboundOwner } from "#shared/inbound-owner.ts";
import type { HttpAnswer, HttpCall } from "#shared/lambda/on-http.ts";
import { log } from "#shared/log.ts";
import { count } from "#shared/metrics.ts";
import type { Message } from "#shared/queue.ts";
import type { Cases, Inbound, References } from "#shared/store/index.ts";
import type { Vault } from "#shared/vault.ts";

const maxBodyBytes = 256 * 1024;
const shortestSecret = 16;
/** How far a sender's clock may be ahead, as for the signature's time. */
const aheadMs = 300_000;
const utf8 = new TextDecoder("utf-8", { fatal: true });

export interface Deps {
  cases: Cases;
  references: References;
  inbound: Inbound;
  vault: Vault;
  clock: Clock;
  enqueue: (messages: readonly Message[]) => Promise<void>;
}

type Refusal = { status: number; reason: string; sentence: string };

/**
 * Takes what the merchant's own warehouse or finance reports: proves who it is from, finds the case, queues the fact for
 * it. Answers 202 only after the queue has it, and 200 when it has been taken before. Changes no case. What is refused
 * leaves nothing behind but a count.
 */
export async function receiveInbound(call: HttpCall, deps: Deps): Promise<HttpAnswer> {
  const outcome = await take(call, deps);
  if ("reason" in outcome) {
    count("InboundRefused");
    log.warn("inbound message refused", { reason: outcome.reason });
    return answer(outcome.status, { reason: outcome.reason, message: outcome.sentence });
  }
  return answer(outcome.status, { message: outcome.status === 200 ? "taken before" : "accepted" });
}

async function take(call: HttpCall, deps: Deps): Promise<{ status: 200 | 202 } | Refusal> {
  if (call.body.length > maxBodyBytes) return refusal(413, "body_too_large", "The body is larger than 256 KB.");
  const tenantId = tenantIdSchema.safeParse(call.params.tenantId ?? "").data;
  const wrong = tenantId === undefined ? "no_keys" : await verify(call, tenantId, deps);
  // One sentence for every reason: who guesses learns nothing, not even which tenants there are.
  if (!tenantId || wrong) {
    log.warn("inbound signature refused", { reason: wrong });
    return refusal(401, "not_signed", "The signature, its time or its key does not fit.");
  }
  const event = read(call.body);
  if ("reason" in event) return event;
  // The newest report counts, so one from the future could never be corrected.
  if (Date.parse(event.occurred_at) > deps.clock.now().getTime() + aheadMs)
    return refusal(400, "malformed", "occurred_at: lies in the future");
  if (await deps.inbound.isMarked(tenantId, event.event_id)) return { status: 200 };
  const subject = await find(tenantId, event, deps);
  if ("reason" in subject) return subject;
  const impossible = objectionTo(subject, event);
  if (impossible) return impossible;

  const { caseId } = subject;
  const { event_id: eventId, occurred_at: occurredAt } = event;
  const message: InboundMessage = { tenantId, caseId, eventId, occurredAt, fact: factOf(event) };
  await deps.enqueue([inboundMessage(message)]);
  await deps.inbound.mark(tenantId, eventId, deps.clock.now());
  count("InboundAccepted");
  return { status: 202 };
}

async function verify(call: HttpCall, tenantId: TenantId, { inbound, vault, clock }: Deps) {
  const sealed = await inbound.keys(tenantId);
  const keys = await Promise.all(
    sealed.map(async (key) => ({
      keyId: key.keyId,
      secret: secretOf(await vault.open(key.sealed, inboundOwner(tenantId))),
    })),
  );
  return verifyInbound(call, keys, clock.now());
}

/** @throws SuiteError `misconfigured`, so that nothing is ever compared with an empty secret. */
function secretOf(secret: unknown): string {
  if (typeof secret === "string" && secret.length >= shortestSecret) return secret;
  throw new SuiteError("misconfigured", "a key of the tenant holds no secret: make another with connect-warehouse");
}

function read(body: Uint8Array): InboundEvent | Refusal {
  let parsed: unknown;
  try {
    parsed = JSON.parse(utf8.decode(body));
  } catch {
    return refusal(400, "not_json", "The body is not JSON in UTF-8.");
  }
  const event = inboundEventSchema.safeParse(parsed);
  if (event.success) return event.data;
  const [issue] = event.error.issues;
  const place = issue?.path.join(".") || "the body";
  return refusal(400, "malformed", `${place}: ${issue?.message ?? "does not fit"}`.slice(0, 300));
}

/** By our id, or by the parcel. A parcel of several cases must come with the id. */
async function find(tenantId: TenantId, { data }: InboundEvent, { cases, references }: Deps): Promise<Case | Refusal> {
  const { case_id: caseId, tracking_number: trackingNo } = data;
  const ids: CaseId[] = caseId ? [caseId] : await references.find(tenantId, trackingNo ?? "");
  if (ids.length > 1)
    return refusal(409, "several_cases", "The parcel belongs to several cases: say which, by case_id.");
  const [only] = ids;
  const subject = only && (await cases.get(tenantId, only));
  return subject || refusal(404, "case_unknown", "There is no such case yet: send it again later.");
}

function objectionTo(subject: Case, { type }: InboundEvent): Refusal | undefined {
  if (type === "refund.paid" || !isFinal(stateOf(subject))) return undefined;
  return refusal(409, "case_is_over", `The case is ${stateOf(subject)}: nothing can be received or inspected on it.`);
}

/** One case after the other, each event once in five minutes; what comes later is dropped by its mark, or changes nothing. */
function inboundMessage(message: InboundMessage): Message {
  const { tenantId, caseId, eventId } = message;
  return {
    body: JSON.stringify(message),
    group: caseId.replaceAll(/[^\w.:-]/g, "_").slice(-100),
    // Hashed, because both together may be longer than a queue takes, and cut they could be another tenant's.
    deduplicationId: createHash("sha256").update(`${tenantId}:${eventId}`).digest("hex"),
  };
}

function refusal(status: number, reason: string, sentence: string): Refusal {
  return { status, reason, sentence };
}

function answer(status: number, body: object): HttpAnswer {
  return { status, contentType: "application/json", body: JSON.stringify(body) };
}
