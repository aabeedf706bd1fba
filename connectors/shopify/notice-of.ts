import { channelCaseIdSchema } from "#shared/case/ids.ts";
import type { Notice } from "#shared/case/notice.ts";
import type { ShopifyWorld } from "./client.ts";
import { parse } from "./parse.ts";

/** What a list says changed: the case of this id, or with `lookup` all cases of the order of this id. */
export function noticeOf(
  id: string,
  {
    world,
    topic,
    version,
    occurredAt,
    lookup,
  }: { world: ShopifyWorld; topic: string; version: string; occurredAt?: string; lookup?: boolean },
): Notice {
  return {
    channel: "shopify",
    shopId: world.shopId,
    subject: lookup
      ? { kind: "lookup", by: "order", id }
      : { kind: "case", channelCaseId: parse(channelCaseIdSchema, id) },
    topic,
    // The same state of the same case is the same notice, however often it is swept.
    noticeId: `${topic}:${id}:${version}`.slice(0, 200),
    opens: false,
    occurredAt,
    via: "poll",
  };
}
