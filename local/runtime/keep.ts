import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";

/** What the runtime itself must remember between runs: stream positions, the local master key, secrets, pending invocations. */
export interface Keep {
  get(key: string): string | undefined;
  set(key: string, value: string): void;
  delete(key: string): void;
  /** Keys and values whose key starts with the prefix, in order of key. */
  list(prefix: string): [key: string, value: string][];
  close(): void;
}

/** Opens `runtime.db` in the folder, or a database in memory. Every write is on its way to disk when the call returns. */
export function openKeep(dataDir: string | undefined): Keep {
  if (dataDir) mkdirSync(dataDir, { recursive: true });
  const db = new DatabaseSync(dataDir ? join(dataDir, "runtime.db") : ":memory:");
  // NORMAL survives the death of the process, which is what is promised; only a power cut may take the last writes.
  db.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL");
  db.exec("CREATE TABLE IF NOT EXISTS keep (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID");
  const get = db.prepare("SELECT value FROM keep WHERE key = ?");
  const set = db.prepare("INSERT OR REPLACE INTO keep (key, value) VALUES (?, ?)");
  const remove = db.prepare("DELETE FROM keep WHERE key = ?");
  const list = db.prepare("SELECT key, value FROM keep WHERE key >= ? AND key < ? ORDER BY key");
  return {
    get(key) {
      const value = get.get(key)?.value;
      return typeof value === "string" ? value : undefined;
    },
    set: (key, value) => void set.run(key, value),
    delete: (key) => void remove.run(key),
    list: (prefix) => list.all(prefix, `${prefix}\uffff`).map(({ key, value }) => [String(key), String(value)]),
    close: () => db.close(),
  };
}
