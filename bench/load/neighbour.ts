import { type LoadFigure, percentile } from "./figures.ts";
import { type Play, play, warmUp } from "./play.ts";
import type { LoadOptions } from "./run.ts";
import { openWorld } from "./world.ts";

const quietPerSecond = 5;
const loudPerSecond = 1;
const times = 100;

/** One tenant sends a hundred times what it usually does. How much later is the other served? */
export async function neighbour({ assemblyDir, seconds = 30 }: LoadOptions): Promise<LoadFigure[]> {
  const world = await openWorld({ assemblyDir, channels: ["douyin"] });
  const quiet = await world.shops("douyin", 3, { tenantId: "quiet", named: "quiet" });
  const loud = await world.shops("douyin", 8, { tenantId: "loud", named: "loud" });
  await warmUp(world, [...quiet, ...loud]);
  const together = (factor: number) =>
    play(world, [
      { shops: quiet, perSecond: quietPerSecond, seconds },
      { shops: loud, perSecond: loudPerSecond * factor, seconds },
    ]);
  // Before and after, so that a machine that is busier in between is not taken for a neighbour.
  const before = of("quiet", await together(1));
  const beside = of("quiet", await together(times));
  const after = of("quiet", await together(1));
  await world.stop();

  const p99 = (of: (each: Play["pushes"][number]) => number | undefined, pushes: Play["pushes"]) =>
    percentile(
      pushes.map((each) => of(each) ?? Number.POSITIVE_INFINITY),
      0.99,
    );
  return [
    { name: "neighbour.samples", value: before.length, unit: "pushes" },
    ...(["ackMs", "savedMs"] as const).flatMap((time): LoadFigure[] => {
      const name = `neighbour.${time === "ackMs" ? "ack" : "saved"}`;
      const [first, second] = [p99((each) => each[time], before), p99((each) => each[time], after)];
      const crowded = p99((each) => each[time], beside);
      return [
        { name: `${name}.p99.alone`, value: (first + second) / 2, unit: "ms" },
        { name: `${name}.p99.beside`, value: crowded, unit: "ms" },
        { name: `${name}.ratio`, value: (2 * crowded) / (first + second), unit: "×", most: 2 },
      ];
    }),
  ];
}

function of(tenantId: string, { pushes }: Play): Play["pushes"] {
  return pushes.filter(({ case: { shop } }) => shop.tenantId === tenantId);
}
