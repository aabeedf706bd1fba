import { Journal } from "../../kit/journal.ts";

/** A part of a journal under its own prefix, so that two queues can share one file and one commit. */
export class Shelf extends Journal {
  readonly #whole: Journal;
  readonly #prefix: string;

  constructor(whole: Journal, prefix: string) {
    super();
    this.#whole = whole;
    this.#prefix = prefix;
  }

  override get(key: string): unknown {
    return this.#whole.get(this.#prefix + key);
  }

  override values(prefix: string): unknown[] {
    return this.#whole.values(this.#prefix + prefix);
  }

  override stage(key: string, value: unknown): void {
    this.#whole.stage(this.#prefix + key, value);
  }

  override commit(): void {
    this.#whole.commit();
  }
}
