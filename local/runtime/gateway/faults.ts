import type { AwsCall } from "./aws-call.ts";

/** Shares from 0 to 1 of the calls that meet each fault; at most one fault per call. */
export interface Faults {
  /** Refused with a 500 before anything is done. */
  failing?: number;
  /** Refused with the service's throttling error. */
  throttled?: number;
  /** Carried out, then the connection breaks before the answer. */
  answersLost?: number;
  /** Carried out after up to `delayMs` (default 200) of the wall's time. */
  delayed?: number;
  delayMs?: number;
  /** The calling function's threads end in the middle of their work: half of them before the call, half after it. */
  killed?: number;
  /** Fixes the choices. */
  seed?: number;
  /** Narrows the faults; everything when left out. */
  services?: string[];
  callers?: string[];
  /** Callers that are left alone. */
  exceptCallers?: string[];
}

export type Fault =
  | { kind: "failing" | "throttled" | "answer-lost" }
  | { kind: "delayed"; ms: number }
  | { kind: "killed"; isCarriedOut: boolean };
export type FaultKind = Fault["kind"];

/** Chooses the fault a call meets, the same for the same seed and order of calls. */
export function createFaultPicker(faults: Faults): (call: AwsCall) => Fault | undefined {
  const random = seededRandom(faults.seed ?? 1);
  const { failing = 0, throttled = 0, answersLost = 0, delayed = 0, delayMs = 200, killed = 0 } = faults;
  if (failing + throttled + answersLost + delayed + killed === 0) return () => undefined;
  return ({ service, caller }) => {
    if (faults.services && !faults.services.includes(service)) return undefined;
    if (faults.callers && !faults.callers.includes(caller)) return undefined;
    if (faults.exceptCallers?.includes(caller)) return undefined;
    const roll = random();
    if (roll < failing) return { kind: "failing" };
    if (roll < failing + throttled) return { kind: "throttled" };
    if (roll < failing + throttled + answersLost) return { kind: "answer-lost" };
    if (roll < failing + throttled + answersLost + delayed) return { kind: "delayed", ms: random() * delayMs };
    if (roll < failing + throttled + answersLost + delayed + killed) {
      // Who calls from outside has no thread of ours.
      return caller === "outside" ? undefined : { kind: "killed", isCarriedOut: random() < 0.5 };
    }
    return undefined;
  };
}

export function throttlingCode(service: string): string {
  if (service === "dynamodb") return "ProvisionedThroughputExceededException";
  if (service === "sqs") return "RequestThrottled";
  if (service === "s3") return "SlowDown";
  return "ThrottlingException";
}

/** mulberry32: small, fast, good enough to choose faults. */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
