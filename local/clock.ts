import { createSharedTime, readSharedTime } from "./clock-date.ts";

/**
 * The one clock of the local runtime. Everything that runs on this machine asks it for the time: functions (through
 * their worker), queues, schedules and the marketplace simulators. It may run with the wall clock or be moved.
 */
export interface LocalClock {
  now(): Date;
  /** Runs `task` when the clock has reached `at` (at once if that has passed). Returns a function that cancels it. */
  schedule(at: Date, task: () => void | Promise<void>): () => void;
}

/** The clock as its owner sees it: it can be moved, and other threads can read it. */
export interface MovableClock extends LocalClock {
  readonly mode: "wall" | "moved";
  /** For `dateOn` in another thread. */
  readonly shared: SharedArrayBuffer;
  advance(ms: number): Promise<void>;
  /**
   * Steps from one due task to the next until `target`, and at each step waits for the tasks and then for every settler.
   * A task must not wait for the clock itself. Rejects with the first error a task threw.
   */
  advanceTo(target: Date): Promise<void>;
  /** Sets the clock without running anything on the way; what has fallen due runs next. Never backwards. */
  jumpTo(target: Date): void;
  /** Registers something that must come to rest before the clock moves on. Returns a function that removes it. */
  onStep(settle: () => Promise<void>): () => void;
  /** Drops every scheduled task. */
  stop(): void;
}

interface Due {
  at: number;
  task: () => void | Promise<void>;
}

const longestTimerMs = 2 ** 31 - 1;

/** `moved` starts at `start` (default: the wall's time) and stands still; `wall` runs with the wall and may be ahead of it. */
export function createClock({ start, mode }: { start?: Date; mode: "wall" | "moved" }): MovableClock {
  const shared = createSharedTime();
  const slots = new BigInt64Array(shared);
  const due: Due[] = []; // by time, then by order of arrival
  const settlers = new Set<() => Promise<void>>();
  let timer: NodeJS.Timeout | undefined;
  let moving: Promise<void> = Promise.resolve();

  const now = () => readSharedTime(slots);
  const set = (instant: number) => {
    Atomics.store(slots, 0, BigInt(Math.round(mode === "moved" ? instant : instant - Date.now())));
  };
  Atomics.store(slots, 1, mode === "moved" ? 1n : 0n);
  set(start?.getTime() ?? Date.now());

  const takeDue = () => {
    const instant = now();
    const end = due.findIndex((entry) => entry.at > instant);
    return due.splice(0, end < 0 ? due.length : end);
  };

  const arm = () => {
    clearTimeout(timer);
    timer = undefined;
    const next = due[0];
    if (!next || (mode === "moved" && next.at > now())) return;
    timer = setTimeout(onTimer, Math.min(Math.max(next.at - now(), 0), longestTimerMs));
  };

  const onTimer = () => {
    for (const { task } of takeDue()) {
      Promise.try(task).catch((error: unknown) => process.emitWarning(error instanceof Error ? error : String(error)));
    }
    arm();
  };

  const settle = async () => {
    for (const settler of settlers) await settler();
  };

  const moveTo = async (target: number) => {
    await settle();
    for (;;) {
      const next = due[0];
      if (!next || next.at > target) break;
      if (next.at > now()) set(next.at);
      await Promise.all(takeDue().map(({ task }) => Promise.try(task)));
      await settle();
    }
    if (target > now()) set(target);
    arm();
  };

  return {
    mode,
    shared,
    now: () => new Date(now()),
    schedule(at, task) {
      const entry: Due = { at: at.getTime(), task };
      due.splice(placeOf(due, entry.at), 0, entry);
      if (due[0] === entry) arm();
      return () => {
        const place = due.indexOf(entry);
        if (place >= 0) due.splice(place, 1);
      };
    },
    advanceTo(target) {
      const move = moving.then(() => moveTo(target.getTime()));
      moving = move.catch(() => undefined);
      return move;
    },
    advance(ms) {
      return this.advanceTo(new Date(now() + ms));
    },
    jumpTo(target) {
      if (target.getTime() > now()) set(target.getTime());
      arm();
    },
    onStep(settler) {
      settlers.add(settler);
      return () => settlers.delete(settler);
    },
    stop() {
      clearTimeout(timer);
      due.length = 0;
    },
  };
}

function placeOf(due: Due[], at: number): number {
  let low = 0;
  let high = due.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((due[middle]?.at ?? 0) <= at) low = middle + 1;
    else high = middle;
  }
  return low;
}
