import { randomBytes } from "node:crypto";

/** 256 bits that nobody can guess, as text that survives copying. */
export function newSecret(): string {
  return randomBytes(32).toString("base64url");
}
