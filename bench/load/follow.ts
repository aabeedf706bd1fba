import type { LocalStack } from "../../local/stack.ts";

/** What is seen of a stack under load. Times are the wall's, in milliseconds since the epoch. */
export interface Follower {
  /** When each case was first in the table, as the function that saved it says. */
  savedAt: ReadonlyMap<string, number>;
  /** When each case was first told on the bus. */
  toldAt: ReadonlyMap<string, number>;
  /** Messages in the intake queue, over time. */
  backlog: readonly { at: number; messages: number }[];
  /** The most memory of the process that runs the stack, its functions and the marketplaces; the engine not counted. */
  mostRssMb(): number;
  /** Waits until all are saved and told, or until it has waited long enough. */
  until(caseIds: Iterable<string>, patienceMs: number): Promise<void>;
  stop(): void;
}

const everyMs = 250;

export function follow({ runtime }: LocalStack): Follower {
  const savedAt = new Map<string, number>();
  const toldAt = new Map<string, number>();
  const backlog: { at: number; messages: number }[] = [];
  let rss = 0;
  const first = (times: Map<string, number>, caseId: unknown) => {
    if (typeof caseId === "string" && !times.has(caseId)) times.set(caseId, Date.now());
  };
  const unsubscribe = runtime.logs.subscribe(({ text }) => {
    if (text.includes('"message":"case observed"')) first(savedAt, JSON.parse(text).caseId);
  });
  runtime.onEvent((event) => {
    if (event["detail-type"] === "case.opened") first(toldAt, (event.detail as { caseId?: unknown }).caseId);
  });
  const look = () => {
    const intake = runtime.queues().find(({ name }) => name.endsWith("-intake.fifo"));
    if (intake) backlog.push({ at: Date.now(), messages: intake.visible + intake.inFlight + intake.delayed });
    rss = Math.max(rss, process.memoryUsage.rss());
  };
  const timer = setInterval(look, everyMs);

  return {
    savedAt,
    toldAt,
    backlog,
    mostRssMb: () => rss / 2 ** 20,
    async until(caseIds, patienceMs) {
      const wanted = [...caseIds];
      const endsAt = Date.now() + patienceMs;
      while (Date.now() < endsAt) {
        if (wanted.every((caseId) => savedAt.has(caseId) && toldAt.has(caseId))) return;
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    },
    stop() {
      clearInterval(timer);
      unsubscribe();
    },
  };
}
