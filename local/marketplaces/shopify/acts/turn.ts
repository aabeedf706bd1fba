import type { Actor, Job, Order } from "../model/types.ts";
import type { World } from "../model/world.ts";
import type { Topic } from "../webhooks/topics.ts";

/** One thing done by one party at one instant: all its changes and webhooks are kept together or not at all. */
export interface Turn {
  world: World;
  now: Date;
  by: Actor;
  /** Sends the topic to whoever subscribed. All announcements of a turn share one event id. */
  announce(topic: Topic, order: Order, body: unknown): void;
  /** Something the platform does by itself at a later instant. */
  later(job: Omit<Job, "id">): void;
}

export interface UserError {
  code: string;
  field: string[] | null;
  message: string;
}

export type Outcome<T> = { value: T } | { errors: UserError[] };

export function refused(code: string, field: string[] | null, message: string): { errors: UserError[] } {
  return { errors: [{ code, field, message }] };
}

/** Marks the order as changed at this instant. */
export function touch(turn: Turn, order: Order): void {
  order.updatedAt = stamp(turn.now);
  turn.world.save(order);
}

/** An instant as the platform writes it: UTC, whole seconds. */
export function stamp(at: Date): string {
  return at.toISOString().replace(/\.\d+Z$/, "Z");
}
