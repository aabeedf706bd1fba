import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createClock } from "../clock.ts";
import { simulatedChannels } from "../stack.ts";
import { live } from "./live.ts";
import { planOf } from "./plan.ts";
import { type Settled, settle } from "./settle.ts";
import { Stage } from "./stage.ts";
import { createTally, type Tally } from "./tally.ts";
import { openWorld } from "./world.ts";

const start = new Date("2026-11-25T00:00:00.000Z");

export interface ChaosWishes {
  minutes: number;
  seed: number;
  assemblyDir: string;
  tell: (line: string) => void;
}

export interface ChaosResult extends Settled {
  tally: Tally;
  simulatedMs: number;
}

/** Plays the plan, lets everything come to rest, and holds every case and every refund against its marketplace. */
export async function playChaos({ minutes, seed, assemblyDir, tell }: ChaosWishes): Promise<ChaosResult> {
  const dataDir = mkdtempSync(join(tmpdir(), "casebridge-chaos-"));
  const clock = createClock({ start, mode: "moved" });
  const tally = createTally();
  const world = await openWorld({ clock, channels: simulatedChannels, tally });
  const stage = new Stage({ world, clock, tally, seed, place: { assemblyDir, dataDir }, tell });
  try {
    const { lives } = planOf({ seed, minutes });
    for (const [index, life] of lives.entries()) {
      await live(life, stage);
      const cases = world.shops.reduce((sum, { market }) => sum + market.truth().length, 0);
      tell(`life ${index + 1} of ${lives.length} killed at ${clock.now().toISOString()}, ${cases} cases`);
    }
    const settled = await settle(stage);
    await stage.stop();
    return { ...settled, tally, simulatedMs: clock.now().getTime() - start.getTime() };
  } finally {
    await stage.kill();
    await world.stop();
    rmSync(dataDir, { recursive: true, force: true });
  }
}
