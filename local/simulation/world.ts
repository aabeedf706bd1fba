import type { MovableClock } from "../clock.ts";
import { seededRandom } from "../runtime/gateway/faults.ts";
import type { DemoShop, LocalStack } from "../stack.ts";
import { demoTenant } from "../stack.ts";

const minuteMs = 60_000;
const dayMs = 86_400_000;

/** Wednesday before Spring Festival 2026: shifted days at work, then days on which JD's clocks stand still. */
export const start = new Date("2026-02-11T00:00:00.000Z");
const festival = { from: "2026-02-14T16:00:00.000Z", until: "2026-02-16T16:00:00.000Z" };
/** JD announces it late, when clocks already run. */
const announcedAt = new Date("2026-02-13T06:00:00.000Z");

interface Wish {
  days: number;
  cases: number;
  seed: number;
}

/** Rules of the demo merchant: answer what can be answered in the last hour, a ladder of its own, calendars, costs. */
export async function setRules({ call }: LocalStack): Promise<void> {
  const acts = [
    { id: "returns_before_expiry", kind: "respond", types: ["return_refund"], answer: "agree_return" },
    {
      id: "small_refunds_before_expiry",
      kind: "respond",
      types: ["refund_only"],
      upTo: { amountMinor: 30_000, currency: "CNY" },
      at: "last_30m",
      answer: "agree_refund",
    },
  ];
  const markets = { taobao: "CN", jd: "CN", douyin: "CN", shopify: "US" };
  await call("set-rules", {
    tenantId: demoTenant,
    personId: "demo",
    onVersion: 0,
    rules: { acts, markets },
    calendars: ["CN", "US"].map((market) => ({ market, years: [2026] })),
  });
}

/** Puts what will happen on the clock: buyers all week, some of them at the same moment, moved clocks, a pause. */
export function plan({ shops, call }: LocalStack, clock: MovableClock, { days, cases, seed }: Wish): void {
  const random = seededRandom(seed);
  const at = (ms: number) => new Date(start.getTime() + ms);
  // The first clocks of most cases end within the week.
  const hours = Math.max(1, days - 2) * 24;
  for (let index = 0; index < cases; index++) {
    const shop = shops[index % shops.length] as DemoShop;
    const plans = Object.keys(shop.market.plans);
    const name = plans[Math.floor(index / shops.length) % plans.length] ?? "";
    // Buyers come on the hour, half of them at the same hour of the day, so that clocks collide.
    const hour = Math.floor(random() * hours);
    const ms = (random() < 0.5 ? hour : hour - (hour % 24) + 12) * 60 * minuteMs;
    clock.schedule(at(ms), () => open(shop, { name, seed: seed * 1_000_000 + index }));
  }
  for (let index = 0; index < cases / 40; index++) {
    const ms = Math.floor(random() * days * dayMs);
    const pick = random();
    clock.schedule(at(ms), () => moveOne(shops, pick, clock.now().getTime()));
  }
  const jd = shops.find(({ market }) => market.channel === "jd");
  if (!jd || days < 4) return;
  clock.schedule(announcedAt, async () => {
    await control(jd, "pause", { from: festival.from, to: festival.until });
  });
  clock.schedule(announcedAt, () => void announce(call));
}

async function announce(call: LocalStack["call"]): Promise<void> {
  const pause = { channel: "jd", ...festival, link: "https://example.com/notice", readOn: "2026-02-13" };
  // Twice, as two people might.
  await call("set-rules", {
    tenantId: demoTenant,
    personId: "demo",
    onVersion: 1,
    rules: { pauses: [pause, pause] },
  });
}

async function open({ market, shopId }: DemoShop, { name, seed }: { name: string; seed: number }): Promise<void> {
  await market.openCase({ shopId, plan: name, seed });
}

/** The platform gives one running case more time, or less. */
async function moveOne(shops: readonly DemoShop[], pick: number, now: number): Promise<void> {
  const douyin = shops.find(({ market }) => market.channel === "douyin");
  const running = douyin?.market.truth().filter(({ dueAt, final }) => dueAt && !final) ?? [];
  const chosen = running[Math.floor(pick * running.length)];
  if (!douyin || !chosen?.dueAt) return;
  const byMs = (pick * 10 - Math.floor(pick * 10) - 0.3) * dayMs;
  // Never to a time that is almost over: nobody could tell that from the platform's own answer.
  const deadline = Math.floor(Math.max(now + 2 * 60 * minuteMs, Date.parse(chosen.dueAt) + byMs) / 1000);
  await control(douyin, `cases/${chosen.channelCaseId}/move-deadline`, { deadline });
}

async function control({ market }: DemoShop, path: string, given: object): Promise<void> {
  await fetch(`${market.url}/_control/${path}`, { method: "POST", body: JSON.stringify(given) });
}
