import { SuiteError } from "#shared/errors.ts";
import { parseLossless } from "#shared/json.ts";
import type { PushReading } from "../contract.ts";
import { type Members, memberOf } from "./body.ts";
import { shopifyPush } from "./push.ts";

/**
 * What an event of Shopify's partner source in Amazon EventBridge says changed: the same as its webhook over HTTPS would.
 * The envelope holds the headers and the body as JSON; its raw bytes are gone, so no signature can be checked. What is
 * trusted is the partner source: only Shopify can put events on its bus, and only that bus's rule fills our queue.
 * Source: shopify.dev, "Get started with webhooks: Amazon EventBridge"; the envelope as captured in public repositories,
 * read 2026-11-22. @throws SuiteError `payload_invalid`
 */
export function readPartnerEvent(text: string): PushReading {
  const event: unknown = parseLossless(text);
  if (typeof event !== "object" || event === null) throw new SuiteError("payload_invalid", "not an event");
  const members = event as Members;
  const isOurs =
    members["detail-type"] === "shopifyWebhook" && String(members.source).startsWith("aws.partner/shopify.com/");
  if (!isOurs) throw new SuiteError("payload_invalid", "not an event of Shopify's partner source");
  const detail = memberOf(members, "detail");
  // Ids that no number holds have become text by now, which the reading of a body takes as well.
  const body = new TextEncoder().encode(JSON.stringify(memberOf(detail, "payload")));
  return shopifyPush.read({ headers: headersOf(memberOf(detail, "metadata")), body });
}

/** The casing of the names, and their `X-`, are documented nowhere. */
function headersOf(metadata: Members): Record<string, string | undefined> {
  return Object.fromEntries(
    Object.entries(metadata).map(([name, value]) => {
      const lower = name.toLowerCase();
      return [lower.startsWith("shopify-") ? `x-${lower}` : lower, typeof value === "string" ? value : undefined];
    }),
  );
}
