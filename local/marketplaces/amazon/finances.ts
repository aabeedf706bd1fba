import type { AmazonReturn, AmazonShop, Refund } from "./model.ts";
import { decimal } from "./money.ts";
import type { Platform } from "./platform.ts";
import { invalid } from "./problem.ts";

const pageSize = 100;
const longestMs = 180 * 86_400_000;

/** v0, by order: the sale, then what was given back and has become visible. */
export function financialEvents(platform: Platform, shop: AmazonShop, orderId: string): object {
  const lines = platform.returnsOf(shop.id).filter((each) => each.orderId === orderId);
  const money = (amountMinor: number) => ({
    CurrencyCode: shop.currency,
    CurrencyAmount: Number(decimal(amountMinor, shop.currency)),
  });
  const charge = (ChargeType: string, amountMinor: number) => ({ ChargeType, ChargeAmount: money(amountMinor) });
  const item = ({ sku, itemId, quantity }: AmazonReturn) => ({
    SellerSKU: sku,
    OrderItemId: itemId,
    QuantityShipped: quantity,
  });
  const event = (line: AmazonReturn, atMs: number, more: object) => ({
    AmazonOrderId: line.orderId,
    PostedDate: instantOf(atMs),
    ...more,
  });
  const sales = lines.map((line) =>
    event(line, line.orderedMs, {
      ShipmentItemList: [
        {
          ...item(line),
          ItemChargeList: [
            charge("Principal", line.principalMinor),
            charge("Tax", line.taxMinor),
            charge("ShippingCharge", line.freightMinor),
          ],
          ItemFeeList: [{ FeeType: "Commission", FeeAmount: money(-Math.round(line.principalMinor * 0.15)) }],
        },
      ],
    }),
  );
  const given = (isClaim: boolean) =>
    lines.flatMap((line) =>
      visible(platform, line)
        .filter((refund) => refund.isClaim === isClaim)
        .map((refund) =>
          event(line, refund.atMs, {
            ShipmentItemAdjustmentList: [
              {
                ...item(line),
                OrderAdjustmentItemId: `${line.itemId}9`,
                ItemChargeAdjustmentList: [
                  charge("Principal", -refund.principalMinor),
                  charge("Tax", -refund.taxMinor),
                  charge("ShippingCharge", -refund.freightMinor),
                ],
              },
            ],
          }),
        ),
    );
  const lists = { ShipmentEventList: sales, RefundEventList: given(false), GuaranteeClaimEventList: given(true) };
  return { payload: { FinancialEvents: lists } };
}

/** 2024-06-19, by window of posting; its type of a refund is not documented. */
export function transactions(platform: Platform, shop: AmazonShop, query: URLSearchParams): object {
  const after = Date.parse(query.get("postedAfter") ?? "");
  const before = Date.parse(query.get("postedBefore") ?? "") || platform.nowMs();
  if (Number.isNaN(after)) throw invalid("postedAfter is required.");
  if (before - after > longestMs) return { payload: { transactions: [] } };
  const rows = platform
    .returnsOf(shop.id)
    .flatMap((line) => visible(platform, line).map((refund, nth) => ({ line, refund, nth })))
    .filter(({ refund }) => refund.atMs >= after && refund.atMs <= before);
  const start = Number(query.get("nextToken") ?? 0);
  const page = rows.slice(start, start + pageSize).map(({ line, refund, nth }) => ({
    transactionId: `tx-${line.itemId}-${nth}`,
    transactionType: refund.isClaim ? "GuaranteeClaim" : "Refund",
    transactionStatus: "RELEASED",
    postedDate: instantOf(refund.atMs),
    relatedIdentifiers: [{ relatedIdentifierName: "ORDER_ID", relatedIdentifierValue: line.orderId }],
    totalAmount: {
      currencyCode: shop.currency,
      currencyAmount: -Number(decimal(refund.principalMinor, shop.currency)),
    },
  }));
  const more = rows.length > start + pageSize ? { nextToken: String(start + pageSize) } : {};
  return { payload: { transactions: page, ...more } };
}

/** Postings show late, under the date on which they were made. */
function visible({ settings, clock }: Platform, { refunds }: AmazonReturn): Refund[] {
  const now = clock.now().getTime();
  return refunds.filter(({ atMs }) => atMs + settings.financesLagMs <= now);
}

function instantOf(ms: number): string {
  return new Date(ms).toISOString().replace(/\.\d+/, "");
}
