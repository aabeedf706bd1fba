import { type Channel, channels } from "#shared/case/channel.ts";
import type { DeadlineKind } from "#shared/case/deadline.ts";
import { partsOf } from "#shared/case/ids.ts";
import { count, tellOfKind } from "#shared/metrics.ts";
import { type Cases, shardCount } from "#shared/store/index.ts";

const hourMs = 3_600_000;
/** Walking every clock there is costs reads, so it is done each quarter of an hour. */
const walkEveryMs = 900_000;
const endOfTime = new Date("2099-12-31T23:59:59.999Z");

/** What stands at risk in each channel, and from time to time how much is on the clock. What is zero is not told. */
export async function measureClocks(
  cases: Pick<Cases, "due" | "atRisk">,
  { now, everyMs }: { now: Date; everyMs: number },
): Promise<void> {
  await Promise.all(channels.map((channel) => measureRisk(cases, channel, now.getTime())));
  const quarter = (at: number) => Math.floor(at / walkEveryMs);
  if (quarter(now.getTime()) !== quarter(now.getTime() - everyMs)) await measureAll(cases);
}

async function measureRisk(cases: Pick<Cases, "atRisk">, channel: Channel, now: number): Promise<void> {
  const late = new Tally();
  const near = new Tally();
  let nearest: number | undefined;
  for await (const { dueAt, kind } of cases.atRisk({ channel, until: new Date(now + hourMs) })) {
    const leftMs = Date.parse(dueAt) - now;
    (leftMs <= 0 ? late : near).add(kind);
    if (leftMs > 0) nearest ??= leftMs; // they come by time
  }
  if (late.total > 0) count("CasesLate", late.total, { channel });
  if (near.total > 0) count("CasesDueWithinHour", near.total, { channel });
  for (const [kind, many] of late.byKind) tellOfKind("CasesLate", many, { channel, kind });
  for (const [kind, many] of near.byKind) tellOfKind("CasesDueWithinHour", many, { channel, kind });
  if (nearest !== undefined) count("NearestDueSeconds", Math.round(nearest / 1000), { channel });
}

class Tally {
  readonly byKind = new Map<DeadlineKind, number>();
  total = 0;
  add(kind: DeadlineKind | undefined): void {
    this.total++;
    if (kind) this.byKind.set(kind, (this.byKind.get(kind) ?? 0) + 1);
  }
}

async function measureAll(cases: Pick<Cases, "due">): Promise<void> {
  const found = new Map<Channel, number>();
  await Promise.all(
    Array.from({ length: shardCount }, async (_, shard) => {
      for await (const { caseId } of cases.due({ shard, until: endOfTime })) {
        const { channel } = partsOf(caseId);
        found.set(channel, (found.get(channel) ?? 0) + 1);
      }
    }),
  );
  for (const [channel, cases] of found) count("CasesOnTheClock", cases, { channel });
}
