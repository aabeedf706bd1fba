import type { MarketplaceFaults } from "./marketplaces/contract.ts";
import type { Faults } from "./runtime/gateway/faults.ts";

/** What is disturbed while a scenario plays: calls to marketplaces and their pushes, and calls to AWS. */
export interface Disturbance {
  markets: MarketplaceFaults;
  aws: Faults;
}

/** Of the calls to AWS a tenth of the share meet it: every piece of work makes many of them, and a marketplace's few. */
const ofAws = 0.1;

/** Each word of `--faults`, with what it sets. The share is of the calls to marketplaces that meet it. */
const words = {
  "answers-lost": (share) => ({ markets: { answersLost: share }, aws: { answersLost: share * ofAws } }),
  throttle: (share) => ({ markets: { throttle: share }, aws: { throttled: share * ofAws } }),
  "server-errors": (share) => ({ markets: { serverError: share }, aws: { failing: share * ofAws } }),
  slow: (share) => ({ markets: {}, aws: { delayed: share * ofAws } }),
  "pushes-dropped": (share) => ({ markets: { pushesDropped: share }, aws: {} }),
  "pushes-doubled": (share) => ({ markets: { pushesDoubled: share }, aws: {} }),
  "pushes-late": (share) => ({ markets: { pushesLate: share, lateMs: 600_000 }, aws: {} }),
} satisfies Record<string, (share: number) => Disturbance>;

type Word = keyof typeof words;
const isWord = (text: string): text is Word => Object.hasOwn(words, text);

/** The words that `--faults` knows. */
export const faultWords = Object.keys(words);

/**
 * Reads `answers-lost=0.2,throttle=0.2`: shares from 0 to 1. The same text gives the same faults each time.
 * @throws RangeError with a sentence that says what to write.
 */
export function readFaults(text: string): Disturbance {
  const told: Disturbance = { markets: { seed: 1 }, aws: { seed: 1, exceptCallers: ["outside"] } };
  for (const part of text.split(",").filter(Boolean)) {
    const [word = "", value = ""] = part.split("=");
    const share = Number(value);
    if (!isWord(word)) throw new RangeError(`--faults knows no ${word}; it knows ${faultWords.join(", ")}.`);
    if (value === "" || !(share >= 0 && share <= 1)) {
      throw new RangeError(`--faults ${word} wants a share from 0 to 1, as in ${word}=0.2.`);
    }
    const { markets, aws } = words[word](share);
    Object.assign(told.markets, markets);
    Object.assign(told.aws, aws);
  }
  return told;
}
