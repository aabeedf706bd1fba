/**
 * The one clock of the local runtime. Everything that runs on this machine asks it for the time: functions (through
 * their worker), queues, schedules and the marketplace simulators. It may run with the wall clock or be moved.
 */
export interface LocalClock {
  now(): Date;
  /** Runs `task` when the clock has reached `at` (at once if that has passed). Returns a function that cancels it. */
  schedule(at: Date, task: () => void | Promise<void>): () => void;
}
