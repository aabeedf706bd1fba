import type { AttributeValue } from "@aws-sdk/client-dynamodb";
import type { DynamoDBRecord } from "aws-lambda";
import { attentionAt, type Case } from "#shared/case/case.ts";
import { factsOf } from "#shared/case/command.ts";
import type { News } from "#shared/case/news.ts";
import { personsTermStart } from "#shared/case/persons-term.ts";
import { newsWithoutPerson } from "#shared/case/redact.ts";
import { shopReferenceOf } from "#shared/case/shop-notice.ts";
import { isFinal } from "#shared/case/states.ts";
import type { Clock } from "#shared/clock.ts";
import { type BusEvent, type BusScope, eventsOf } from "#shared/events/case-events.ts";
import { commandMessage } from "#shared/lanes.ts";
import { count } from "#shared/metrics.ts";
import type { Message } from "#shared/queue.ts";
import { refundDayOf } from "#shared/refund-days.ts";
import { caseOfItem, type References, type Timeline } from "#shared/store/index.ts";

export interface Deps {
  timeline: Timeline;
  references: References;
  publish: (events: readonly BusEvent[]) => Promise<void>;
  busScope: BusScope;
  sendCommands: (messages: readonly Message[]) => Promise<void>;
  sendTimers: (messages: readonly Message[]) => Promise<void>;
  clock: Clock;
  /** How often deadlines are swept. What falls due before the next sweep gets its timer here. */
  sweepEveryMs: number;
}

/**
 * Publishes the news of one saved revision: to the timeline, to the bus, and, for planned commands, to the queue of the
 * shop's writer. A clock that needs attention before a sweep would see it gets its timer. The stream is the outbox: what is not published now comes again, and each step bears repeating.
 */
export async function publishEvents(record: DynamoDBRecord, deps: Deps): Promise<void> {
  const image = record.dynamodb?.NewImage as Record<string, AttributeValue> | undefined;
  const subject = image && caseOfItem(image);
  if (!subject) return;
  await ringSoon(subject, deps);
  if (subject.news.length === 0) return;
  await deps.timeline.append(subject);
  await refer(subject, deps.references);
  if (subject.news.some(({ name }) => name === "case.redacted")) await redactStory(subject, deps);
  const commands = commandMessages(subject);
  if (commands.length > 0) await deps.sendCommands(commands);
  const events = eventsOf(subject, deps.busScope);
  if (events.length > 0) await deps.publish(events);
  for (const news of subject.news) measure(news, subject.channel);
}

/** A sweep may come at any moment, or be a little late; a timer that fires twice does nothing twice. */
async function ringSoon(subject: Case, { sendTimers, clock, sweepEveryMs }: Deps): Promise<void> {
  const at = attentionAt(subject);
  if (at === undefined) return;
  const leftMs = Math.max(0, Date.parse(at) - clock.now().getTime());
  if (leftMs > sweepEveryMs) return;
  const { tenantId, caseId } = subject;
  await sendTimers([{ body: JSON.stringify({ tenantId, caseId }), delaySeconds: Math.ceil(leftMs / 1000) }]);
}

/** A case can be found by the order and the tracking number, which is what people have in hand, and by its shop. */
async function refer(subject: Case, references: References): Promise<void> {
  const names = subject.news.map(({ name }) => name);
  const { orders, goods } = subject.facts;
  const wanted = [
    ...(names.includes("case.opened") ? [shopReferenceOf(subject)] : []),
    ...(names.includes("case.opened") || names.includes("case.amended") ? orders.map(({ orderId }) => orderId) : []),
    ...(names.includes("goods.observed") && goods.wayBack ? [goods.wayBack.trackingNo] : []),
  ];
  if (wanted.length > 0) await references.put(subject.tenantId, subject.caseId, wanted);
  const ofMoney = subject.news.filter(isAboutMoney).map(({ at }) => refundDayOf(subject, at));
  if (ofMoney.length > 0) await references.put(subject.tenantId, subject.caseId, ofMoney, "refund_reference");
  const end = subject.news.findLast(isEnd);
  if (end) await references.putEnded(subject, { caseId: subject.caseId, from: personsTermStart(subject, end.at) });
}

/**
 * Erases what leads to a person from the story of a case, and with it the tracking numbers it was found by. It is done
 * here, because the stream keeps the order of a case: everything told before has been written down by now.
 */
async function redactStory({ tenantId, caseId }: Case, { timeline, references }: Deps): Promise<void> {
  const entries = await timeline.read(tenantId, caseId);
  const parcels = entries.flatMap(({ news }) => (news.name === "goods.observed" ? (news.data.trackingNo ?? []) : []));
  await references.remove(tenantId, caseId, parcels);
  await timeline.rewrite(tenantId, caseId, newsWithoutPerson);
}

/** The nightly reconciliation finds by day on which cases money moved, or was asked to. */
function isAboutMoney(news: News): boolean {
  return news.name === "refund.observed" || (news.name === "command.sent" && factsOf(news.data.action).movesMoney);
}

/** The nightly erasure finds which cases are over, and since when. */
function isEnd(news: News): boolean {
  if (news.name === "case.opened") return isFinal(news.data.state);
  return news.name === "case.moved" && isFinal(news.data.to);
}

function commandMessages(subject: Case): Message[] {
  const { channel, shopId, tenantId, caseId } = subject;
  const place = { channel, shopId, tenantId, caseId };
  return subject.news.flatMap(({ name, data }) => {
    if (name === "command.planned") return [commandMessage({ ...place, commandId: data.commandId })];
    if (name === "command.retried") return [commandMessage({ ...place, ...data })];
    return [];
  });
}

function measure(news: News, channel: string): void {
  if (news.name === "deadline.missed") {
    const { source, kind } = news.data;
    count(source === "tenant" ? "ServiceLevelMissed" : "DeadlineMissed", 1, { channel, kind });
  }
  if (news.name === "deadline.moved") count("DeadlineMoved", 1, { channel, kind: news.data.kind });
  if (news.name === "deadline.escalated") count("DeadlineEscalated", 1, { channel });
  if (news.name === "decision.made" && news.data.rule.startsWith("act_before_expiry:")) {
    count("ActedBeforeExpiry", 1, { channel });
  }
  if (news.name === "deadline.approaching") count("DeadlineApproaching", 1, { channel, kind: news.data.kind });
  if (news.name === "deadline.met" && news.data.source === "tenant") count("ServiceLevelMet", 1, { channel });
  if (news.name === "deadline.met" && news.data.source !== "tenant") {
    count("DeadlineMet", 1, { channel, kind: news.data.kind });
    count("DeadlineMarginSeconds", Math.round(news.data.marginMs / 1000), { channel, kind: news.data.kind });
  }
  if (news.name === "command.sent") count("CommandSent", 1, { channel });
  if (news.name === "command.confirmed") count("CommandConfirmed", 1, { channel });
  if (news.name === "command.refused") count("CommandRefused", 1, { channel });
  if (news.name === "command.unclear") count("CommandUnclear", 1, { channel });
  if (news.name === "command.retried") count("CommandRetried", 1, { channel });
  if (news.name === "refund.mismatched") count("RefundMismatched", 1, { channel });
  if (news.name === "refund.clawed_back") count("RefundClawedBack", 1, { channel });
}
