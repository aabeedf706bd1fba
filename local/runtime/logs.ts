import type { LocalClock } from "../clock.ts";

export interface LogLine {
  at: Date;
  /** Name of the function, or `local` for what the runtime itself has to say. */
  source: string;
  requestId?: string;
  text: string;
}

export interface Logs {
  add(source: string, text: string, requestId?: string): void;
  /** The newest lines, oldest first; the ring forgets the rest. */
  readonly lines: readonly LogLine[];
  /** Returns a function that ends the subscription. */
  subscribe(listener: (line: LogLine) => void): () => void;
}

export function createLogs(clock: LocalClock, { size = 5000 }: { size?: number } = {}): Logs {
  const lines: LogLine[] = [];
  const listeners = new Set<(line: LogLine) => void>();
  return {
    lines,
    add(source, text, requestId) {
      const line: LogLine = { at: clock.now(), source, requestId, text };
      // Cut in blocks, so that a busy log does not shift thousands of entries for every line.
      if (lines.push(line) > size * 1.2) lines.splice(0, lines.length - size);
      for (const listener of listeners) listener(line);
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
