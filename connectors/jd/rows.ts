import type * as z from "zod";
import type { Instant } from "#shared/case/instant.ts";
import type { Notice } from "#shared/case/notice.ts";
import type { FeedPage } from "../contract.ts";
import { caseIdOfJd, type Family } from "./case-id.ts";
import type { JdWorld } from "./client.ts";

export type Rejected = FeedPage["rejected"];

/** The rows that can be read; one that cannot is set aside alone. */
export function readRows<T>(rows: readonly unknown[], schema: z.ZodType<T>): { read: T[]; rejected: Rejected } {
  const read: T[] = [];
  const rejected: { why: string; record: string }[] = [];
  for (const row of rows) {
    const parsed = schema.safeParse(row);
    if (parsed.success) read.push(parsed.data);
    else rejected.push({ why: `no ${parsed.error.issues[0]?.path.join(".") || "row"}`, record: JSON.stringify(row) });
  }
  return { read, rejected };
}

/** `what` tells one state of the row from another, so that the same row gives the same notice. */
export function noticeOf(
  row: { family: Family; id: string; topic: string; what: readonly unknown[]; occurredAt?: Instant },
  { shopId }: JdWorld,
): Notice {
  const { family, id, topic, what, occurredAt } = row;
  return {
    channel: "jd",
    shopId,
    subject: { kind: "case", channelCaseId: caseIdOfJd(family, id) },
    topic,
    noticeId: [id, ...what.map((part) => part ?? "")].join(":").slice(0, 200),
    opens: false,
    ...(occurredAt && { occurredAt }),
    via: "poll",
  };
}
