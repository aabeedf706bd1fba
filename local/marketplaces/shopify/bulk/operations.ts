import type { HttpAnswer, HttpAsk } from "../../kit/http-server.ts";
import type { Journal } from "../../kit/journal.ts";
import { stamp } from "../acts/turn.ts";
import { gid, numberFrom, uuidFrom } from "../model/ids.ts";

const atOnce = 5;
const createdForMs = 1000;
const runsAtLeastMs = 5000;
const runsPerLineMs = 5;
/** How long a result can be fetched. */
const keptMs = 7 * 24 * 60 * 60_000;

interface Kept {
  id: string;
  shop: string;
  query: string;
  createdAtMs: number;
  doneAtMs: number;
  /** The result, read when the operation began and shown when it is done; JSONL. */
  lines: string[];
  roots: number;
  /** Why it fails when it is done; absent when it does not. */
  errorCode?: string;
  /** Ended before it was done. */
  endedAs?: "FAILED" | "CANCELED";
}

export interface BulkResult {
  lines: string[];
  roots: number;
  errorCode?: string;
}

/** Bulk queries per shop: they run for some seconds, are listed, end in a file, and the file ends after seven days. */
export class BulkOperations {
  readonly #journal: Journal;
  readonly #kept = new Map<string, Kept>();

  constructor(journal: Journal) {
    this.#journal = journal;
    for (const one of journal.values("bulk/") as Kept[]) this.#kept.set(one.id, one);
  }

  /** Whether the shop has as many running as are allowed at a time. */
  isFull(shop: string, now: Date): boolean {
    return this.#of(shop).filter((one) => isRunning(statusOf(one, now))).length >= atOnce;
  }

  start(shop: string, query: string, { lines, roots, errorCode }: BulkResult, now: Date): string {
    const made = Number(this.#journal.get("bulks-made") ?? 0) + 1;
    this.#journal.stage("bulks-made", made);
    const createdAtMs = now.getTime();
    const doneAtMs = createdAtMs + runsAtLeastMs + runsPerLineMs * lines.length;
    const id = numberFrom(shop, "BulkOperation", made);
    this.#save({ id, shop, query, createdAtMs, doneAtMs, lines, roots, ...(errorCode && { errorCode }) });
    return id;
  }

  /** Ends those of a shop that still run. Returns how many. */
  endAll(shop: string, as: "FAILED" | "CANCELED", now: Date): number {
    const running = this.#of(shop).filter((one) => isRunning(statusOf(one, now)));
    for (const one of running) this.#save({ ...one, endedAs: as });
    return running.length;
  }

  cancel(shop: string, id: string, now: Date): boolean {
    const one = this.#of(shop).find((each) => each.id === id);
    if (one === undefined || !isRunning(statusOf(one, now))) return false;
    this.#save({ ...one, endedAs: "CANCELED" });
    return true;
  }

  /** Newest first. */
  views(shop: string, now: Date, baseUrl: string): ReturnType<typeof viewOf>[] {
    return this.#of(shop)
      .toReversed()
      .map((one) => viewOf(one, now, baseUrl));
  }

  /** The result of an operation, whole or from a byte on, as the storage behind the real ones gives it. */
  serve({ path, headers }: HttpAsk, now: Date): HttpAnswer {
    const one = [...this.#kept.values()].find((each) => pathOf(each) === path);
    if (one === undefined || statusOf(one, now) !== "COMPLETED") return { status: 403, body: "AccessDenied" };
    const bytes = Buffer.from(textOf(one));
    const type = { "content-type": "application/jsonl", "accept-ranges": "bytes" };
    const from = /^bytes=(\d+)-$/.exec(headers.range ?? "")?.[1];
    if (from === undefined) return { status: 200, headers: type, body: "", bytes };
    const start = Number(from);
    if (start >= bytes.length) {
      return { status: 416, headers: { ...type, "content-range": `bytes */${bytes.length}` }, body: "" };
    }
    const range = `bytes ${start}-${bytes.length - 1}/${bytes.length}`;
    return { status: 206, headers: { ...type, "content-range": range }, body: "", bytes: bytes.subarray(start) };
  }

  #of(shop: string): Kept[] {
    return [...this.#kept.values()].filter((one) => one.shop === shop);
  }

  #save(one: Kept): void {
    this.#kept.set(one.id, one);
    this.#journal.stage(`bulk/${one.id}`, one);
    this.#journal.commit();
  }
}

type Status = "CREATED" | "RUNNING" | "COMPLETED" | "FAILED" | "CANCELED" | "EXPIRED";

const isRunning = (status: Status) => status === "CREATED" || status === "RUNNING";
const textOf = ({ lines }: Kept) => lines.map((line) => `${line}\n`).join("");
const pathOf = ({ id }: Kept) => `/bulk/${uuidFrom("bulk", id)}.jsonl`;

function statusOf({ endedAs, errorCode, createdAtMs, doneAtMs }: Kept, now: Date): Status {
  const nowMs = now.getTime();
  if (endedAs) return endedAs;
  if (nowMs < doneAtMs) return nowMs < createdAtMs + createdForMs ? "CREATED" : "RUNNING";
  if (errorCode) return "FAILED";
  return nowMs < doneAtMs + keptMs ? "COMPLETED" : "EXPIRED";
}

function viewOf(one: Kept, now: Date, baseUrl: string) {
  const status = statusOf(one, now);
  const share = Math.min(1, Math.max(0, (now.getTime() - one.createdAtMs) / (one.doneAtMs - one.createdAtMs)));
  const isDone = status === "COMPLETED";
  return {
    __typename: "BulkOperation",
    id: gid("BulkOperation", one.id),
    type: "QUERY",
    status,
    query: one.query,
    createdAt: stamp(new Date(one.createdAtMs)),
    completedAt: isDone ? stamp(new Date(one.doneAtMs)) : null,
    errorCode: status === "FAILED" ? (one.errorCode ?? "INTERNAL_SERVER_ERROR") : null,
    objectCount: String(Math.floor(one.lines.length * share)),
    rootObjectCount: String(Math.floor(one.roots * share)),
    fileSize: isDone ? String(Buffer.byteLength(textOf(one))) : null,
    partialDataUrl: null,
    // Without a single object there is no file.
    url: isDone && one.lines.length > 0 ? `${baseUrl}${pathOf(one)}` : null,
  };
}
