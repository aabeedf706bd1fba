import { rereadNotice } from "#connectors/session/reread.ts";
import { resumeParked } from "#shared/case/attend.ts";
import { instant } from "#shared/case/instant.ts";
import type { Clock } from "#shared/clock.ts";
import { noticeMessage } from "#shared/lanes.ts";
import { log } from "#shared/log.ts";
import type { Message } from "#shared/queue.ts";
import type { Cases, ShopKey, Shops } from "#shared/store/index.ts";

export interface Deps {
  cases: Cases;
  shops: Shops;
  clock: Clock;
  /** Notices for the intake. */
  enqueue: (messages: readonly Message[]) => Promise<void>;
}

const noticesPerFlush = 200;

/**
 * Takes up the work of a shop that has been connected again: every open case is read anew, because notices that came
 * while the shop was parked were let go, and commands that waited are called for. What is new since then comes with the
 * shop's feeds, which connecting made due at their bookmarks. Safe to repeat.
 * @throws SuiteError `case_changed`, `queue_unavailable`, `store_unavailable`, all retryable.
 */
export async function resumeShop(shop: ShopKey, { cases, shops, clock, enqueue }: Deps): Promise<void> {
  const found = await shops.get(shop);
  if (found?.shop.status !== "connected") return; // parked again meanwhile, or gone
  const { connectedAt } = found.shop;
  const notices: Message[] = [];
  let commands = 0;
  let reread = 0;
  for await (const subject of cases.openOf(shop)) {
    notices.push(noticeMessage(rereadNotice(subject, `connected ${connectedAt}`)));
    reread++;
    const now = instant(clock.now());
    const { saved } = resumeParked(subject, now)
      ? await cases.change(subject.tenantId, subject.caseId, (current) => resumeParked(current, now))
      : { saved: false };
    if (saved) commands++;
    if (notices.length >= noticesPerFlush) await enqueue(notices.splice(0));
  }
  await enqueue(notices);
  log.info("shop resumed", { ...shop, reread, commands });
}
