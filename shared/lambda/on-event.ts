import * as z from "zod";
import { type AnyDetail, anyDetailSchema, eventSource } from "../events/case-events.ts";
import { onQueue, type QueueOptions } from "./on-queue.ts";

const busEventSchema = z.object({
  source: z.literal(eventSource),
  "detail-type": z.string(),
  detail: anyDetailSchema,
});

/** The way in from the bus: a rule puts the event on a queue of this function. */
export function onEvent(work: (news: AnyDetail, name: string) => Promise<void>, options: QueueOptions) {
  return onQueue(busEventSchema, (event) => work(event.detail, event["detail-type"]), options);
}
