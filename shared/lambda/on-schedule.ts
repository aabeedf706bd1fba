import middy from "@middy/core";
import { logFaults } from "./middleware.ts";

/** The way in from a schedule. A run that fails is not repeated: the next one finds what it left. */
export function onSchedule(name: string, work: () => Promise<void>) {
  return middy()
    .use(logFaults(name))
    .handler(async (_event: unknown): Promise<void> => work());
}
