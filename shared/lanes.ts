import { createHash } from "node:crypto";
import type { Notice } from "./case/notice.ts";
import type { Message } from "./queue.ts";

/**
 * Lanes of one shop. A case always takes the same lane, so it is never handled by two at a time, and a burst in one shop
 * runs at most this many calls to its channel at once. Source of the number: our starting budget of 5 requests a second
 * for a Douyin shop at 1 to 2 requests a second and lane.
 */
export const lanesPerShop = 8;

/** Group and deduplication ids must be ASCII and at most 128 characters; ids of channels need not be. So they are hashed. */
function digest(...parts: string[]): string {
  return createHash("sha256").update(parts.join("\u0000")).digest("hex").slice(0, 40);
}

/** The notice as a message on intake.fifo. */
export function noticeMessage(notice: Notice): Message {
  const { channel, shopId, subject, noticeId, topic, via } = notice;
  const about = subject.kind === "case" ? subject.channelCaseId : `${subject.by}:${subject.id}`;
  const lane = Number.parseInt(digest(channel, shopId, about).slice(0, 8), 16) % lanesPerShop;
  return {
    body: JSON.stringify(notice),
    group: `${channel}.${digest(channel, shopId).slice(0, 16)}.${lane}`,
    deduplicationId: digest(channel, shopId, about, topic, noticeId, via),
  };
}

/** The group of commands: one shop, one call at a time, in order. */
export function commandGroup(channel: string, shopId: string): string {
  return `${channel}.${digest(channel, shopId).slice(0, 16)}`;
}

/**
 * A message that wakes act-on-channel for one command of one case. `attempt` counts the wakings: a queue drops what it
 * takes for the same message for five minutes.
 */
export function commandMessage(command: {
  channel: string;
  shopId: string;
  tenantId: string;
  caseId: string;
  commandId: string;
  attempt?: number;
}): Message {
  const { channel, shopId, tenantId, caseId, commandId, attempt = 0 } = command;
  return {
    body: JSON.stringify({ tenantId, caseId, commandId }),
    group: commandGroup(channel, shopId),
    deduplicationId:
      attempt === 0 ? digest(tenantId, caseId, commandId) : digest(tenantId, caseId, commandId, `${attempt}`),
  };
}

/** A timer on the deadlines queue: has a case looked at in `delaySeconds`; at most 900, or the sweep's turn comes first. */
export function timerMessage(
  { tenantId, caseId }: { tenantId: string; caseId: string },
  delaySeconds: number,
): Message {
  return {
    body: JSON.stringify({ tenantId, caseId }),
    delaySeconds: Math.min(900, Math.max(0, Math.ceil(delaySeconds))),
  };
}
