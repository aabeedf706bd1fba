/** One line of the bill: calls of one operation by one caller. */
export interface CallCount {
  service: string;
  operation: string;
  caller: string;
  calls: number;
  /** Answered with an error, injected ones included. */
  errors: number;
  requestBytes: number;
  /** DynamoDB's consumed capacity; a failed condition counts the write it is billed. */
  readUnits: number;
  writeUnits: number;
}

export interface Counts {
  add(
    call: { service: string; operation: string; caller: string },
    seen: Partial<Pick<CallCount, "calls" | "errors" | "requestBytes" | "readUnits" | "writeUnits">>,
  ): void;
  /** Since the start, in order of service, operation, caller. */
  list(): CallCount[];
}

export function createCounts(): Counts {
  const lines = new Map<string, CallCount>();
  return {
    add({ service, operation, caller }, seen) {
      const key = `${service} ${operation} ${caller}`;
      let line = lines.get(key);
      if (!line) {
        line = { service, operation, caller, calls: 0, errors: 0, requestBytes: 0, readUnits: 0, writeUnits: 0 };
        lines.set(key, line);
      }
      line.calls += seen.calls ?? 1;
      line.errors += seen.errors ?? 0;
      line.requestBytes += seen.requestBytes ?? 0;
      line.readUnits += seen.readUnits ?? 0;
      line.writeUnits += seen.writeUnits ?? 0;
    },
    list: () => [...lines.entries()].sort(([one], [other]) => (one < other ? -1 : 1)).map(([, line]) => ({ ...line })),
  };
}
