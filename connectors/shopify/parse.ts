import type * as z from "zod";
import { SuiteError } from "#shared/errors.ts";

/** Checks a part of an answer. @throws SuiteError `payload_invalid`; it names the place, never the value. */
export function parse<Schema extends z.ZodType>(schema: Schema, value: unknown): z.output<Schema> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const place = parsed.error.issues[0]?.path.map(String).join(".").slice(0, 200);
  throw new SuiteError("payload_invalid", "an answer in a form we do not know", { details: { place } });
}
