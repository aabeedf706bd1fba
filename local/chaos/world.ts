import { setTimeout as wait } from "node:timers/promises";
import type { MovableClock } from "../clock.ts";
import type { Marketplace, QueueSender, SimulatedShop } from "../marketplaces/contract.ts";
import { marketplaces } from "../marketplaces/index.ts";
import { type Passed, type Passing, type Relay, sendOn, startRelay } from "./relay.ts";
import type { Tally } from "./tally.ts";
import { type PushToxic, ToxicPicker, type Toxics } from "./toxics.ts";

/** Buyers, carriers and staff act that much faster than in life, so that returns come full circle while it lasts. */
const pace = 1 / 60;
/** Longer than a connector waits for an answer. */
const neverMs = 20_000;

/** The platforms' own words for "not so fast". */
const slowDown = /traffic-limited|call-limited|accesscontrol|THROTTLED|QuotaExceeded|TooManyRequests/i;

export interface WorldShop extends SimulatedShop {
  market: Marketplace;
}

/** Where Casebridge is reached, while it lives. */
export interface Reachable {
  webhookUrls: Readonly<Record<string, string>>;
  sendToQueue: QueueSender;
}

/** The marketplaces, which no fault of ours ever stops, and the bad lines between them and us. */
export interface World {
  shops: readonly WorldShop[];
  /** What an operator stores for each channel: every call goes over the bad line. */
  settingsOf(channel: string): Record<string, unknown>;
  /** Undefined while nobody is there: pushes fail and are tried again as each platform does. */
  reach(suite: Reachable | undefined): void;
  /** Disturbs the lines from now on; `{}` makes them good. */
  disturb(toxics: Toxics): void;
  timeOutNext(): void;
  stop(): Promise<void>;
}

export async function openWorld({
  clock,
  channels,
  tally,
}: {
  clock: MovableClock;
  channels: readonly string[];
  tally: Tally;
}): Promise<World> {
  let suite: Reachable | undefined;
  const relays: Relay[] = [];
  const pickers = new Map<string, ToxicPicker>();
  const settings = new Map<string, Record<string, unknown>>();
  const shops: WorldShop[] = [];

  /** What becomes of one push, however it travels. `deliver` rejects when Casebridge did not take it. */
  const pushed = async <Answer>(
    picker: ToxicPicker,
    { deliver, taken }: { deliver: () => Promise<Answer>; taken: Answer },
  ): Promise<Answer | undefined> => {
    const toxic: PushToxic | undefined = picker.ofPush();
    if (toxic) tally.add(toxic);
    switch (toxic) {
      case "push dropped":
        return taken;
      case "push late":
        clock.schedule(new Date(clock.now().getTime() + picker.lateByMs()), async () => {
          await deliver().catch(() => undefined); // then it is lost, as one that was dropped
        });
        return taken;
      case "push doubled":
        await deliver();
        return deliver();
      case "push answer lost":
        await deliver();
        return undefined;
      default:
        return deliver();
    }
  };

  const called = async (passing: Passing, market: Marketplace, picker: ToxicPicker): Promise<Passed | undefined> => {
    const toxic = picker.ofCall();
    if (toxic) tally.add(toxic);
    if (toxic === "channel failed before") return failure(503);
    if (toxic === "channel slow") await wait(150);
    const passed = await sendOn(passing, market.url);
    if (slowDown.test(passed.body.toString("latin1", 0, 2000))) tally.add("channel rate limit");
    if (toxic === "channel failed after applying") return failure(502);
    if (toxic === "channel answer lost") return undefined;
    if (toxic === "channel timed out") {
      await wait(neverMs, undefined, { ref: false });
      return undefined;
    }
    return passed;
  };

  for (const channel of channels) {
    const create = marketplaces[channel];
    if (!create) throw new Error(`No marketplace is called ${channel}. There are: ${Object.keys(marketplaces)}.`);
    const market = create({ clock, pace });
    await market.start();
    const picker = new ToxicPicker();
    pickers.set(channel, picker);
    const outward = await startRelay((passing) => called(passing, market, picker));
    const inward = await startRelay((passing) =>
      pushed(picker, {
        deliver: async () => sendOn(passing, hereOr(suite?.webhookUrls[channel])),
        taken: { status: 200, headers: {}, body: Buffer.from("") },
      }),
    );
    relays.push(outward, inward);
    const overRelay = <Value>(value: Value): Value =>
      JSON.parse(JSON.stringify(value).replaceAll(market.url, outward.url)) as Value;
    settings.set(channel, overRelay(market.appSettings()));
    const shop = await market.openShop("demo");
    shops.push({ ...overRelay(shop), market });
    market.pushTo(inward.url);
    market.sendTo?.(async (queueArn, body) => {
      const here = suite;
      if (!here) throw new Error("nobody is there");
      const deliver = () => here.sendToQueue(queueArn, body).then(() => true);
      if (!(await pushed(picker, { deliver, taken: true }))) throw new Error("the answer was lost");
    });
  }

  return {
    shops,
    settingsOf: (channel) => settings.get(channel) ?? {},
    reach(now) {
      suite = now;
    },
    disturb(toxics) {
      for (const [channel, picker] of pickers) picker.set(toxics, channel);
      for (const { market } of shops) market.inject({ throttle: toxics.rateLimited ?? 0, seed: toxics.seed ?? 0 });
    },
    timeOutNext() {
      for (const picker of pickers.values()) return picker.timeOutNext();
    },
    async stop() {
      await Promise.all(shops.map(({ market }) => market.stop()));
      await Promise.all(relays.map((relay) => relay.stop()));
      clock.stop();
    },
  };
}

const failure = (status: number): Passed => ({
  status,
  headers: { "content-type": "text/html" },
  body: Buffer.from("<html>the gateway is unwell</html>"),
});

function hereOr(url: string | undefined): string {
  if (!url) throw new Error("nobody is there");
  return url;
}
