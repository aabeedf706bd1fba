import { acknowledge } from "./cancel.ts";
import { refund, refundableMinor } from "./lifecycle.ts";
import type { Feed } from "./model.ts";
import { minor } from "./money.ts";
import type { Platform } from "./platform.ts";

interface Result {
  messageId: string;
  orderId: string;
  problem?: string;
}

type Apply = (message: string, orderId: string) => string | undefined;

/** Carries out each message of an order adjustment feed by itself; returns the processing report. */
export function applyAdjustments(platform: Platform, feed: Feed, xml: string): string {
  return applyEach(feed, xml, "OrderAdjustment", (message, orderId) => apply(platform, feed, message, orderId));
}

/** As above, for order acknowledgements. */
export function applyAcknowledgements(platform: Platform, feed: Feed, xml: string): string {
  return applyEach(feed, xml, "OrderAcknowledgement", (message) => acknowledge(platform, feed.shopId, message));
}

function applyEach(feed: Feed, xml: string, type: string, carryOut: Apply): string {
  const isForSeller = inner(xml, "MerchantIdentifier") === feed.shopId && inner(xml, "MessageType") === type;
  const results = all(xml, "Message").map((message): Result => {
    const messageId = inner(message, "MessageID");
    const orderId = inner(message, "AmazonOrderID");
    const problem = isForSeller ? carryOut(message, orderId) : "The feed is for another seller.";
    return problem === undefined ? { messageId, orderId } : { messageId, orderId, problem };
  });
  return processingReport(feed, results);
}

/** Undefined when it was carried out; else why not. */
function apply(platform: Platform, feed: Feed, message: string, orderId: string): string | undefined {
  const currency = platform.currencyOf(feed.shopId);
  const itemId = inner(message, "AmazonOrderItemCode");
  const found = platform.returnsOf(feed.shopId).find((each) => each.orderId === orderId && each.itemId === itemId);
  if (!found) return "The order or its item was not found.";
  const amounts: Record<string, number> = {};
  for (const component of all(message, "Component")) {
    const [, named = "", text = ""] = /<Amount currency="(\w+)">([^<]*)<\/Amount>/.exec(component) ?? [];
    const amount = minor(text, currency);
    if (named !== currency || amount === undefined) return "The amount is not valid.";
    const type = inner(component, "Type");
    amounts[type] = (amounts[type] ?? 0) + amount;
  }
  const { Principal = 0, Tax = 0, Shipping = 0 } = amounts;
  const total = Principal + Tax + Shipping;
  if (total <= 0) return "The adjustment is no credit.";
  if (currency === "JPY" && Tax > 0) return "The requested refund amount for the tax is not eligible.";
  if (total > refundableMinor(found)) return "The requested amount exceeds the refundable amount.";
  refund(platform, found, {
    ...{ principalMinor: Principal, taxMinor: Tax, freightMinor: Shipping },
    isClaim: false,
    by: "merchant_api",
  });
  return undefined;
}

/** Names orders only where something failed. */
function processingReport({ feedId, shopId }: Feed, results: readonly Result[]): string {
  const failed = results.filter(({ problem }) => problem !== undefined);
  const counts = [
    `<MessagesProcessed>${results.length}</MessagesProcessed>`,
    `<MessagesSuccessful>${results.length - failed.length}</MessagesSuccessful>`,
    `<MessagesWithError>${failed.length}</MessagesWithError><MessagesWithWarning>0</MessagesWithWarning>`,
  ];
  const details = failed.map(
    ({ messageId, orderId, problem }) =>
      `<Result><MessageID>${messageId}</MessageID><ResultCode>Error</ResultCode><ResultMessageCode>0</ResultMessageCode>` +
      `<ResultDescription>${problem}</ResultDescription><AdditionalInfo><AmazonOrderID>${orderId}</AmazonOrderID></AdditionalInfo></Result>`,
  );
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<AmazonEnvelope><Header><DocumentVersion>1.02</DocumentVersion><MerchantIdentifier>${shopId}</MerchantIdentifier></Header>`,
    "<MessageType>ProcessingReport</MessageType><Message><MessageID>1</MessageID><ProcessingReport>",
    `<DocumentTransactionID>${feedId}</DocumentTransactionID><StatusCode>Complete</StatusCode>`,
    `<ProcessingSummary>${counts.join("")}</ProcessingSummary>${details.join("")}`,
    "</ProcessingReport></Message></AmazonEnvelope>",
  ].join("\n");
}

function inner(xml: string, name: string): string {
  return new RegExp(`<${name}>([^<]*)</${name}>`).exec(xml)?.[1] ?? "";
}

function all(xml: string, name: string): string[] {
  return [...xml.matchAll(new RegExp(`<${name}>([\\s\\S]*?)</${name}>`, "g"))].map(([, content = ""]) => content);
}
