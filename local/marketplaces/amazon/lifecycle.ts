import type { Payment } from "../contract.ts";
import { type AmazonReturn, isOver, paidMinor, refundedMinor } from "./model.ts";
import { decimal } from "./money.ts";
import { announce } from "./notifications.ts";
import type { Platform } from "./platform.ts";

/** A person in Seller Central agrees to a request that the policy does not. */
export function authorise(platform: Platform, return_: AmazonReturn): void {
  if (return_.status !== "PendingApproval") return;
  return_.status = "Approved";
  return_.trackingId = trackingOf(return_);
  platform.saveReturn(return_);
}

/** A person in Seller Central closes the request. */
export function closeRequest(platform: Platform, return_: AmazonReturn): void {
  if (isOver(return_)) return;
  return_.status = "Closed";
  platform.saveReturn(return_);
}

/** The carrier's first scan; some returns are paid then, by Amazon. */
export function scan(platform: Platform, return_: AmazonReturn): void {
  return_.scannedMs = platform.nowMs();
  if (return_.resolution === "RefundAtFirstScan") refundWhole(platform, return_, "platform_robot");
  platform.saveReturn(return_);
}

export function deliver(platform: Platform, return_: AmazonReturn): void {
  return_.scannedMs ??= platform.nowMs();
  return_.deliveredMs = platform.nowMs();
  platform.saveReturn(return_);
}

/** The merchant's site has looked at what came; Amazon hears of it by the site's own system. */
export function process(platform: Platform, return_: AmazonReturn): void {
  if (!return_.external || return_.deliveredMs === undefined) return;
  return_.external.processedMs = platform.nowMs();
  platform.saveReturn(return_);
}

/** When Amazon refunds by itself; undefined while no clock runs. */
export function automatedRefundAt(platform: Platform, return_: AmazonReturn): number | undefined {
  const isDue = return_.deliveredMs !== undefined && !isOver(return_) && return_.claim !== "open";
  if (!isDue || return_.resolution.startsWith("Replacement")) return undefined;
  return (return_.deliveredMs ?? 0) + platform.settings.automatedRefundMs;
}

export function refundAutomatically(platform: Platform, return_: AmazonReturn): void {
  return_.missedDeadlines += 1;
  refundWhole(platform, return_, "platform_timer");
}

export function openClaim(platform: Platform, return_: AmazonReturn): void {
  if (isOver(return_)) return;
  return_.claim = "open";
  platform.saveReturn(return_);
}

/** Amazon decides; a granted claim is taken from the seller's account. */
export function decideClaim(platform: Platform, return_: AmazonReturn, isGranted: boolean): void {
  if (return_.claim !== "open") return;
  return_.claim = isGranted ? "granted" : "denied";
  if (isGranted) refundWhole(platform, return_, "platform_robot", { isClaim: true });
  platform.saveReturn(return_);
}

/** A person asks Amazon in Seller Central for what it took from the account for this return. */
export function fileSafet(platform: Platform, return_: AmazonReturn): void {
  if (return_.safet || !return_.refunds.some(({ by, isClaim }) => by.startsWith("platform") && !isClaim)) return;
  return_.safet = { claimId: String(return_.seed).padStart(10, "5"), filedMs: platform.nowMs(), state: "Under review" };
  platform.saveReturn(return_);
}

export function grantSafet(platform: Platform, return_: AmazonReturn): void {
  if (return_.safet?.state !== "Under review") return;
  return_.safet = { ...return_.safet, state: "Granted", amountMinor: return_.principalMinor };
  platform.saveReturn(return_);
}

/** Price and tax of all units; postage stays with the seller. */
export function refundWhole(
  platform: Platform,
  return_: AmazonReturn,
  by: Payment["executedBy"],
  { isClaim = false }: { isClaim?: boolean } = {},
): void {
  const { principalMinor, taxMinor } = return_;
  refund(platform, return_, { principalMinor, taxMinor, freightMinor: 0, isClaim, by });
}

/** What Amazon can still give back for the item. */
export function refundableMinor(return_: AmazonReturn): number {
  return paidMinor(return_) - refundedMinor(return_);
}

export function refund(
  platform: Platform,
  return_: AmazonReturn,
  what: Omit<AmazonReturn["refunds"][number], "atMs">,
): void {
  const atMs = platform.nowMs();
  return_.refunds.push({ ...what, atMs });
  if (return_.status === "Approved") return_.status = "Completed";
  platform.pay({
    at: new Date(atMs).toISOString(),
    shopId: return_.shopId,
    channelCaseId: return_.key,
    amountMinor: what.principalMinor + what.taxMinor + what.freightMinor,
    currency: platform.currencyOf(return_.shopId),
    executedBy: what.by,
  });
  const currency = platform.currencyOf(return_.shopId);
  announce(platform, return_.shopId, {
    type: "TRANSACTION_UPDATE",
    payload: {
      TransactionUpdateNotification: {
        SellingPartnerMetadata: {
          SellingPartnerId: return_.shopId,
          AccountType: "PAYABLE",
          MarketplaceId: platform.shops.get(return_.shopId)?.marketplaceId ?? "",
        },
        RelatedIdentifiers: [{ RelatedIdentifierName: "ORDER_ID", RelatedIdentifierValue: return_.orderId }],
        TransactionType: "Refund",
        PostedDate: new Date(atMs).toISOString(),
        TotalAmount: { CurrencyCode: currency, CurrencyAmount: -Number(decimal(what.principalMinor, currency)) },
      },
    },
    delayMs: platform.settings.financesLagMs,
  });
  platform.saveReturn(return_);
}

export function trackingOf({ seed }: AmazonReturn): string {
  return `1Z${String(seed).padStart(16, "0")}`;
}
