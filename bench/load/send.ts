import { fork } from "node:child_process";
import type { Order, PlannedPush, SentPush } from "./open-loop.ts";
import type { Word } from "./sender.ts";

export interface Sending {
  /** Wall time of the plan's first moment, in milliseconds since the epoch. */
  beganAt: Promise<number>;
  /** One for each push, in the order in which they were given. */
  sent: Promise<readonly SentPush[]>;
}

/** Sends each push at its moment, from a process of its own. */
export function sendOnTime(pushes: readonly PlannedPush[], { sockets = 256, patienceMs = 30_000 } = {}): Sending {
  const child = fork(new URL("./sender.ts", import.meta.url), { serialization: "advanced", execArgv: [] });
  const lost = new Promise<never>((_, reject) => {
    child.once("error", reject);
    child.once("exit", (code) => reject(new Error(`the sender ended with ${code}`)));
  });
  const heard = <Kind extends Word["kind"]>(kind: Kind) =>
    new Promise<Extract<Word, { kind: Kind }>>((resolve) => {
      child.on("message", (word: Word) => {
        if (word.kind === kind) resolve(word as Extract<Word, { kind: Kind }>);
      });
    });
  const began = heard("began");
  const ended = heard("ended");
  child.send({ pushes, sockets, patienceMs } satisfies Order);
  return {
    beganAt: Promise.race([began, lost]).then(({ at }) => at),
    sent: Promise.race([ended, lost]).then(({ sent }) => {
      child.disconnect();
      return sent;
    }),
  };
}

/** Moments spread evenly: `perSecond` of them over `seconds`, from `fromMs`. */
export function evenly({ perSecond, seconds, fromMs = 0 }: { perSecond: number; seconds: number; fromMs?: number }) {
  const gapMs = 1000 / perSecond;
  return Array.from({ length: Math.round(perSecond * seconds) }, (_, index) => fromMs + index * gapMs);
}
