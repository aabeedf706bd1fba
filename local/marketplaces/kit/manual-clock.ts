import type { LocalClock } from "../../clock.ts";

interface Task {
  atMs: number;
  order: number;
  run: () => void | Promise<void>;
}

/**
 * A clock for tests: it stands still until it is advanced. Tasks run in order of their instants, each waited for, with
 * `now` at the instant they asked for. Tasks that are due at once wait for the next `advance` or `settle`.
 */
export class ManualClock implements LocalClock {
  #nowMs: number;
  #order = 0;
  readonly #tasks = new Set<Task>();

  constructor(start = "2026-01-01T00:00:00Z") {
    this.#nowMs = Date.parse(start);
  }

  now(): Date {
    return new Date(this.#nowMs);
  }

  schedule(at: Date, run: () => void | Promise<void>): () => void {
    const task = { atMs: at.getTime(), order: this.#order++, run };
    this.#tasks.add(task);
    return () => this.#tasks.delete(task);
  }

  async advance(durationMs: number): Promise<void> {
    const untilMs = this.#nowMs + durationMs;
    for (let task = this.#next(untilMs); task !== undefined; task = this.#next(untilMs)) {
      this.#tasks.delete(task);
      this.#nowMs = Math.max(this.#nowMs, task.atMs);
      await task.run();
    }
    this.#nowMs = untilMs;
  }

  /** Runs what is due now. */
  settle(): Promise<void> {
    return this.advance(0);
  }

  #next(untilMs: number): Task | undefined {
    let next: Task | undefined;
    for (const task of this.#tasks) {
      if (task.atMs > untilMs) continue;
      if (next === undefined || task.atMs < next.atMs || (task.atMs === next.atMs && task.order < next.order))
        next = task;
    }
    return next;
  }
}
