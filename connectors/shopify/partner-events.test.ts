import { existsSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { isSuiteError } from "#shared/errors.ts";
import { messages } from "./fixtures/messages.ts";
import { readPartnerEvent } from "./partner-events.ts";
import { shopifyPush } from "./push.ts";

/** The event in which Shopify would put this webhook; the body's text is kept, as its ids may be beyond 2^53. */
function eventOf(
  { headers, body }: (typeof messages)[number]["request"],
  nameOf = (name: string) => name.replaceAll(/(^|-)[a-z]/g, (start) => start.toUpperCase()),
): string {
  const metadata = Object.fromEntries(Object.entries(headers).map(([name, value]) => [nameOf(name), value]));
  return `{"version":"0","detail-type":"shopifyWebhook","source":"aws.partner/shopify.com/4711/casebridge","detail":{"metadata":${JSON.stringify(metadata)},"payload":${new TextDecoder().decode(body)}}}`;
}

describe("an event of the partner source", () => {
  it.each(messages.map((each) => [each.name, each] as const))("says what its webhook would: %s", (_, { request }) => {
    const overHttps = shopifyPush.read(request);
    expect(readPartnerEvent(eventOf(request))).toEqual(overHttps);
    expect(readPartnerEvent(eventOf(request, (name) => name.replace(/^x-/, "")))).toEqual(overHttps);
  });

  it.each([
    ["no JSON", "oops"],
    ["no object", "null"],
    ["an event of another source", '{"detail-type":"shopifyWebhook","source":"aws.partner/evil.com/1/x","detail":{}}'],
    ["an event of another type", '{"detail-type":"x","source":"aws.partner/shopify.com/1/x","detail":{}}'],
    ["no detail", '{"detail-type":"shopifyWebhook","source":"aws.partner/shopify.com/1/x"}'],
    [
      "a payload that is none",
      '{"detail-type":"shopifyWebhook","source":"aws.partner/shopify.com/1/x","detail":{"metadata":{},"payload":[]}}',
    ],
  ])("is refused: %s", (_, text) => {
    expect(() => readPartnerEvent(text)).toThrowError(
      expect.toSatisfy((error: unknown) => isSuiteError(error, "payload_invalid")),
    );
  });
});

const samples = new URL("../../../shared/channels/samples/shopify/constructed/", import.meta.url);
describe.skipIf(!existsSync(samples))("the constructed samples (skipped where they are not checked out)", () => {
  const read = (name: string) => readPartnerEvent(readFileSync(new URL(name, samples), "utf8"));

  it("lead to the return, under the webhook's own id", () => {
    expect(read("eventbridge-returns-close.json").notices).toMatchObject([
      {
        shopId: "example-store.myshopify.com",
        subject: { kind: "case", channelCaseId: "Return/7700110001" },
        noticeId: "b54557e4-bdd9-4b37-8a5f-bf7d70bcd043",
        occurredAt: "2026-11-02T08:15:30.123Z",
      },
    ]);
  });

  it("show a body that was too large as its id alone", () => {
    expect(read("eventbridge-oversize-stub.json")).toMatchObject({
      notices: [],
      ignored: [{ topic: "orders/updated" }],
    });
  });
});
