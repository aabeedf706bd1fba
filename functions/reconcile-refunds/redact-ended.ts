import type { Connector } from "#connectors/contract.ts";
import { stateOf } from "#shared/case/case.ts";
import type { Channel } from "#shared/case/channel.ts";
import type { ShopId, TenantId } from "#shared/case/ids.ts";
import { instant } from "#shared/case/instant.ts";
import { redact } from "#shared/case/redact.ts";
import { isFinal } from "#shared/case/states.ts";
import type { Clock } from "#shared/clock.ts";
import { endedDayOf } from "#shared/ended-days.ts";
import { log } from "#shared/log.ts";
import type { Cases, References } from "#shared/store/index.ts";

const dayMs = 86_400_000;
/** Nights that may have been missed in a row. */
const caughtUpDays = 14;

export interface RedactDeps {
  cases: Cases;
  references: References;
  connectorOf: (channel: Channel) => Connector;
  clock: Clock;
}

/**
 * Erases what leads to a person from the cases of a shop that ended so many days ago as the channel allows to keep it; does
 * nothing for a channel without such a term. Needs nothing of the channel, so that an outage or a parked shop keeps nobody's
 * data. A case that was opened anew stays until it ends again. Safe to repeat.
 */
export async function redactEnded(
  shop: { tenantId: TenantId; channel: Channel; shopId: ShopId },
  { cases, references, connectorOf, clock }: RedactDeps,
): Promise<void> {
  const days = connectorOf(shop.channel).keepsPersonsForDays;
  if (days === undefined) return;
  const now = clock.now();
  let redacted = 0;
  for (let day = days + caughtUpDays; day >= days; day--) {
    const reference = endedDayOf(shop, instant(new Date(now.getTime() - day * dayMs)));
    for (const caseId of await references.find(shop.tenantId, reference)) {
      const { saved } = await cases.change(shop.tenantId, caseId, (current) =>
        isFinal(stateOf(current)) ? redact(current, { why: "term_ended", now: instant(now) }) : undefined,
      );
      if (saved) redacted += 1;
    }
  }
  if (redacted > 0) log.info("cases redacted after their term", { ...shop, cases: redacted });
}
