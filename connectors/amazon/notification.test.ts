import { describe, expect, it } from "vitest";
import { readNotification } from "./notification.ts";

const metadata = {
  ApplicationId: "a",
  SubscriptionId: "s",
  PublishTime: "2026-03-20T08:00:01Z",
  NotificationId: "n-1",
};
const item = (more: object) => ({
  OrderItemId: "90000000000031",
  SellerSKU: "MUG-4",
  OrderItemStatus: "Unshipped",
  Quantity: 2,
  ...more,
});
const order = (summary: object) => ({
  NotificationType: "ORDER_CHANGE",
  EventTime: "2026-03-20T08:00:00Z",
  Payload: {
    OrderChangeNotification: {
      SellerId: "A1FIXTURE00001",
      AmazonOrderId: "111-3000001-3000001",
      OrderChangeType: "BuyerRequestedChange",
      OrderChangeTrigger: { TimeOfOrderChange: null },
      Summary: {
        MarketplaceId: "ATVPDKIKX0DER",
        OrderStatus: "Unshipped",
        FulfillmentType: "MFN",
        DestinationPostalCode: "98109-5210",
        ...summary,
      },
    },
  },
  NotificationMetadata: metadata,
});
const asked = order({ OrderItems: [item({ IsBuyerRequestedCancel: true }), item({ OrderItemId: "90000000000032" })] });
const read = (message: unknown) => readNotification(JSON.stringify(message));

/** The same message in the other casing. */
function camel(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(camel);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, member]) => [key.slice(0, 1).toLowerCase() + key.slice(1), camel(member)]),
  );
}

describe("a notification", () => {
  it("of a buyer who asks to cancel names those items alone, and no postal code", () => {
    const { notices } = read(asked);
    expect(notices).toMatchObject([
      {
        shopId: "A1FIXTURE00001",
        subject: { kind: "case", channelCaseId: "111-3000001-3000001/cancel" },
        noticeId: "n-1",
        occurredAt: "2026-03-20T08:00:00.000Z",
        payload: { kind: "cancel", market: "US", items: [{ orderItemId: "90000000000031", quantity: 2 }] },
      },
    ]);
    expect(JSON.stringify(notices)).not.toContain("98109");
  });

  it("says the same in either casing of its keys", () => {
    expect(read(camel(asked))).toEqual(read(asked));
  });

  it("of an order that Amazon fulfils, or that nobody asks to cancel, is ignored", () => {
    expect(read(order({ OrderItems: [item({})] })).ignored).toMatchObject([{ why: "no buyer asks to cancel" }]);
    expect(read(order({ FulfillmentType: "AFN" })).ignored).toMatchObject([{ why: "fulfilled by Amazon" }]);
  });

  it.each([
    ["DONE", [{ subject: { kind: "lookup", by: "feed", id: "50001" } }], []],
    ["FATAL", [], [{ why: "ended FATAL" }]],
  ])("of a refund feed that ended %s", (processingStatus, notices, ignored) => {
    const finished = {
      sellerId: "A1FIXTURE00001",
      feedId: "50001",
      feedType: "POST_PAYMENT_ADJUSTMENT_DATA",
      processingStatus,
    };
    const message = {
      notificationType: "FEED_PROCESSING_FINISHED",
      eventTime: "2026-03-20T08:00:00Z",
      payload: { feedProcessingFinishedNotification: finished },
      notificationMetadata: camel(metadata),
    };
    expect(read(message)).toMatchObject({ notices, ignored });
  });

  it("of money that moved leads to its order", () => {
    const update = {
      SellingPartnerMetadata: {
        SellingPartnerId: "A1FIXTURE00001",
        MarketplaceId: "ATVPDKIKX0DER",
        AccountType: "PAYABLE",
      },
      RelatedIdentifiers: [{ RelatedIdentifierName: "ORDER_ID", RelatedIdentifierValue: "111-2000003-2000001" }],
      TransactionType: "Refund",
    };
    const message = {
      NotificationType: "TRANSACTION_UPDATE",
      Payload: { TransactionUpdateNotification: update },
      NotificationMetadata: metadata,
    };
    expect(read(message).notices).toMatchObject([
      { subject: { kind: "lookup", by: "order", id: "111-2000003-2000001" } },
    ]);
  });

  it.each([
    ["no JSON", "<xml/>"],
    ["no object", "[]"],
    ["no id", JSON.stringify({ ...asked, NotificationMetadata: {} })],
    ["no seller", JSON.stringify({ ...asked, Payload: { OrderChangeNotification: {} } })],
  ])("that is none is payload_invalid: %s", (_, body) => {
    expect(() => readNotification(body)).toThrow(expect.objectContaining({ code: "payload_invalid" }));
  });
});
