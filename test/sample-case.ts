import { type Case, caseSchema } from "#shared/case/case.ts";
import type { Facts } from "#shared/case/observation.ts";

/**
 * A Douyin return that waits for the merchant's first answer until 12:00 on 27 November; about a kilobyte when stored.
 * The result is parsed, so a test cannot hold a case that the model would refuse.
 */
export function sampleCase({ id = "7001", facts, ...rest }: SampleOptions = {}): Case {
  const respond = {
    kind: "respond",
    dueAt: "2026-11-27T12:00:00.000Z",
    source: { from: "channel", field: "status_deadline" },
    onExpiry: "auto_approve",
  };
  return caseSchema.parse({
    tenantId: "acme",
    shopId: "4463798",
    channel: "douyin",
    channelCaseId: id,
    caseId: `douyin:4463798:${id}`,
    revision: 1,
    versions: { case: { version: 1, observedAt: "2026-11-25T12:00:00.000Z" } },
    facts: {
      orders: [{ orderId: "6921" }],
      type: { known: true, value: "return_refund", raw: "0" },
      state: { known: true, value: "requested", raw: "6" },
      waitingOn: "merchant",
      goods: {},
      money: { status: "none", claimed: { amountMinor: 15900, currency: "CNY" } },
      dispute: { status: { known: true, value: "none", raw: "0" } },
      deadlines: [respond],
      reason: { code: "no_reason.changed_mind", rawCode: "8" },
      evidence: [],
      flags: [],
      openedAt: "2026-11-25T12:00:00.000Z",
      raw: { status: "6", type: "0", apiVersion: "2" },
      ...facts,
    },
    deadlines: [{ ...respond, startedAt: "2026-11-25T12:00:00.000Z", status: "running", announced: [] }],
    commands: [],
    tasks: [],
    unexpectedMove: false,
    savedAt: "2026-11-25T12:00:00.000Z",
    news: [
      {
        name: "case.opened",
        at: "2026-11-25T12:00:00.000Z",
        data: { type: "return_refund", state: "requested", waitingOn: "merchant" },
      },
    ],
    ...rest,
  });
}

interface SampleOptions extends Partial<Omit<Case, "facts" | "tenantId" | "caseId">> {
  /** The channel's case id; the case id follows from it. */
  id?: string;
  tenantId?: string;
  facts?: Partial<Facts>;
}

/** The next revision, with one more remark in its news so that no two are alike. */
export function revised(current: Case, change: Partial<Case> = {}): Case {
  return { ...current, revision: current.revision + 1, news: [], ...change };
}
