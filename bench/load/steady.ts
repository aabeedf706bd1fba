import { type LoadFigure, percentile } from "./figures.ts";
import { isAccepted, type Play, play, warmUp } from "./play.ts";
import type { LoadOptions } from "./run.ts";
import { type LoadShop, openWorld, type World } from "./world.ts";

const perSecond = 200;

/** Two hundred pushes a second: how soon is each acknowledged? */
export async function steady({ assemblyDir, seconds = 20 }: LoadOptions): Promise<LoadFigure[]> {
  const world = await openWorld({ assemblyDir });
  const shops = await busyShops(world);
  await warmUp(world, shops);
  const seen = await play(world, [{ shops, perSecond, seconds }]);
  await world.stop();
  return acknowledged("steady", seen, { p99: 150 });
}

/** So many shops that no marketplace's limit on reading is what is measured: four in five of Douyin, one of Shopify. */
export async function busyShops(world: World, { douyin = 32, shopify = 8 } = {}): Promise<LoadShop[]> {
  const [some, others] = [await world.shops("douyin", douyin), await world.shops("shopify", shopify)];
  const every = Math.max(1, Math.round(douyin / shopify));
  return some.flatMap((shop, index) => {
    const other = others[Math.floor(index / every)];
    return index % every === 0 && other ? [shop, other] : [shop];
  });
}

/** What every part tells of its acknowledgements, and of what came of them. */
export function acknowledged(
  part: string,
  seen: Play,
  { p99, drainedS }: { p99?: number; drainedS?: number } = {},
): LoadFigure[] {
  const times = seen.pushes.map(({ ackMs }) => ackMs);
  const accepted = seen.pushes.filter(({ status }) => isAccepted(status)).length;
  return [
    { name: `${part}.pushes`, value: times.length, unit: "pushes" },
    { name: `${part}.accepted`, value: (100 * accepted) / times.length, unit: "%", least: 100 },
    { name: `${part}.acceptedPerSecond`, value: seen.acceptedPerSecond, unit: "pushes/s" },
    { name: `${part}.ack.p50`, value: percentile(times, 0.5), unit: "ms" },
    { name: `${part}.ack.p99`, value: percentile(times, 0.99), unit: "ms", ...(p99 && { most: p99 }) },
    { name: `${part}.ack.max`, value: percentile(times, 1), unit: "ms" },
    { name: `${part}.senderLate`, value: seen.senderLateMs, unit: "ms" },
    { name: `${part}.lost`, value: seen.lost, unit: "cases", most: 0 },
    { name: `${part}.untold`, value: seen.untold, unit: "cases", most: 0 },
    { name: `${part}.saved`, value: seen.savedMs / 1000, unit: "s after the last" },
    {
      name: `${part}.drained`,
      value: seen.drainMs / 1000,
      unit: "s after the last",
      ...(drainedS && { most: drainedS }),
    },
    { name: `${part}.memory`, value: seen.mostRssMb, unit: "MB" },
  ];
}
