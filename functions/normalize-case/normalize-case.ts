import { type ObserveDeps, observeCases } from "#connectors/session/observe-cases.ts";
import { openSession, type SessionDeps } from "#connectors/session/session.ts";
import type { Notice } from "#shared/case/notice.ts";
import { isSuiteError } from "#shared/errors.ts";
import { log } from "#shared/log.ts";
import { count } from "#shared/metrics.ts";

export type Deps = SessionDeps & ObserveDeps;

/**
 * Turns a notice into the case it speaks of: reads it from the channel, normalises it, saves it once. Safe to repeat. A
 * notice of a shop that nobody has connected is counted and let go: there is nowhere to keep it. So is one of a parked
 * shop: when it is connected again, resume-shop reads its open cases and its feeds bring what is new.
 * @throws what the channel's call and the save throw; see `observeCases`.
 */
export async function normalizeCase(notice: Notice, deps: Deps): Promise<void> {
  const { channel, shopId, topic, via } = notice;
  try {
    const session = await openSession(notice, deps);
    const saved = await observeCases(notice, session, deps);
    if (saved.length === 0) log.warn("the channel knows no such case", { channel, shopId, topic, via });
    for (const { caseId, revision } of saved) log.info("case observed", { channel, shopId, caseId, revision, via });
  } catch (fault) {
    if (isSuiteError(fault, "shop_unknown")) {
      count("ShopUnknown", 1, { channel });
      log.warn("notice of an unknown shop let go", { channel, shopId, topic });
      return;
    }
    const canBeReadLater = deps.connectorOf(channel).fetch !== undefined;
    if (isSuiteError(fault, "credentials_rejected") && canBeReadLater) {
      count("NoticeOfParkedShop", 1, { channel });
      log.warn("notice of a parked shop let go", { channel, shopId, topic });
      return;
    }
    if (isSuiteError(fault, "rate_limited")) count("ChannelRateLimited", 1, { channel });
    if (isSuiteError(fault, "channel_unavailable")) count("ChannelUnavailable", 1, { channel });
    throw fault;
  }
}
