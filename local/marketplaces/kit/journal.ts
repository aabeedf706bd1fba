import { closeSync, existsSync, fsyncSync, mkdirSync, openSync, readFileSync, renameSync, writeSync } from "node:fs";
import { dirname } from "node:path";

/**
 * What a simulator remembers, by key. Changes are staged and then committed together as one appended line, so a process
 * killed at any moment restarts with all of a change or none of it. Without a file it lives in memory.
 * Values must survive JSON; keep 64-bit ids as strings.
 */
export class Journal {
  readonly #file: string | undefined;
  readonly #kept = new Map<string, unknown>();
  readonly #staged = new Map<string, unknown>();
  #descriptor: number | undefined;
  #linesWritten = 0;

  constructor(file?: string) {
    this.#file = file;
    if (file === undefined) return;
    mkdirSync(dirname(file), { recursive: true });
    if (existsSync(file)) for (const line of completeLines(readFileSync(file, "utf8"))) this.#apply(line);
    this.#compact();
  }

  get(key: string): unknown {
    return this.#staged.has(key) ? this.#staged.get(key) : this.#kept.get(key);
  }

  /** Committed values whose key begins with `prefix`, in the order in which the keys were first written. */
  values(prefix: string): unknown[] {
    return [...this.#kept].filter(([key]) => key.startsWith(prefix)).map(([, value]) => value);
  }

  /** The value is serialised at commit, so a staged object may still be changed before that. `undefined` forgets. */
  stage(key: string, value: unknown): void {
    this.#staged.set(key, value);
  }

  commit(): void {
    if (this.#staged.size === 0) return;
    const line = [...this.#staged].map(([key, value]) => (value === undefined ? [key] : [key, value]));
    this.#staged.clear();
    if (this.#descriptor !== undefined) writeSync(this.#descriptor, `${JSON.stringify(line)}\n`);
    this.#apply(line);
    this.#linesWritten += 1;
    if (this.#linesWritten > 1000 + 4 * this.#kept.size) this.#compact();
  }

  close(): void {
    this.commit();
    if (this.#descriptor !== undefined) closeSync(this.#descriptor);
    this.#descriptor = undefined;
  }

  #apply(line: unknown[][]): void {
    for (const [key, value] of line) {
      if (value === undefined) this.#kept.delete(String(key));
      else this.#kept.set(String(key), value);
    }
  }

  /** Rewrites the file as one line and swaps it in; the old file stays whole until the new one is. */
  #compact(): void {
    this.#linesWritten = 0;
    if (this.#file === undefined) return;
    const fresh = `${this.#file}.new`;
    const descriptor = openSync(fresh, "w");
    writeSync(descriptor, `${JSON.stringify([...this.#kept])}\n`);
    fsyncSync(descriptor);
    closeSync(descriptor);
    renameSync(fresh, this.#file);
    if (this.#descriptor !== undefined) closeSync(this.#descriptor);
    this.#descriptor = openSync(this.#file, "a");
  }
}

/** A kill may have torn the last line; whoever asked for that change was never answered. */
function completeLines(text: string): unknown[][][] {
  return text
    .slice(0, text.lastIndexOf("\n") + 1)
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as unknown[][]);
}
