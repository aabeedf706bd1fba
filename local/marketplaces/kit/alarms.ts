import type { LocalClock } from "../../clock.ts";

export interface Alarms {
  /** One alarm per key: a new instant replaces the old one, `undefined` takes it away. Milliseconds since the epoch. */
  set(key: string, atMs: number | undefined): void;
  clear(): void;
}

/**
 * Wakes `ring(key)` when the key's instant has come. Alarms are not kept between runs: what is due when belongs in the
 * owner's state, which sets its alarms again when it starts.
 */
export function createAlarms(clock: LocalClock, ring: (key: string) => void | Promise<void>): Alarms {
  const armed = new Map<string, { atMs: number; cancel: () => void }>();
  return {
    set(key, atMs) {
      const before = armed.get(key);
      if (before?.atMs === atMs) return;
      before?.cancel();
      armed.delete(key);
      if (atMs === undefined) return;
      const cancel = clock.schedule(new Date(atMs), () => {
        armed.delete(key);
        return ring(key);
      });
      armed.set(key, { atMs, cancel });
    },
    clear() {
      for (const { cancel } of armed.values()) cancel();
      armed.clear();
    },
  };
}
