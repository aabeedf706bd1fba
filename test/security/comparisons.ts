import crypto from "node:crypto";
import { syncBuiltinESMExports } from "node:module";

/** Runs the work and answers the lengths of what it compared in constant time, such as `32 with 32`. */
export async function comparisonsIn(work: () => Promise<unknown>): Promise<string[]> {
  const real = crypto.timingSafeEqual;
  const seen: string[] = [];
  crypto.timingSafeEqual = (a, b) => {
    seen.push(`${a.byteLength} with ${b.byteLength}`);
    return real(a, b);
  };
  syncBuiltinESMExports();
  try {
    await work();
  } finally {
    crypto.timingSafeEqual = real;
    syncBuiltinESMExports();
  }
  return seen;
}
