import * as z from "zod";
import type { Case } from "../case/case.ts";
import { channelSchema } from "../case/channel.ts";
import { caseIdSchema, channelCaseIdSchema, shopIdSchema, tenantIdSchema } from "../case/ids.ts";
import { instantSchema } from "../case/instant.ts";
import { type NewsName, newsData, newsNames } from "../case/news.ts";

/** The `source` of every event we put on the bus. */
export const eventSource = "casebridge.cases";
/** Raised when a subscriber could misread the detail of any event; additions do not raise it. */
export const eventVersion = 1;
export const eventNames: readonly NewsName[] = newsNames;

const envelope = {
  version: z.literal(eventVersion),
  /** The same fact has the same id however often it is delivered. */
  eventId: z.string(),
  tenantId: tenantIdSchema,
  shopId: shopIdSchema,
  channel: channelSchema,
  caseId: caseIdSchema,
  channelCaseId: channelCaseIdSchema,
  /** The revision of the case that this is news of. */
  revision: z.int().positive(),
  at: instantSchema,
};

/** The zod schema of the detail of one event. Our own, so unknown members are refused. */
export function detailSchema<N extends NewsName>(name: N) {
  return z.strictObject({ ...envelope, data: newsData[name] });
}

/** What every event tells, whatever it is about. For subscribers that only need to know which case to look at. */
export const anyDetailSchema = z.strictObject({ ...envelope, data: z.unknown() });
export type AnyDetail = z.infer<typeof anyDetailSchema>;

export interface BusEvent {
  name: NewsName;
  detail: AnyDetail;
}

/** What goes on the bus: what became of cases, or each step of the suite and of its clocks as well. */
export const busScopes = ["outcomes", "all"] as const;
export type BusScope = (typeof busScopes)[number];

/**
 * News of how the suite works at a case. The timeline has them; on the bus, where each event is billed, they would be
 * two in five, and the outcome of each is an event of its own: met or missed, confirmed or refused.
 */
export const steps: readonly NewsName[] = [
  ...(["deadline.set", "deadline.met", "deadline.cancelled"] as const),
  ...(["command.planned", "command.sent", "command.retried"] as const),
];

/** The events of a revision, one per piece of news that goes on the bus, in order. */
export function eventsOf(subject: Case, scope: BusScope): BusEvent[] {
  const { tenantId, shopId, channel, caseId, channelCaseId, revision } = subject;
  const events: BusEvent[] = subject.news.map(({ name, at, data }, index) => ({
    name,
    detail: {
      version: eventVersion,
      eventId: `${caseId}#${revision}#${index}`,
      tenantId,
      shopId,
      channel,
      caseId,
      channelCaseId,
      revision,
      at,
      data,
    },
  }));
  return scope === "all" ? events : events.filter(({ name }) => !steps.includes(name));
}
