import type { Bookmark, Feed, PushReading } from "#connectors/contract.ts";
import { connectorOf } from "#connectors/registry.ts";
import { readObservations, saveObservation } from "#connectors/session/observe-cases.ts";
import { openSession, type Session } from "#connectors/session/session.ts";
import { type Channel, channelSchema } from "#shared/case/channel.ts";
import { type ShopId, shopIdSchema, tenantIdSchema } from "#shared/case/ids.ts";
import type { Notice } from "#shared/case/notice.ts";
import type { CaseObservation } from "#shared/case/observation.ts";
import { isSuiteError } from "#shared/errors.ts";
import type { CaseTruth } from "../../local/marketplaces/contract.ts";
import { marketplaces } from "../../local/marketplaces/index.ts";
import { type RunningServer, startHttpServer } from "../../local/marketplaces/kit/http-server.ts";
import { ManualClock } from "../../local/marketplaces/kit/manual-clock.ts";
import type { TestTable } from "../engine.ts";
import { MoneyWorld } from "../integration/money-world.ts";

/** One reading of a case, as a push or a sweep brought it. */
export interface Reading {
  observation: CaseObservation;
  by: "push" | "pull";
  atMs: number;
}

/** All that was ever read of one case while it lived, oldest first, and what the platform says of it in the end. */
export interface Life {
  plan: string;
  seed: number;
  readings: readonly Reading[];
  truth: CaseTruth;
}

const tenantId = tenantIdSchema.parse("acme");
const minute = 60_000;
const day = 24 * 60 * minute;
/** How long it is until each next look: often at first, when most happens. */
const looks = [
  ...Array<number>(8).fill(20 * minute),
  ...Array<number>(6).fill(4 * 60 * minute),
  ...Array<number>(8).fill(2 * day),
];

/**
 * Lets a case of every plan of the channel live in its simulated marketplace, and keeps each reading of it: what pushes
 * pointed at and what every feed of a shop listed, read as the suite reads it. Nobody answers, so the platform's own
 * timers take their course.
 */
export async function recordLives(channelName: string, seeds: readonly number[], table: TestTable): Promise<Life[]> {
  const clock = new ManualClock("2026-03-02T01:00:00.000Z");
  const market = marketplaces[channelName]?.({ clock, pace: 1 / 4 });
  if (!market) throw new Error(`${channelName} has no simulated marketplace`);
  const channel = channelSchema.parse(channelName);
  await market.start();
  const world = new MoneyWorld(table, { market, clock, isWrite: () => false });
  const pushes = await receivePushes(channel);
  try {
    await world.connect("模拟旗舰店");
    market.pushTo(pushes.url);
    const shopId = shopIdSchema.parse(world.place.shopId);
    const lives = new Map<string, { plan: string; seed: number; readings: Reading[] }>();
    for (const seed of seeds)
      for (const plan of Object.keys(market.plans)) {
        const { channelCaseId } = await market.openCase({ shopId, plan, seed });
        lives.set(channelCaseId, { plan, seed, readings: [] });
      }
    const read = readerOf(world, { channel, shopId, clock });
    for (const wait of looks) {
      await clock.advance(wait);
      const pushed = await read.all(pushes.notices.splice(0));
      const pulled = await read.all(await read.feeds());
      for (const [by, observations] of [
        ["push", pushed],
        ["pull", pulled],
      ] as const)
        for (const observation of observations)
          lives
            .get(observation.channelCaseId)
            ?.readings.push({ observation, by, atMs: Date.parse(observation.observedAt) });
    }
    const truths = new Map(market.truth().map((truth) => [truth.channelCaseId, truth]));
    return [...lives].flatMap(([channelCaseId, life]) => {
      const truth = truths.get(channelCaseId);
      return truth && life.readings.length > 0 ? [{ ...life, truth }] : [];
    });
  } finally {
    await pushes.server.close();
    await market.stop();
  }
}

/** Takes what the marketplace pushes, as the channel's own connector understands it. */
async function receivePushes(channel: Channel) {
  const notices: Notice[] = [];
  const { push } = connectorOf(channel);
  const server: RunningServer = await startHttpServer({
    answer({ headers, body }) {
      if (!push) return { status: 404, body: "" };
      const flat = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)]));
      const reading: PushReading = push.read({ headers: flat, body });
      notices.push(...reading.notices);
      const { status, body: text } = push.reply("accepted");
      return { status, body: text };
    },
  });
  return { server, url: server.url, notices };
}

function readerOf(
  world: MoneyWorld,
  { channel, shopId, clock }: { channel: Channel; shopId: ShopId; clock: ManualClock },
) {
  const { deps } = world.worker();
  const reading = { ...deps, references: world.store.references };
  const bookmarks = new Map<string, Bookmark>();
  let waiting: CaseObservation[] = [];

  /** What the channel puts off is asked again when it says. */
  async function ask<Answer>(work: (session: Session) => Promise<Answer>): Promise<Answer> {
    for (;;) {
      try {
        return await work(await openSession({ channel, shopId }, deps));
      } catch (fault) {
        if (!isSuiteError(fault, "rate_limited")) throw fault;
        await clock.advance(Math.max(1000, Number(fault.details.retryAfterMs ?? 0)));
      }
    }
  }

  /** A part of a case that came before it is brought again by the queue. */
  async function save(observation: CaseObservation, opens: boolean): Promise<void> {
    try {
      await saveObservation(observation, { opens, tenantId }, deps);
    } catch (fault) {
      if (!isSuiteError(fault, "case_not_found")) throw fault;
      waiting.push(observation);
    }
  }

  async function pages(name: string, feed: Feed<unknown, unknown>): Promise<Notice[]> {
    const notices: Notice[] = [];
    for (;;) {
      const page = await ask((session) => session.call((asked) => feed.list(bookmarks.get(name), asked)));
      notices.push(...page.notices);
      bookmarks.set(name, page.bookmark);
      const { confirm } = feed;
      const { receipts } = page;
      if (confirm && receipts) await ask((session) => session.call((asked) => confirm(receipts, asked)));
      if (page.next.when === "later") return notices;
      if (page.next.when === "wait") await clock.advance(page.next.waitMs);
    }
  }

  return {
    async feeds(): Promise<Notice[]> {
      const notices: Notice[] = [];
      for (const [name, feed] of Object.entries(connectorOf(channel).feeds ?? {}))
        notices.push(...(await pages(name, feed)));
      return notices;
    },
    /** What the channel shows of each, saved in order, since some channels are asked by what is held already. */
    async all(notices: readonly Notice[]): Promise<CaseObservation[]> {
      const seen: CaseObservation[] = [];
      // Several notices of one subject lead to one reading, unless they carry what they tell.
      const apart = new Map(notices.map((notice) => [JSON.stringify([notice.subject, notice.payload]), notice]));
      for (const notice of apart.values()) {
        for (const observation of await ask((session) => readObservations(notice, session, reading))) {
          seen.push(observation);
          await save(observation, notice.opens);
        }
      }
      const again = waiting;
      waiting = [];
      for (const observation of again) await save(observation, false);
      return seen;
    },
  };
}
