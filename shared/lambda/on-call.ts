import middy from "@middy/core";
import type * as z from "zod";
import { SuiteError } from "../errors.ts";
import { logFaults } from "./middleware.ts";

/** The way in for an operator who invokes the function: a checked request in, an answer out. */
export function onCall<Request, Answer>(
  name: string,
  schema: z.ZodType<Request>,
  work: (request: Request) => Promise<Answer>,
) {
  return middy()
    .use(logFaults(name))
    .handler(async (event: unknown): Promise<Answer> => {
      const parsed = schema.safeParse(event);
      if (!parsed.success) {
        const fields = parsed.error.issues.map(({ path, message }) => `${path.join(".")}: ${message}`).join("; ");
        throw new SuiteError("payload_invalid", `the request does not fit: ${fields}`);
      }
      return work(parsed.data);
    });
}
