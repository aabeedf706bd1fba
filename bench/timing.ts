import { compareDigest } from "../connectors/kit/digest.ts";

const calls = 20_000;
const warmUpCalls = 5_000;
/** Noise of a busy machine changes its sign from round to round; a leak does not. */
const rounds = 7;
const length = 32;
/** Above this Welch's t says that two groups of times differ. Source: the TVLA methodology, ISO/IEC 17825. */
const differsAbove = 4.5;

/** Whether the time of comparing tells where a wrong signature goes wrong, beside a comparison that stops at the first byte. */
export async function benchTiming(): Promise<void> {
  const expected = Buffer.alloc(length, 0x5a);
  // Many wrong ones for each place: of two alone the difference could be where they lie in memory.
  const wrongAt = (place: number) =>
    Array.from({ length: 255 }, (_, mask) =>
      Buffer.from(expected.map((byte, at) => (at === place ? byte ^ (mask + 1) : byte))).toString("hex"),
    );
  const groups = [wrongAt(0), wrongAt(length - 1)] as const;
  tell("timing.compareDigest", groups, (given) => compareDigest(given, expected, "hex"));
  // The measure must be able to find a leak: this one has it.
  const text = expected.toString("hex");
  tell("timing.stopsAtFirst", groups, (given) => stopsAtFirst(given, text));
}

type Groups = readonly [early: readonly string[], late: readonly string[]];

function tell(name: string, groups: Groups, compare: (given: string) => unknown): void {
  timesOf(groups, compare, warmUpCalls);
  const found = Array.from({ length: rounds }, () => welch(timesOf(groups, compare, calls))).toSorted((a, b) => a - b);
  const welchT = Number((found[Math.floor(rounds / 2)] ?? Number.NaN).toFixed(2));
  console.log(JSON.stringify({ bench: name, calls, rounds, welchT, tellsTheByte: Math.abs(welchT) > differsAbove }));
}

function stopsAtFirst(a: string, b: string): boolean {
  for (let at = 0; at < a.length; at++) if (a.charCodeAt(at) !== b.charCodeAt(at)) return false;
  return true;
}

/** Times of both, in turns that are drawn, so that a busy machine is busy for both. */
function timesOf(groups: Groups, compare: (given: string) => unknown, count: number): [number[], number[]] {
  const times: [number[], number[]] = [[], []];
  let seed = 1;
  while (times[0].length < count || times[1].length < count) {
    seed = (Math.imul(seed, 1_103_515_245) + 12_345) >>> 0;
    const group = (seed >>> 16) % 2 === 1 ? 1 : 0;
    const given = groups[group][(seed >>> 17) % 255] ?? "";
    const start = process.hrtime.bigint();
    compare(given);
    times[group].push(Number(process.hrtime.bigint() - start));
  }
  return times;
}

/** Without the slowest tenth, which are the scheduler's and the collector's. */
function welch(groups: [number[], number[]]): number {
  const [a, b] = groups.map((times) => {
    const kept = times.toSorted((one, other) => one - other).slice(0, Math.floor(times.length * 0.9));
    const mean = kept.reduce((sum, each) => sum + each, 0) / kept.length;
    const variance = kept.reduce((sum, each) => sum + (each - mean) ** 2, 0) / (kept.length - 1);
    return { mean, error: variance / kept.length };
  });
  return a && b ? (a.mean - b.mean) / Math.sqrt(a.error + b.error) : Number.NaN;
}
