import type { ClockRulesOf } from "#connectors/session/remembered-rules.ts";
import { stateOf } from "#shared/case/case.ts";
import type { Channel } from "#shared/case/channel.ts";
import type { ShopId, TenantId } from "#shared/case/ids.ts";
import { instant } from "#shared/case/instant.ts";
import { personsDaysOf } from "#shared/case/persons-term.ts";
import { redact } from "#shared/case/redact.ts";
import { isFinal } from "#shared/case/states.ts";
import type { Clock } from "#shared/clock.ts";
import { isSuiteError } from "#shared/errors.ts";
import { log } from "#shared/log.ts";
import type { Cases, References } from "#shared/store/index.ts";

const dayMs = 86_400_000;
/** The next turn comes a day later, and may come late: what would be over its term by then goes now. */
const untilNextTurnMs = 25 * 3_600_000;
/** Some minutes of work; the rest has the next turn at once. */
const casesPerTurn = 2000;

export interface RedactDeps {
  cases: Cases;
  references: References;
  clockRulesOf: ClockRulesOf;
  clock: Clock;
}

/**
 * Erases what leads to a person from the cases of a shop that are over for so long as it may be kept: what the merchant
 * chose, within what the channel allows. Needs nothing of the channel, so that an outage or a parked shop keeps nobody's
 * data. However many nights were missed, and however the merchant's choice has changed, all that is due is found. A case
 * that was opened anew stays until it ends again. Safe to repeat. False when some are left for another turn.
 */
export async function redactEnded(
  shop: { tenantId: TenantId; channel: Channel; shopId: ShopId },
  { cases, references, clockRulesOf, clock }: RedactDeps,
  { atMost = casesPerTurn }: { atMost?: number } = {},
): Promise<boolean> {
  const { rules } = await clockRulesOf(shop.tenantId);
  const days = personsDaysOf(shop, rules.personsForDays);
  const now = clock.now();
  const until = instant(new Date(now.getTime() - days * dayMs + untilNextTurnMs));
  let redacted = 0;
  let seen = 0;
  for await (const ended of references.endedUpTo(shop, until)) {
    if (seen++ === atMost) break;
    try {
      const { saved } = await cases.change(shop.tenantId, ended.caseId, (current) =>
        isFinal(stateOf(current)) ? redact(current, { why: "term_ended", now: instant(now) }) : undefined,
      );
      if (saved) redacted += 1;
    } catch (fault) {
      if (!isSuiteError(fault, "case_not_found")) throw fault; // its own end came first
    }
    // After the case: if we die in between, it is found again and has nothing left to do.
    await references.removeEnded(shop, ended);
  }
  if (redacted > 0) log.info("cases redacted after their term", { ...shop, days, cases: redacted });
  return seen <= atMost;
}
