import type { Payment } from "../contract.ts";
import {
  comesBack,
  isDisputed,
  type Node,
  type Parcel,
  paysBack,
  type SellerAddress,
  type TaobaoCase,
} from "./model.ts";
import type { Platform } from "./platform.ts";
import type { TaobaoSettings } from "./settings.ts";

/** Who moves a case: decides what the ledger says. */
export type Mover = Payment["executedBy"] | "buyer" | "platform_staff";

/** Nodes at which the seller is on the clock. */
export const sellerNodes: readonly Node[] = ["pending", "address_owed", "returned", "to_ship"];

/** Stamps a change; every change a reader of the case can see goes through here. The version always grows. */
export function touch(platform: Platform, case_: TaobaoCase): void {
  const nowMs = platform.nowMs();
  case_.modifiedMs = nowMs;
  case_.version = Math.max(nowMs, case_.version + 1);
  platform.saveCase(case_);
}

/** Moves a case to a node and starts that node's clock. */
export function enter(platform: Platform, case_: TaobaoCase, node: Node, by: Mover): void {
  const nowMs = platform.nowMs();
  const lengthMs = nodeMs(platform.settings, case_, node);
  case_.node = node;
  case_.timeoutMs = lengthMs === undefined ? 0 : nowMs + lengthMs;
  if (lengthMs === undefined) case_.endMs = nowMs;
  // The parties settled it between themselves.
  if (isDisputed(case_) && by !== "platform_staff") case_.csStatus = 7;
  touch(platform, case_);
}

function nodeMs(settings: TaobaoSettings, { kind, order, hasReceived }: TaobaoCase, node: Node): number | undefined {
  switch (node) {
    case "pending":
      if (kind === "refund" && !order.isShipped) return settings.unshippedMs;
      return kind === "refund" && !hasReceived ? settings.shippedRefundMs : settings.pendingMs;
    case "address_owed":
      return settings.addressMs;
    case "buyer_returns":
      return settings.buyerReturnMs;
    case "returned":
      return settings.confirmMs;
    case "refused":
      return settings.refusedMs;
    case "to_ship":
      return settings.shipReplacementMs;
    case "shipped":
      return settings.buyerConfirmMs;
    default:
      return undefined;
  }
}

/** Consent to pay. The money itself moves a little later; until then the status stays what it was. */
export function agreeRefund(platform: Platform, case_: TaobaoCase, by: Mover): void {
  case_.consentBy = by === "buyer" || by === "platform_staff" ? "platform_robot" : by;
  case_.moneyAtMs = platform.nowMs() + platform.settings.refundArrivesMs;
  case_.timeoutMs = 0;
  touch(platform, case_);
  if (case_.kind === "refund") platform.announce(case_, "agreed");
}

export function moveMoney(platform: Platform, case_: TaobaoCase): void {
  case_.moneyAtMs = undefined;
  case_.settledFen = case_.refundFee;
  platform.pay({
    at: platform.clock.now().toISOString(),
    shopId: case_.shopId,
    channelCaseId: case_.id,
    amountMinor: case_.refundFee,
    currency: "CNY",
    executedBy: case_.consentBy ?? "platform_robot",
  });
  enter(platform, case_, "done", "platform_staff");
  platform.announce(case_, "success");
}

export function agreeReturn(
  platform: Platform,
  case_: TaobaoCase,
  address: SellerAddress | undefined,
  by: Mover,
): void {
  if (address) case_.address = addressText(address);
  enter(platform, case_, address ? "buyer_returns" : "address_owed", by);
  platform.announce(case_, "agreed");
}

/** The seller confirms what came back, without money: the replacement or the repaired thing is owed. */
export function confirmReceipt(platform: Platform, case_: TaobaoCase, by: Mover): void {
  enter(platform, case_, "to_ship", by);
  platform.announce(case_, "received");
}

export function shipReplacement(platform: Platform, case_: TaobaoCase, parcel: Parcel, by: Mover): void {
  case_.replacement = parcel;
  enter(platform, case_, "shipped", by);
  platform.announce(case_, "shipped");
}

export function refuse(platform: Platform, case_: TaobaoCase, by: Mover): void {
  enter(platform, case_, "refused", by);
  platform.announce(case_, "refused");
}

export function close(platform: Platform, case_: TaobaoCase, by: Mover): void {
  enter(platform, case_, "closed", by);
  platform.announce(case_, "closed");
}

export function finish(platform: Platform, case_: TaobaoCase, by: Mover): void {
  enter(platform, case_, "done", by);
  platform.announce(case_, "success");
}

/** The exchange ends; its refund is a case of its own. */
export function convert(platform: Platform, case_: TaobaoCase, by: Mover): void {
  enter(platform, case_, "converted", by);
  platform.announce(case_, "converted");
}

/** What happens when nobody acted before the node ended. */
export function expireNode(platform: Platform, case_: TaobaoCase): void {
  if (sellerNodes.includes(case_.node)) case_.missedDeadlines += 1;
  switch (case_.node) {
    case "pending":
      if (comesBack(case_)) agreeReturn(platform, case_, platform.returnAddressOf(case_.shopId), "platform_timer");
      else if (paysBack(case_)) agreeRefund(platform, case_, "platform_timer");
      else stopClock(platform, case_);
      return;
    case "address_owed":
      agreeReturn(platform, case_, platform.returnAddressOf(case_.shopId), "platform_timer");
      return;
    case "returned":
      if (case_.kind === "return") agreeRefund(platform, case_, "platform_timer");
      else confirmReceipt(platform, case_, "platform_timer");
      return;
    case "shipped":
      finish(platform, case_, "platform_timer");
      return;
    case "buyer_returns":
    case "refused":
      close(platform, case_, "platform_timer");
      return;
    default:
      stopClock(platform, case_);
  }
}

/** No rule is published for what follows: the clock stops and the case waits on. */
function stopClock(platform: Platform, case_: TaobaoCase): void {
  case_.timeoutMs = 0;
  touch(platform, case_);
}

export function addressText({ name, phone, province, city, district, street, zip }: SellerAddress): string {
  return [name, phone, `${province}${city}${district}${street}`, zip].join("，");
}
