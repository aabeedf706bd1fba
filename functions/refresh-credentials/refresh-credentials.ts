import * as z from "zod";
import { openSession, type Session, type SessionDeps } from "#connectors/session/session.ts";
import { daysLeft, kindOfWarning, type Warned, warnedDaysBefore, warningOf } from "#shared/case/authorization.ts";
import { instantSchema } from "#shared/case/instant.ts";
import { isSuiteError, SuiteError } from "#shared/errors.ts";
import { faultFields, log } from "#shared/log.ts";
import { count } from "#shared/metrics.ts";
import type { FeedId, Feeds } from "#shared/store/index.ts";

export interface Deps extends SessionDeps {
  feeds: Feeds;
}

/** JD renews only in a token's last day, of which its connector takes the last eight hours: no turn may step over them. */
const everyMs = 6 * 3_600_000;
const againMs = 15 * 60_000;
const leaseMs = 2 * 60_000;

const warnedSchema = z.strictObject({ endsAt: instantSchema, days: z.literal(warnedDaysBefore) });

/**
 * Looks after the grant of one shop, four times a day, whether or not anything happens there: opens a session, which renews
 * tokens that are due and parks a shop whose grant is dead, and warns once each, 14, 3 and 1 days before an authorisation
 * ends that only a person can give again. A channel that is away is asked again after a quarter of an hour. Safe to repeat:
 * a turn that dies after its warning may give it twice.
 * @throws SuiteError `misconfigured` when the message names no shop
 */
export async function refreshCredentials(id: FeedId, deps: Deps): Promise<void> {
  if (id.tenantId === undefined) throw new SuiteError("misconfigured", "credentials are refreshed by shop");
  const now = deps.clock.now();
  const taken = await deps.feeds.take(id, now, leaseMs);
  if (!taken) return;
  const last = warnedSchema.safeParse(taken.bookmark).data;
  try {
    const session = await openSession(id, deps);
    const warned = (await warn(session, last, now)) ?? last;
    await deps.feeds.keep(taken, { ...warned }, new Date(now.getTime() + everyMs));
  } catch (fault) {
    const { channel, shopId } = id;
    log.warn("renewal put off", { channel, shopId, ...faultFields(fault) });
    // A parked shop waits for a person, whose connecting makes this due at once.
    const waitMs = isSuiteError(fault, "credentials_rejected") ? everyMs : againMs;
    await deps.feeds.fail(taken, new Date(now.getTime() + waitMs));
  }
}

/** Returns the warning that was given; undefined when none was due. */
async function warn({ shop, connector, call }: Session, last: Warned | undefined, now: Date) {
  const endsAt = await call(async ({ credentials }) => connector.tokens?.authorizationEndsAt?.(credentials));
  const warning = endsAt && warningOf(endsAt, now, last);
  if (!warning) return undefined;
  const { tenantId, channel, shopId } = shop;
  const kind = kindOfWarning(warning.days);
  count("AuthorizationEndsWithin", 1, { channel, kind });
  const left = daysLeft(endsAt, now);
  log.warn("authorization ends", { tenantId, channel, shopId, endsAt: warning.endsAt, daysLeft: left });
  return warning;
}
