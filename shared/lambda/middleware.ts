import type { MiddlewareObj } from "@middy/core";
import { faultFields, log } from "../log.ts";

/** Logs what went wrong, by code and safe details only, and lets it through: nothing is swallowed here. */
export function logFaults<Event, Result>(work: string): MiddlewareObj<Event, Result, Error> {
  return { onError: ({ error }) => log.error(`${work} failed`, faultFields(error)) };
}
