import * as z from "zod";
import type { Json, JsonObject } from "../assembly/json.ts";
import { readPattern } from "../events/event-pattern.ts";

export const filterCriteria = z.object({ Filters: z.array(z.object({ Pattern: z.string() })).default([]) });

/** Whether a record passes an event source mapping's filters; everything passes when there is none. */
export function readFilter(criteria: z.infer<typeof filterCriteria> | undefined): (record: Json) => boolean {
  const tests = (criteria?.Filters ?? []).map(({ Pattern }) => readPattern(JSON.parse(Pattern) as JsonObject));
  return (record) => tests.length === 0 || tests.some((test) => test(record));
}
