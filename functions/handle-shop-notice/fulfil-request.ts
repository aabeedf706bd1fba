import * as z from "zod";
import type { CaseId, TenantId } from "#shared/case/ids.ts";
import { type Instant, instant } from "#shared/case/instant.ts";
import { later } from "#shared/case/later.ts";
import type { PrivacyRequest } from "#shared/case/privacy-request.ts";
import { isFreeOfPersons, newsWithoutPerson, redact } from "#shared/case/redact.ts";
import { sameValue } from "#shared/case/same-value.ts";
import { type ShopNotice, shopReferenceOf } from "#shared/case/shop-notice.ts";
import type { Clock } from "#shared/clock.ts";
import { log } from "#shared/log.ts";
import { count } from "#shared/metrics.ts";
import type { Message } from "#shared/queue.ts";
import type { Cases, PrivacyRequests, References, Shops, Timeline } from "#shared/store/index.ts";

/** Erasing is one pass over the cases, checking that they are clean another; each is cut into messages. */
export const stepSchema = z.strictObject({ doing: z.enum(["erase", "check"]), from: z.int().nonnegative() });
type Step = z.infer<typeof stepSchema>;

export interface RequestDeps {
  cases: Cases;
  timeline: Timeline;
  references: References;
  shops: Shops;
  privacyRequests: PrivacyRequests;
  clock: Clock;
  /** Sends messages to our own queue. */
  again: (messages: readonly Message[]) => Promise<void>;
}

type What = Exclude<ShopNotice["what"], { kind: "app_removed" }>;
interface Asked {
  notice: ShopNotice & { what: What };
  tenantId: TenantId;
  receivedAt: Instant;
  step?: Step | undefined;
}

const dayMs = 86_400_000;
/** Source: shopify.dev, "Privacy law compliance", read 2026-11-22; one month by GDPR, Art. 12(3). */
const dueAfterMs = 30 * dayMs;
const lateAfterMs = dayMs;
const casesPerMessage = 100;
const recordedCases = 1000;
/** The news of a redacted case reach its story by the stream, within seconds. */
const checkAfterSeconds = 60;
/** A command under way keeps its text until it is settled. */
const againAfterSeconds = 900;

/**
 * Writes the request down, carries it out and proves it: what was erased is read again before the request counts as done.
 * One to know ends with the list of the cases that there are, for the operators to hand out. Safe to repeat.
 */
export async function fulfilRequest(asked: Asked, deps: RequestDeps): Promise<void> {
  const { notice, tenantId, receivedAt, step } = asked;
  const { channel, shopId, topic, what } = notice;
  const request = await deps.privacyRequests.open({
    ...{ tenantId, channel, shopId, topic, kind: what.kind, receivedAt, status: "open" },
    requestId: `${channel}-${notice.noticeId}`,
    dueAt: later(receivedAt, dueAfterMs),
  });
  if (request.status !== "open") return;
  const caseIds = await casesOf(notice, tenantId, deps);
  if (what.kind === "data_requested") {
    await end(request, "ready", caseIds, deps);
    count("DataRequested", 1, { channel });
    return;
  }
  // Nothing to erase is nothing to wait for.
  const { doing, from } = step ?? { doing: caseIds.length > 0 ? "erase" : "check", from: 0 };
  const part = caseIds.slice(from, from + casesPerMessage);
  const isLast = from + casesPerMessage >= caseIds.length;
  const goOn = (next: Step, delaySeconds?: number) =>
    deps.again([{ body: JSON.stringify({ notice, receivedAt, step: next }), delaySeconds }]);

  if (doing === "erase") {
    for (const caseId of part) await erase(tenantId, caseId, { kind: what.kind }, deps);
    if (!isLast) return goOn({ doing, from: from + casesPerMessage });
    return goOn({ doing: "check", from: 0 }, checkAfterSeconds);
  }
  for (const caseId of part) {
    const left = await whatIsLeft(tenantId, caseId, deps);
    if (left === "nothing") continue;
    if (left === "story") await erase(tenantId, caseId, { kind: what.kind, again: true }, deps);
    const ageMs = deps.clock.now().getTime() - Date.parse(receivedAt);
    if (ageMs > lateAfterMs) count("ErasureLate", 1, { channel });
    log.warn("a case still leads to a person", { channel, shopId, caseId, requestId: request.requestId });
    return goOn({ doing: "erase", from: 0 }, againAfterSeconds);
  }
  if (!isLast) return goOn({ doing, from: from + casesPerMessage });
  if (what.kind === "shop_erasure") await deps.shops.forget({ tenantId, channel, shopId });
  await end(request, "done", caseIds, deps);
  count("ErasureDone", 1, { channel });
}

/** Ids of the cases a request is about, always in the same order. */
async function casesOf(
  { channel, shopId, what }: Asked["notice"],
  tenantId: TenantId,
  { references }: RequestDeps,
): Promise<CaseId[]> {
  const wanted = what.kind === "shop_erasure" ? [shopReferenceOf({ channel, shopId })] : what.orders;
  const found = new Set<CaseId>();
  for (const reference of wanted) {
    for (const caseId of await references.find(tenantId, reference)) {
      if (caseId.startsWith(`${channel}:${shopId}:`)) found.add(caseId);
    }
  }
  return [...found].sort();
}

async function erase(
  tenantId: TenantId,
  caseId: CaseId,
  { kind, again = false }: { kind: What["kind"]; again?: boolean },
  { cases, clock }: RequestDeps,
): Promise<void> {
  const why = kind === "shop_erasure" ? "shop_left" : "customer_asked";
  await cases.change(tenantId, caseId, (current) => redact(current, { why, again, now: instant(clock.now()) }));
}

/** What still leads to a person, as it is stored now: the case itself, or only its story. */
async function whatIsLeft(
  tenantId: TenantId,
  caseId: CaseId,
  { cases, timeline }: RequestDeps,
): Promise<"case" | "story" | "nothing"> {
  const subject = await cases.get(tenantId, caseId);
  if (subject && !isFreeOfPersons(subject)) return "case";
  const story = await timeline.read(tenantId, caseId);
  return story.every(({ news }) => sameValue(news, newsWithoutPerson(news))) ? "nothing" : "story";
}

async function end(
  request: PrivacyRequest,
  status: "ready" | "done",
  caseIds: readonly CaseId[],
  { privacyRequests, clock }: RequestDeps,
): Promise<void> {
  const endedAt = instant(clock.now());
  const [cases, listed] = [caseIds.length, caseIds.slice(0, recordedCases)];
  await privacyRequests.end({ ...request, status, endedAt, cases, caseIds: listed });
  const { channel, shopId, requestId, kind } = request;
  log.info("privacy request fulfilled", { channel, shopId, requestId, kind, status, cases });
}
