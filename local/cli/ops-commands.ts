import type { AwsPlace } from "../ops/aws-place.ts";
import { redrive } from "../ops/redrive.ts";
import { replay } from "../ops/replay.ts";
import { CliMisused } from "./commands.ts";

type Options = Readonly<Record<string, string | undefined>>;

export interface OpsCommand {
  readonly words: readonly string[];
  readonly options: readonly string[];
  readonly says: string;
  /** Does it with the rights of whoever types, not by the API. Answers what was done. */
  readonly does: (words: Readonly<Record<string, string>>, options: Options, place: AwsPlace) => Promise<object>;
  readonly show: (answer: never) => string;
}

/** For whoever operates the deployment: these need rights in AWS and no token. */
export const opsCommands: Readonly<Record<string, OpsCommand>> = {
  redrive: {
    words: ["queue"],
    options: ["max"],
    says: "send what a dead-letter queue holds back, such as intake",
    does: async ({ queue = "" }, { max }, place) => ({
      sent: await redrive(queue, place, { max: countOf(max) }),
      queue,
    }),
    show: ({ sent, queue }: { sent: number; queue: string }) => `${sent} sent back to ${queue}`,
  },
  replay: {
    words: [],
    options: ["max"],
    says: "publish what the bucket of failures kept",
    does: (_, { max }, place) => replay(place, { max: countOf(max) }),
    show: ({ objects, records }: { objects: number; records: number }) =>
      `${objects} replayed, with ${records} records`,
  },
};

function countOf(text: string | undefined): number {
  if (text === undefined) return Number.POSITIVE_INFINITY;
  const count = Number(text);
  if (!Number.isInteger(count) || count < 1) throw new CliMisused("--max is a whole number from 1.");
  return count;
}
