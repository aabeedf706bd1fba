import { Agent, request } from "node:http";

/** A push as it goes over the wire, and when: milliseconds from the start. */
export interface PlannedPush {
  atMs: number;
  url: string;
  headers: Record<string, string>;
  body: string;
}

/** What became of a push. `status` is 0 when there was no answer in `patienceMs`, or none at all. */
export interface SentPush {
  status: number;
  /** From the planned moment, not from the sending, so that a sender held up by slow answers hides nothing. */
  latencyMs: number;
  /** How late it was sent; part of `latencyMs`. */
  lateMs: number;
}

export interface Order {
  pushes: readonly PlannedPush[];
  /** Connections at most; more pushes than that under way wait, and their waiting is measured. */
  sockets: number;
  patienceMs: number;
}

const leadMs = 100;

/**
 * Sends each push at its moment, whatever became of those before. `began` is told the wall time of the plan's first
 * moment. Answers in the order in which the pushes were given.
 */
export async function sendInTime(
  { pushes, sockets, patienceMs }: Order,
  began: (at: number) => void,
): Promise<SentPush[]> {
  const agent = new Agent({ keepAlive: true, maxSockets: sockets, scheduling: "fifo" });
  const inOrder = pushes.map((push, index) => ({ push, index })).sort((a, b) => a.push.atMs - b.push.atMs);
  const startedMs = performance.now() + leadMs;
  began(Date.now() + leadMs);
  const sent: Promise<void>[] = [];
  const results: SentPush[] = [];
  for (const { push, index } of inOrder) {
    const plannedMs = startedMs + push.atMs;
    const waitMs = plannedMs - performance.now();
    if (waitMs > 0) await new Promise((resolve) => setTimeout(resolve, waitMs));
    const lateMs = Math.max(0, performance.now() - plannedMs);
    sent.push(
      post(push, agent, patienceMs).then((status) => {
        results[index] = { status, lateMs, latencyMs: performance.now() - plannedMs };
      }),
    );
  }
  await Promise.all(sent);
  agent.destroy();
  return results;
}

function post({ url, headers, body }: PlannedPush, agent: Agent, patienceMs: number): Promise<number> {
  return new Promise((resolve) => {
    const call = request(url, {
      method: "POST",
      agent,
      headers: { ...headers, "content-length": Buffer.byteLength(body) },
      signal: AbortSignal.timeout(patienceMs),
    });
    call.on("response", (answer) => {
      answer.on("error", () => resolve(0));
      answer.on("end", () => resolve(answer.statusCode ?? 0));
      answer.resume();
    });
    call.on("error", () => resolve(0));
    call.end(body);
  });
}
