import type { Case } from "#shared/case/case.ts";
import type { Notice } from "#shared/case/notice.ts";

/** A notice of our own: read this case again. `why` keeps two different wishes from being taken for one. */
export function rereadNotice(subject: Pick<Case, "channel" | "shopId" | "channelCaseId">, why: string): Notice {
  const { channel, shopId, channelCaseId } = subject;
  return {
    channel,
    shopId,
    subject: { kind: "case", channelCaseId },
    topic: "reread",
    noticeId: why,
    opens: false,
    via: "reread",
  };
}
