import * as z from "zod";
import { type CaseId, caseIdSchema } from "#shared/case/ids.ts";

// Some channels have a slash in their case ids. Gateways differ in what they make of `%2F`, so a path has `~` in its place,
// which no id contains and which no client escapes.

/** A case id as one segment of a path. */
export const segmentOf = (caseId: CaseId): string => caseId.replaceAll("/", "~");

/** Reads it back; an id with its own slashes is read too. */
export const caseIdInPath = z
  .string()
  .max(300)
  .overwrite((segment) => segment.replaceAll("~", "/"))
  .pipe(caseIdSchema)
  .describe("The case's id, with `~` for each `/`.");
