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

/** The events of a revision, one per piece of news, in order. */
export function eventsOf(subject: Case): BusEvent[] {
  const { tenantId, shopId, channel, caseId, channelCaseId, revision } = subject;
  return subject.news.map(({ name, at, data }, index) => ({
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
}
