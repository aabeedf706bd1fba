/** A reproducible stream of choices. The same seed and labels give the same stream, whatever else was drawn elsewhere. */
export interface Random {
  /** From 0 (included) to 1 (excluded). */
  next(): number;
  /** A whole number, both ends included. */
  int(least: number, most: number): number;
  pick<T>(choices: readonly [T, ...T[]]): T;
  /** True in `share` of the draws; 0 is never, 1 is always. */
  chance(share: number): boolean;
  /** `length` decimal digits, the first never 0. */
  digits(length: number): string;
}

/**
 * Labels keep streams apart (`createRandom(seed, "amounts")`), so adding a draw in one place moves nothing in another.
 * Not for secrets.
 */
export function createRandom(seed: number | string, ...labels: string[]): Random {
  let state = hash([String(seed), ...labels].join("\u0000"));
  const next = () => {
    // mulberry32: 32 bits of state are plenty for a simulated buyer.
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
  const int = (least: number, most: number) => least + Math.floor(next() * (most - least + 1));
  return {
    next,
    int,
    pick: (choices) => choices[int(0, choices.length - 1)] ?? choices[0],
    chance: (share) => next() < share,
    digits: (length) => String(int(1, 9)) + Array.from({ length: length - 1 }, () => int(0, 9)).join(""),
  };
}

/** FNV-1a over UTF-16 units, 32 bits. */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let index = 0; index < text.length; index++) value = Math.imul(value ^ text.charCodeAt(index), 0x01000193);
  return value | 0;
}
