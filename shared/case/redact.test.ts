import { describe, expect, it } from "vitest";
import { afterwards, inState, someCase, someObservation, tenantId } from "../../test/builders/case-builder.ts";
import type { Case } from "./case.ts";
import { caseSchema } from "./case.ts";
import { markSent, plan, settle } from "./commands.ts";
import { type News, newsSchema } from "./news.ts";
import { observe } from "./observe.ts";
import { asStored, newsWithoutPerson, redact } from "./redact.ts";

const now = "2026-11-26T09:00:00.000Z";
const erased = { why: "customer_asked", now } as const;
/** Stands wherever text of or about a person may stand. */
const person = "Erika-Mustermann";
const photos = [{ url: `https://files.example/${person}.jpg`, sha256: "a".repeat(64) }];
const parcel = { carrier: `${person} Express`, trackingNo: person };
const args = {
  note: person,
  staffNote: person,
  evidence: [{ kind: "photo", url: `https://files.example/${person}` }],
  trackingNo: person,
};

const facts = {
  ...inState("received"),
  goods: { status: "returned" as const, wayBack: parcel, replacement: parcel, addressProvided: true },
  inspection: { at: now, result: "accepted" as const, lines: [], photos },
  paidOutside: { at: now, amount: { amountMinor: 5, currency: "CNY" }, reference: person },
};

function refused(subject: Case): Case {
  const wish = { askedBy: "person:lin", mode: "auto", decidedOnVersion: 2, now } as const;
  const planned = plan(subject, { ...wish, action: "message_buyer", args });
  if (!planned.ok) throw new Error(planned.reason);
  const sent = markSent(planned.next, planned.command.commandId, now);
  if (!sent) throw new Error("not sent");
  return settle(sent, planned.command.commandId, { as: "refused", problem: person, now }) as Case;
}

const full = (): Case => {
  const task = { taskId: "t", what: "Ship it.", openedAt: now, doneWhen: [], text: person };
  return { ...refused(afterwards(someCase(), 2, facts)), tasks: [task] };
};

describe("a redacted case", () => {
  it("leads to no person any more, and says since when", () => {
    expect(JSON.stringify(full())).toContain(person);
    const next = redact(full(), erased);
    expect(JSON.stringify(next)).not.toContain(person);
    expect(next).toMatchObject({ redactedAt: now, news: [{ name: "case.redacted", data: { why: "customer_asked" } }] });
  });

  it("is still a case that can be read: state, money, who did what", () => {
    const before = full();
    const next = caseSchema.parse(redact(before, erased));
    expect(next).toMatchObject({
      revision: before.revision + 1,
      facts: { orders: before.facts.orders, state: before.facts.state, money: before.facts.money },
      commands: [{ action: "message_buyer", status: "refused", askedBy: "person:lin" }],
      tasks: [{ what: "Ship it." }],
    });
  });

  it("is redacted once", () => {
    const next = redact(full(), erased);
    expect(next && redact(next, erased)).toBeUndefined();
  });

  it("does not change when the channel shows the erased parcel again", () => {
    const next = redact(afterwards(someCase(), 2, facts), erased) as Case;
    expect(observe(next, someObservation(2, facts), tenantId)).toEqual({ kind: "same" });
    const later = observe(next, someObservation(3, { ...facts, ...inState("refunding") }), tenantId);
    expect(later.kind === "changed" && asStored(later.next)).toMatchObject({
      facts: { goods: { status: "returned" } },
    });
    expect(JSON.stringify(later)).not.toContain(person);
  });

  it("lets a command go out that is under way, and forgets its text once it is settled", () => {
    const wish = { askedBy: "person:lin", mode: "auto", decidedOnVersion: 2, now } as const;
    const planned = plan(afterwards(someCase(), 2, facts), { ...wish, action: "message_buyer", args });
    if (!planned.ok) throw new Error(planned.reason);
    const { commandId } = planned.command;
    const next = redact(planned.next, erased) as Case;
    expect(next.commands).toMatchObject([{ args }]);
    const settled = settle(next, commandId, { as: "refused", problem: person, now }) as Case;
    expect(JSON.stringify(asStored(settled))).not.toContain(person);
  });
});

it("stores a case as it is while nobody has asked for it to be redacted", () => {
  const subject = full();
  expect(asStored(subject)).toBe(subject);
});

describe("news", () => {
  const command = { commandId: "refuse-2", action: "refuse", askedBy: "person:lin" } as const;
  const told: News[] = [
    { name: "command.planned", at: now, data: { ...command, args } },
    { name: "command.proposed", at: now, data: { ...command, args } },
    { name: "command.refused", at: now, data: { ...command, problem: person } },
    { name: "command.unclear", at: now, data: { ...command, problem: person } },
    { name: "command.expired", at: now, data: { ...command, problem: person } },
    { name: "goods.observed", at: now, data: { to: "returning", trackingNo: person } },
    { name: "refund.paid_outside", at: now, data: { amount: { amountMinor: 5, currency: "CNY" }, reference: person } },
  ];
  it.each(told.map((each) => [each.name, each] as const))("of %s keep their form and lose the person", (_, each) => {
    const next = newsWithoutPerson(each);
    expect(newsSchema.safeParse(next).success).toBe(true);
    expect(JSON.stringify(next)).not.toContain(person);
  });
});
