import { signBody } from "../../local/marketplaces/shopify/webhooks/sign.ts";
import type { LoadFigure } from "./figures.ts";
import { isAccepted, playCases, warmUp } from "./play.ts";
import type { LoadOptions } from "./run.ts";
import { evenly } from "./send.ts";
import { type LoadCase, openWorld, type World } from "./world.ts";

const perSecond = 100;
/** As SECURITY.md says: functions keep settings for five minutes. */
const settingsKeptMs = 300_000;
const newSecret = "shpss_5eed0000000000000000000010ad0be7";

/**
 * A webhook secret is changed as SECURITY.md says, while a hundred pushes come each second. Shopify's, because it signs
 * nothing but pushes: the marketplace goes on answering our calls whichever secret we hold.
 */
export async function rotation({ assemblyDir, seconds = 10 }: LoadOptions): Promise<LoadFigure[]> {
  const world = await openWorld({ assemblyDir, channels: ["shopify"] });
  const { runtime, markets } = world.stack;
  const shops = await world.shops("shopify", 64);
  await warmUp(world, shops);
  const secret = runtime.secrets.names.find((name) => name.endsWith("/shopify")) ?? "";
  const old = markets[0]?.appSettings() ?? {};
  const next = { ...old, clientSecret: newSecret };
  const resigned = (one: LoadCase): LoadCase => ({
    ...one,
    push: {
      ...one.push,
      headers: { ...one.push.headers, "X-Shopify-Hmac-Sha256": signBody(newSecret, one.push.body) },
    },
  });
  const send = async (signed: (one: LoadCase, index: number) => LoadCase, during?: () => void) => {
    const cases = (await world.cases(shops, perSecond * seconds)).map(signed);
    const moments = evenly({ perSecond, seconds });
    if (during) setTimeout(during, (seconds * 1000) / 2);
    const seen = await playCases(
      world,
      cases.map((one, index) => ({ case: one, atMs: moments[index] ?? 0 })),
    );
    return { lost: seen.lost, pushes: seen.pushes.map(({ status }) => isAccepted(status)) };
  };
  const both = (one: LoadCase, index: number) => (index % 2 === 0 ? one : resigned(one));

  // The channel goes on with the old secret while the new one is put here and becomes known.
  const put = await send(
    (one) => one,
    () => {
      runtime.secrets.set(secret, { current: next, previous: old });
      forgetSettings(world);
    },
  );
  const overlap = await send(both);
  runtime.secrets.set(secret, { current: next });
  forgetSettings(world);
  const after = await send(both);
  await world.stop();

  const valid = [...put.pushes, ...overlap.pushes, ...after.pushes.filter((_, index) => index % 2 === 1)];
  const refused = after.pushes.filter((_, index) => index % 2 === 0);
  return [
    { name: "rotation.valid", value: valid.length, unit: "pushes" },
    { name: "rotation.valid.rejected", value: valid.filter((taken) => !taken).length, unit: "pushes", most: 0 },
    { name: "rotation.afterCutOff", value: refused.length, unit: "pushes" },
    { name: "rotation.old.accepted", value: refused.filter((taken) => taken).length, unit: "pushes", most: 0 },
    { name: "rotation.lost", value: put.lost + overlap.lost + after.lost, unit: "cases", most: 0 },
  ];
}

/** The time after which every function has read its settings anew. Nothing is run on the way, least of all waited for. */
function forgetSettings({ clock }: World): void {
  clock.jumpTo(new Date(clock.now().getTime() + settingsKeptMs + 1_000));
}
