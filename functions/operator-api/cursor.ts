import { createHash } from "node:crypto";
import * as z from "zod";
import type { WorklistQuery } from "#shared/api/forms.ts";
import type { Problem } from "#shared/api/problem.ts";
import { caseIdSchema } from "#shared/case/ids.ts";
import { instantSchema } from "#shared/case/instant.ts";

/** Where a page ended. It names no tenant: whose list goes on there is for the token to say. */
const placeSchema = z.discriminatedUnion("by", [
  z.strictObject({ by: z.literal("deadline"), worklistAt: instantSchema, caseId: caseIdSchema }),
  z.strictObject({ by: z.literal("loss"), asOf: instantSchema, loss: z.number(), caseId: caseIdSchema }),
]);
export type Place = z.infer<typeof placeSchema>;

const cursorSchema = z.strictObject({ place: placeSchema, of: z.string() });

/** The place as text that only this list understands. */
export function cursorOf(place: Place, query: WorklistQuery): string {
  return Buffer.from(JSON.stringify({ place, of: listOf(query) })).toString("base64url");
}

/** The place in a cursor, if it is one of the very same list. */
export function placeOf(cursor: string, query: WorklistQuery): Place | Problem {
  const parsed = cursorSchema.safeParse(jsonOf(Buffer.from(cursor, "base64url").toString("utf8")));
  if (!parsed.success || parsed.data.of !== listOf(query) || parsed.data.place.by !== query.by) {
    return { problem: "cursor_invalid" };
  }
  return parsed.data.place;
}

/** A page of one list must not go on in another; how long the pages are may change. */
function listOf({ waitingOn, by, channel, shopId, state }: WorklistQuery): string {
  const text = JSON.stringify([waitingOn, by, channel, shopId, state]);
  return createHash("sha256").update(text).digest("base64url").slice(0, 12);
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
