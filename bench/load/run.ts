import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { synthesize } from "../../local/synthesize.ts";
import { type LoadFigure, tell } from "./figures.ts";
import { growth } from "./growth.ts";
import { steady } from "./steady.ts";

export interface LoadOptions {
  assemblyDir: string;
  /** How long a part sends; each has its own length when left out. */
  seconds?: number;
  /** The most cases that are put into the table before the work on a few more is counted. */
  largest?: number;
}

const parts: Readonly<Record<string, (options: LoadOptions) => Promise<LoadFigure[]>>> = {
  steady,
  growth,
};

export interface LoadArguments {
  part?: readonly string[];
  seconds?: string;
  largest?: string;
  assembly?: string;
}

/** What the stack on this machine bears. Each part has a stack to itself, and ends by itself. */
export async function benchLoad({ part = Object.keys(parts), seconds, largest, assembly }: LoadArguments) {
  const unknown = part.find((name) => !parts[name]);
  if (unknown) throw new Error(`There is no part ${unknown}. There are: ${Object.keys(parts).join(", ")}.`);
  const folder = assembly ? undefined : mkdtempSync(join(tmpdir(), "casebridge-load-"));
  try {
    if (folder) await synthesize(folder);
    const options: LoadOptions = {
      assemblyDir: assembly ?? folder ?? "",
      ...(seconds && { seconds: wholeNumber("--seconds", seconds) }),
      ...(largest && { largest: wholeNumber("--largest", largest) }),
    };
    for (const name of part) tell((await parts[name]?.(options)) ?? []);
  } finally {
    if (folder) rmSync(folder, { recursive: true, force: true });
  }
}

function wholeNumber(option: string, text: string): number {
  if (/^[1-9]\d{0,6}$/.test(text)) return Number(text);
  throw new Error(`Set ${option} to a whole number from 1 to 9999999.`);
}
