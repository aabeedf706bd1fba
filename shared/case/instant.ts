import * as z from "zod";

export { instant, instantOfSeconds } from "./instant-of.ts";

/** A UTC instant as ISO 8601 text with milliseconds, so that text order is time order. */
export const instantSchema = z.iso.datetime({ precision: 3 });
export type Instant = z.infer<typeof instantSchema>;

/** Milliseconds from one instant to another; negative when `to` lies before `from`. */
export function msBetween(from: Instant, to: Instant): number {
  return Date.parse(to) - Date.parse(from);
}
