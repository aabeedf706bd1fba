import { createRandom } from "../kit/random.ts";
import type { CancelRequest } from "./model.ts";
import { announce } from "./notifications.ts";
import type { Platform } from "./platform.ts";

/** A buyer asks to cancel the one item of an order that has not left. Everything about it follows from the seed. */
export function askToCancel(platform: Platform, { shopId, seed }: { shopId: string; seed: number }): CancelRequest {
  if (!platform.shops.has(shopId)) throw new Error(`no shop ${shopId}`);
  const random = createRandom(seed, shopId, "amazon cancel");
  const orderId = `112-${random.digits(7)}-${random.digits(7)}`;
  const cancel: CancelRequest = {
    ...{ shopId, orderId, itemId: random.digits(14), sku: "KETTLE-BLK" },
    askedMs: platform.nowMs(),
    status: "Unshipped",
  };
  platform.saveCancel(cancel);
  tell(platform, cancel, "BuyerRequestedChange");
  return cancel;
}

/** The order is cancelled, or leaves all the same. */
export function endCancel(platform: Platform, cancel: CancelRequest, status: "Shipped" | "Canceled"): void {
  if (cancel.status !== "Unshipped") return;
  cancel.status = status;
  platform.saveCancel(cancel);
  tell(platform, cancel, "OrderStatusChange");
}

/** Carries out an order acknowledgement feed: a failed one cancels the whole order. Returns why not; undefined when it was. */
export function acknowledge(platform: Platform, shopId: string, message: string): string | undefined {
  const cancel = platform.cancels.get(/<AmazonOrderID>([^<]*)</.exec(message)?.[1] ?? "");
  if (!cancel || cancel.shopId !== shopId) return "The order was not found.";
  if (!message.includes("<StatusCode>Failure</StatusCode>")) return undefined;
  if (!message.includes(`<AmazonOrderItemCode>${cancel.itemId}</AmazonOrderItemCode>`))
    return "The item was not found.";
  if (cancel.status !== "Unshipped") return "The order cannot be cancelled any more.";
  endCancel(platform, cancel, "Canceled");
  return undefined;
}

function tell(platform: Platform, cancel: CancelRequest, change: string): void {
  const { shopId, orderId, itemId, sku, status, askedMs } = cancel;
  const OrderChangeNotification = {
    NotificationLevel: "OrderLevel",
    SellerId: shopId,
    AmazonOrderId: orderId,
    OrderChangeType: change,
    OrderChangeTrigger: { TimeOfOrderChange: new Date(askedMs).toISOString(), ChangeReason: "Buyer Requested Change" },
    Summary: {
      MarketplaceId: platform.shops.get(shopId)?.marketplaceId,
      OrderStatus: status,
      PurchaseDate: new Date(askedMs - 3_600_000).toISOString(),
      DestinationPostalCode: "48110",
      FulfillmentType: "MFN",
      OrderType: "StandardOrder",
      LatestShipDate: new Date(askedMs + 2 * 86_400_000).toISOString(),
      OrderPrograms: [],
      ShippingPrograms: [],
      OrderItems: [
        {
          OrderItemId: itemId,
          SellerSKU: sku,
          OrderItemStatus: status,
          Quantity: 1,
          QuantityShipped: status === "Shipped" ? 1 : 0,
          IsBuyerRequestedCancel: true,
        },
      ],
    },
  };
  announce(platform, shopId, { type: "ORDER_CHANGE", payload: { OrderChangeNotification } });
}
