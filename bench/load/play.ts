import { follow } from "./follow.ts";
import { evenly, sendOnTime } from "./send.ts";
import { missingOf } from "./table.ts";
import type { LoadCase, LoadShop, World } from "./world.ts";

export interface Played {
  case: LoadCase;
  atMs: number;
  status: number;
  /** From the planned moment to the answer, to the table, to the bus; undefined if it did not get there. */
  ackMs: number;
  savedMs: number | undefined;
  toldMs: number | undefined;
}

export interface Play {
  pushes: readonly Played[];
  /** Acknowledged, and not in the table when it was over. */
  lost: number;
  /** Acknowledged, and not told on the bus. */
  untold: number;
  /** From the last planned push until all that was acknowledged was in the table, and until all was told as well. */
  savedMs: number;
  drainMs: number;
  acceptedPerSecond: number;
  /** Messages waiting in the intake queue, by time from the first planned push. */
  backlog: readonly { atMs: number; messages: number }[];
  mostRssMb: number;
  /** How far the sender itself fell behind; it is part of every time here. */
  senderLateMs: number;
}

export interface Wave {
  shops: readonly LoadShop[];
  perSecond: number;
  seconds: number;
  fromMs?: number;
}

/** Sends waves of pushes, each of a case of its own, and follows every case until it is told or patience ends. */
export async function play(world: World, waves: readonly Wave[], { patienceMs = 240_000 } = {}): Promise<Play> {
  const planned: { case: LoadCase; atMs: number }[] = [];
  for (const { shops, ...wave } of waves) {
    const moments = evenly(wave);
    const cases = await world.cases(shops, moments.length);
    for (const [index, one] of cases.entries()) planned.push({ case: one, atMs: moments[index] ?? 0 });
  }
  return playCases(world, planned, { patienceMs });
}

/** As `play`, of cases that are there already. `sockets` bounds how many pushes are under way at a time. */
export async function playCases(
  { stack }: World,
  planned: readonly { case: LoadCase; atMs: number }[],
  { patienceMs = 240_000, sockets = 256 } = {},
): Promise<Play> {
  const follower = follow(stack);
  const sending = sendOnTime(
    planned.map(({ case: { push }, atMs }) => ({ ...push, atMs })),
    { sockets },
  );
  const began = await sending.beganAt;
  const sent = await sending.sent;
  const lastAtMs = planned.reduce((most, { atMs }) => Math.max(most, atMs), 0);
  const taken = planned.filter((_, index) => isAccepted(sent[index]?.status)).map((each) => each.case);
  const accepted = taken.map(({ caseId }) => caseId);
  await follower.until(accepted, patienceMs);
  const endOf = (times: ReadonlyMap<string, number>) =>
    accepted.reduce((latest, caseId) => Math.max(latest, times.get(caseId) ?? Date.now()), 0);
  const [savedAt, toldAt] = [endOf(follower.savedAt), endOf(follower.toldAt)];
  follower.stop();
  const missing = await missingOf(stack, taken);
  const since = (at: number | undefined, atMs: number) => at && at - began - atMs;
  const answeredMs = planned.map(({ atMs }, index) => atMs + (sent[index]?.latencyMs ?? 0));

  return {
    pushes: planned.map((one, index) => ({
      ...one,
      status: sent[index]?.status ?? 0,
      ackMs: sent[index]?.latencyMs ?? Number.NaN,
      savedMs: since(follower.savedAt.get(one.case.caseId), one.atMs),
      toldMs: since(follower.toldAt.get(one.case.caseId), one.atMs),
    })),
    lost: missing.length,
    untold: accepted.filter((caseId) => !follower.toldAt.has(caseId)).length,
    savedMs: Math.max(0, savedAt - began - lastAtMs),
    drainMs: Math.max(0, toldAt - began - lastAtMs),
    acceptedPerSecond: (accepted.length * 1000) / Math.max(...answeredMs),
    backlog: follower.backlog.map(({ at, messages }) => ({ atMs: at - began, messages })),
    mostRssMb: follower.mostRssMb(),
    senderLateMs: sent.reduce((most, { lateMs }) => Math.max(most, lateMs), 0),
  };
}

export const isAccepted = (status: number | undefined) => status !== undefined && status >= 200 && status < 300;

/** Brings the functions up and lets them meet every shop, so that no start is measured where it is not meant. */
export async function warmUp(world: World, shops: readonly LoadShop[], count = 100): Promise<void> {
  const { lost, untold } = await play(world, [{ shops, perSecond: 25, seconds: count / 25 }]);
  if (lost + untold > 0) throw new Error(`${lost} cases of the warm-up were lost, ${untold} not told of`);
}
