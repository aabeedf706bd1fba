import type { LocalClock } from "../../clock.ts";
import type { MarketplaceCall } from "../contract.ts";

export interface CallLog {
  readonly calls: readonly MarketplaceCall[];
  record(name: string, outcome: string): void;
}

/** The last calls a simulator answered, newest last. Older ones are forgotten. */
export function createCallLog(clock: LocalClock, { limit = 500 } = {}): CallLog {
  const calls: MarketplaceCall[] = [];
  return {
    calls,
    record(name, outcome) {
      calls.push({ at: clock.now().toISOString(), name, outcome });
      if (calls.length > limit) calls.splice(0, calls.length - limit);
    },
  };
}
