import type { Connector, Notifications } from "#connectors/contract.ts";
import type { Channel } from "#shared/case/channel.ts";
import { SuiteError } from "#shared/errors.ts";
import { noticeMessage } from "#shared/lanes.ts";
import { log } from "#shared/log.ts";
import { count } from "#shared/metrics.ts";
import { type Message, rejectedMessages } from "#shared/queue.ts";

export interface Deps {
  channel: Channel;
  read: Notifications<unknown, unknown>["read"];
  enqueue: (messages: readonly Message[]) => Promise<void>;
  quarantine: (messages: readonly Message[]) => Promise<void>;
  /** For what concerns a shop itself. */
  tellShops: (messages: readonly Message[]) => Promise<void>;
}

/** How a channel's messages are read. @throws SuiteError `misconfigured` when it sends none. */
export function reader({ id, notifications }: Connector): Deps["read"] {
  if (notifications) return notifications.read;
  throw new SuiteError("misconfigured", `${id} sends no notifications: set CHANNEL to one that does`);
}

/**
 * Takes a message that a channel put into a queue of ours: one notice for each case it speaks of. Only the channel's
 * account may write there, so nothing is checked but the form. Calls no platform and keeps nothing. Safe to repeat: a
 * notice has the message's own id. @throws SuiteError `payload_invalid` when the message is none of the channel's.
 */
export async function receiveNotification(body: string, deps: Deps): Promise<void> {
  const { channel } = deps;
  const { notices, ignored, rejected, shopNotices = [] } = deps.read(body);
  if (shopNotices.length > 0) {
    await deps.tellShops(shopNotices.map((notice) => ({ body: JSON.stringify({ notice }) })));
    count("WebhookAccepted", shopNotices.length, { channel });
  }
  if (notices.length > 0) {
    await deps.enqueue(notices.map(noticeMessage));
    count("WebhookAccepted", notices.length, { channel });
  }
  if (rejected.length > 0) {
    const from = "notifications";
    await deps.quarantine(rejected.flatMap((each) => rejectedMessages({ channel, from, ...each })));
    count("RecordQuarantined", rejected.length, { channel });
  }
  if (ignored.length > 0) count("WebhookIgnored", ignored.length, { channel });
  for (const { topic, why } of ignored) log.info("notification ignored", { channel, topic, why });
}
