/** Work in flight. Whoever hands work on begins the next piece before ending its own, so zero means at rest. */
export interface Activity {
  /** Returns a function that ends the piece; calling it twice ends it once. */
  begin(what: string): () => void;
  /** Resolves when nothing is in flight. */
  idle(): Promise<void>;
  /** What is in flight, by name and number. */
  list(): Record<string, number>;
}

export function createActivity(): Activity {
  const running = new Map<string, number>();
  let total = 0;
  let waiting: (() => void)[] = [];
  return {
    begin(what) {
      running.set(what, (running.get(what) ?? 0) + 1);
      total++;
      let ended = false;
      return () => {
        if (ended) return;
        ended = true;
        const left = (running.get(what) ?? 1) - 1;
        if (left === 0) running.delete(what);
        else running.set(what, left);
        if (--total > 0) return;
        const resolved = waiting;
        waiting = [];
        for (const resolve of resolved) resolve();
      };
    },
    async idle() {
      while (total > 0) await new Promise<void>((resolve) => waiting.push(resolve));
    },
    list: () => Object.fromEntries(running),
  };
}
