import { isDeepStrictEqual } from "node:util";
import pRetry from "p-retry";
import { riskOf } from "#shared/case/at-risk.ts";
import { attentionAt, type Case, stateOf } from "#shared/case/case.ts";
import type { Channel } from "#shared/case/channel.ts";
import { type DeadlineKind, deadlineKindSchema, runsAfterEnd } from "#shared/case/deadline.ts";
import type { CaseId, TenantId } from "#shared/case/ids.ts";
import { type Instant, instant } from "#shared/case/instant.ts";
import { asStored } from "#shared/case/redact.ts";
import { endOf } from "#shared/case/retention.ts";
import { isFinal } from "#shared/case/states.ts";
import { type WaitingOn, waitingOnSchema } from "#shared/case/vocabulary.ts";
import { isSuiteError, SuiteError } from "#shared/errors.ts";
import { type Attributes, caseItemSchema, readItem, schemaVersion, writeItem } from "./item.ts";
import { atRiskOf, caseKey, caseOfKey, dueCasePartition, dueCases, type ShopKey, worklistOf } from "./keys.ts";
import { getItem, getMany, itemsOf, largestBatchGet, pagesOf } from "./query.ts";
import type { Place } from "./request.ts";
import { putIf } from "./write.ts";

export interface DueCase {
  tenantId: TenantId;
  caseId: CaseId;
  dueAt: Instant;
}

/** A case that nobody has answered although its clock is in the last hour, or past it. */
export interface CaseAtRisk {
  tenantId: TenantId;
  caseId: CaseId;
  dueAt: Instant;
  kind?: DeadlineKind;
}

/** Where a case stands in a worklist. */
export interface WorklistPlace {
  worklistAt: Instant;
  caseId: CaseId;
}

/** Sorts after every kind that may follow an instant. */
const afterKinds = "~";

export type Cases = ReturnType<typeof createCases>;

export function createCases(place: Place) {
  /** The case as it is now, or undefined. */
  async function get(tenantId: TenantId, caseId: CaseId): Promise<Case | undefined> {
    const item = await getItem(place, caseKey(tenantId, caseId));
    return item && readItem(caseItemSchema, item).body;
  }

  /**
   * Stores a new case in one request. Where there is one already, the same request brings it back, so that a duplicate
   * costs no second one. The very same case again, as after a lost answer, counts as created.
   */
  async function create(first: Case): Promise<{ created: true } | { created: false; current: Case }> {
    const item = caseItem(first);
    // What is past its end is gone, whether or not the table has deleted it by now.
    const condition = "attribute_not_exists(#pk) OR #expiresAtSeconds <= :now";
    const values = { now: Math.floor(place.clock.now().getTime() / 1000) };
    const write = await putIf(place, item, { condition, values });
    if (write.written || isDeepStrictEqual(write.current, item)) return { created: true };
    if (write.current) return { created: false, current: readItem(caseItemSchema, write.current).body };
    throw new SuiteError("store_unavailable", "the table refused a case without showing the one it has");
  }

  /**
   * Stores the next revision of a case in one conditional write.
   *
   *   A   reads r7   puts r8 if r7 is stored: yes
   *   B   reads r7            puts r8 if r7 is stored: no, it is r8. Equal to B's? Then it is done. Else B reads again.
   *   A'  its answer was lost, so the client sends r8 again: no, it is r8, and equal: done.
   *
   * @throws SuiteError `case_changed` (retryable), `case_not_found` (retryable), `item_too_large`
   */
  async function save(next: Case): Promise<void> {
    const item = caseItem(next);
    const values = { previous: next.revision - 1 };
    const write = await putIf(place, item, { condition: "#revision = :previous", values });
    if (write.written || isDeepStrictEqual(write.current, item)) return;
    const details = { caseId: next.caseId, revision: next.revision };
    if (!write.current) throw new SuiteError("case_not_found", "there is no such case to save", { details });
    throw new SuiteError("case_changed", "another revision was stored first", { details });
  }

  /**
   * Reads, decides and saves, again from the start whenever somebody else saved first. `decide` returns undefined when
   * there is nothing to do. It may be shown a case that already holds its own earlier work (a save whose answer was lost
   * and which others have built upon), so it looks for that first. Whoever has just read the case hands it over as `held`,
   * and it is not read again unless somebody saved meanwhile: the write is conditional on its revision.
   * @throws SuiteError `case_not_found` (retryable), `case_changed` (retryable) when others keep winning
   */
  function change(
    tenantId: TenantId,
    caseId: CaseId,
    decide: (current: Case) => Case | undefined,
    held?: Case,
  ): Promise<{ saved: boolean; current: Case }> {
    const attempt = async (number: number) => {
      const current = (number === 1 && held) || (await get(tenantId, caseId));
      if (!current) throw new SuiteError("case_not_found", "there is no such case", { details: { caseId } });
      const next = decide(current);
      if (!next) return { saved: false, current };
      await save(next);
      return { saved: true, current: next };
    };
    // A queue brings the news of one case one by one, so only timers, people and commands meet here: few, and briefly.
    const contention = { retries: 8, minTimeout: 10, maxTimeout: 300, randomize: true };
    return pRetry(attempt, { ...contention, shouldRetry: ({ error }) => isSuiteError(error, "case_changed") });
  }

  /** Cases of one shard that need a look by `until`, soonest first. The index may be a moment behind: read the case. */
  async function* due({ shard, until }: { shard: number; until: Date }): AsyncGenerator<DueCase> {
    const where = "#duePartition = :shard AND #dueAt <= :until";
    const values = { shard: dueCases(shard), until: instant(until) };
    for await (const { pk, dueAt } of itemsOf(place, { index: "due", where, values })) {
      yield { ...caseOfKey({ pk: pk?.S ?? "" }), dueAt: dueAt?.S ?? "" };
    }
  }

  /** Cases of a channel whose clock has run out or is about to, up to `until`, the longest overdue first. */
  async function* atRisk({ channel, until }: { channel: Channel; until: Date }): AsyncGenerator<CaseAtRisk> {
    const where = "#riskPartition = :channel AND #riskAt <= :until";
    const values = { channel: atRiskOf(channel), until: `${instant(until)}${afterKinds}` };
    for await (const { pk, riskAt: at } of itemsOf(place, { index: "risk", where, values })) {
      const [dueAt = "", kind = ""] = (at?.S ?? "").split(" ");
      // What was saved before 2026-11-25 has no kind.
      const known = deadlineKindSchema.safeParse(kind);
      yield { ...caseOfKey({ pk: pk?.S ?? "" }), dueAt, ...(known.success && { kind: known.data }) };
    }
  }

  /**
   * The open cases of one shop, whomever they wait on. Walks the tenant's worklist, of which the index holds keys alone, so
   * other shops' cases cost a few bytes each and are not read.
   */
  async function* openOf({ tenantId, channel, shopId }: ShopKey): AsyncGenerator<Case> {
    for (const waitingOn of waitingOnSchema.options) {
      const values = { partition: worklistOf(tenantId, waitingOn) };
      for await (const page of pagesOf(place, {
        index: "worklist",
        where: "#worklistPartition = :partition",
        values,
      })) {
        const keys = page
          .map(({ pk, sk }) => ({ pk: pk?.S ?? "", sk: sk?.S ?? "" }))
          .filter((key) => caseOfKey(key).caseId.startsWith(`${channel}:${shopId}:`));
        for (let start = 0; start < keys.length; start += largestBatchGet) {
          for (const item of await getMany(place, keys.slice(start, start + largestBatchGet))) {
            yield readItem(caseItemSchema, item).body;
          }
        }
      }
    }
  }

  /** A tenant's open cases that wait on somebody, the nearest due time (or else the oldest) first. */
  async function* worklist(tenantId: TenantId, waitingOn: WaitingOn): AsyncGenerator<Case> {
    for await (const { subject } of worklistFrom(tenantId, waitingOn)) yield subject;
  }

  /** As `worklist`, with the place of each case, after which another list can go on. */
  async function* worklistFrom(
    tenantId: TenantId,
    waitingOn: WaitingOn,
    { after, pageSize = largestBatchGet }: { after?: WorklistPlace | undefined; pageSize?: number } = {},
  ): AsyncGenerator<{ subject: Case; place: WorklistPlace }> {
    const partition = worklistOf(tenantId, waitingOn);
    const startAfter = after && {
      ...caseKey(tenantId, after.caseId),
      worklistPartition: partition,
      worklistAt: after.worklistAt,
    };
    const query = { index: "worklist", where: "#worklistPartition = :partition", values: { partition } } as const;
    for await (const page of pagesOf(place, { ...query, startAfter, pageSize })) {
      const keys = page.map(({ pk, sk }) => ({ pk: pk?.S ?? "", sk: sk?.S ?? "" }));
      const times = new Map(page.map(({ pk, worklistAt }) => [pk?.S, worklistAt?.S ?? ""]));
      for (const attributes of await getMany(place, keys)) {
        const { body, pk, worklistPartition } = readItem(caseItemSchema, attributes);
        if (worklistPartition !== partition) continue; // it has moved on since the index was written
        yield { subject: body, place: { worklistAt: times.get(pk) ?? "", caseId: body.caseId } };
      }
    }
  }

  return { get, create, save, change, due, atRisk, worklist, worklistFrom, openOf };
}

function caseItem(subject: Case): Attributes {
  const body = asStored(subject);
  const dueAt = attentionAt(body);
  const isOver = isFinal(stateOf(body));
  // What the merchant may still ask of the platform is work as well, and the merchant's, whoever the case waited for.
  const running = body.deadlines
    .filter(({ kind, status }) => status === "running" && (!isOver || runsAfterEnd(kind)))
    .map((deadline) => deadline.dueAt);
  const risk = riskOf(body);
  const onWorklist = !isOver || running.length > 0;
  return writeItem({
    ...caseKey(body.tenantId, body.caseId),
    entity: "case",
    schemaVersion,
    tenantId: body.tenantId,
    revision: body.revision,
    ...(dueAt && { duePartition: dueCasePartition(body.caseId), dueAt }),
    ...(risk && { riskPartition: atRiskOf(body.channel), riskAt: `${risk.dueAt} ${risk.kind}` }),
    ...(isOver && { expiresAtSeconds: endOf("case", body.savedAt) }),
    ...(onWorklist && {
      worklistPartition: worklistOf(body.tenantId, isOver ? "merchant" : body.facts.waitingOn),
      worklistAt: running.sort()[0] ?? body.facts.openedAt,
    }),
    body,
  });
}
