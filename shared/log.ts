import { print } from "./print.ts";

/** Ids, codes and counts that may stand in a log line. Never a payload, a token or a person. */
export type LogFields = Readonly<Record<string, string | number | boolean | undefined>>;

type Level = "info" | "warn" | "error";

/**
 * One JSON line per decision. Written by hand, because a logging library would be a tenth of a cold start of the webhook
 * function (see docs/adr/0008). JSON escapes line ends and control characters, so a value can never fake a second line.
 */
function line(level: Level, message: string, fields: LogFields): void {
  // Lambda sets it for each invocation: by it the trace of what went wrong is found, and in that the request.
  const trace = level === "info" ? undefined : process.env._X_AMZN_TRACE_ID?.split(";")[0];
  print(JSON.stringify({ level, message, ...fields, ...(trace && { trace }) }));
}

export const log = {
  info: (message: string, fields: LogFields = {}) => line("info", message, fields),
  warn: (message: string, fields: LogFields = {}) => line("warn", message, fields),
  error: (message: string, fields: LogFields = {}) => line("error", message, fields),
};

/** What may be logged of a fault: its code and safe details; of an unknown one only its name, since texts may quote data. */
export function faultFields(fault: unknown): LogFields {
  if (fault instanceof Error && "code" in fault && "details" in fault && typeof fault.details === "object") {
    return { errorCode: String(fault.code), errorMessage: fault.message, ...(fault.details as LogFields) };
  }
  if (fault instanceof Error) return { errorName: fault.name, errorAt: fault.stack?.split("\n")[1]?.trim() };
  return { errorName: typeof fault };
}
