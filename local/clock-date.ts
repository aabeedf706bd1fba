/**
 * Time shared between threads. Slot 0 holds an instant (moved time) or an offset from the wall (wall time), in
 * milliseconds; slot 1 tells which.
 */
export function createSharedTime(): SharedArrayBuffer {
  return new SharedArrayBuffer(16);
}

export function readSharedTime(slots: BigInt64Array): number {
  const value = Number(Atomics.load(slots, 0));
  return Atomics.load(slots, 1) === 1n ? value : wallNow() + value;
}

const wallNow = Date.now;

/**
 * A `Date` that tells the shared time where the built-in one would tell the machine's: `Date.now()`, `new Date()` and
 * `Date()`. Everything else, `instanceof` included, is the built-in's.
 */
export function dateOn(shared: SharedArrayBuffer): DateConstructor {
  const slots = new BigInt64Array(shared);
  const now = () => readSharedTime(slots);
  return new Proxy(Date, {
    construct: (target, args, newTarget) => Reflect.construct(target, args.length === 0 ? [now()] : args, newTarget),
    apply: () => new Date(now()).toString(),
    get: (target, key, receiver) => (key === "now" ? now : Reflect.get(target, key, receiver)),
  });
}
