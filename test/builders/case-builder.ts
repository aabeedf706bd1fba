import type { Case } from "#shared/case/case.ts";
import { tenantIdSchema } from "#shared/case/ids.ts";
import type { CaseObservation, Facts } from "#shared/case/observation.ts";
import { caseObservationSchema } from "#shared/case/observation.ts";
import { observe } from "#shared/case/observe.ts";

export const tenantId = tenantIdSchema.parse("t1");

/** Facts of a return that waits for the merchant until noon of the third day; parts can be replaced. */
export function someFacts(parts: Partial<Facts> = {}): Facts {
  return {
    orders: [{ orderId: "6930000000000000103", lineId: "6930000000000000104" }],
    type: { known: true, value: "return_refund", raw: "0" },
    shipped: true,
    state: { known: true, value: "requested", raw: "6" },
    waitingOn: "merchant",
    goods: { status: "with_buyer" },
    money: { status: "pending", claimed: { amountMinor: 15_900, currency: "CNY" } },
    dispute: { status: { known: true, value: "none", raw: "0" } },
    deadlines: [
      {
        kind: "respond",
        dueAt: "2026-11-27T12:00:00.000Z",
        source: { from: "channel", field: "status_deadline" },
        onExpiry: "auto_approve",
      },
    ],
    reason: { code: "no_reason.changed_mind", rawCode: "6", rawText: "不喜欢" },
    evidence: [],
    flags: [],
    openedAt: "2026-11-25T12:00:00.000Z",
    raw: { status: "6", type: "0", apiVersion: "2" },
    ...parts,
  };
}

/** An observation of the facts above at a version; read one second after it was made. */
export function someObservation(version: number, facts: Partial<Facts> = {}): CaseObservation {
  return caseObservationSchema.parse({
    channel: "douyin",
    shopId: "10437917",
    channelCaseId: "7301234567890123403",
    facet: "case",
    version,
    observedAt: new Date(Date.parse("2026-11-25T12:00:00.000Z") + version * 1000 + 1000).toISOString(),
    facts: someFacts(facts),
  });
}

/** A case as its first observation opens it. */
export function someCase(facts: Partial<Facts> = {}): Case {
  const observed = observe(undefined, someObservation(1, facts), tenantId);
  if (observed.kind !== "opened") throw new Error(`expected an opened case, got ${observed.kind}`);
  return observed.next;
}

/** The case after one more observation. */
export function afterwards(current: Case, version: number, facts: Partial<Facts>): Case {
  const observed = observe(current, someObservation(version, facts), tenantId);
  if (observed.kind !== "changed") throw new Error(`expected a changed case, got ${observed.kind}`);
  return observed.next;
}

export const inState = (
  value: "approved" | "return_in_transit" | "received" | "refunding" | "refunded" | "rejected" | "closed" | "requested",
  raw = value as string,
): Pick<Facts, "state"> => ({
  state: { known: true, value, raw },
});

export const names = (subject: Case): string[] => subject.news.map(({ name }) => name);
