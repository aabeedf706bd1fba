import { SuiteError } from "./errors.ts";

/** A setting of the function. @throws SuiteError `misconfigured` that names it. */
export function setting(name: string, environment: NodeJS.ProcessEnv = process.env): string {
  const value = environment[name];
  if (!value) throw new SuiteError("misconfigured", `set the environment variable ${name} of this function`);
  return value;
}
