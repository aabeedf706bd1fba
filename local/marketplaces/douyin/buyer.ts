import { createRandom } from "../kit/random.ts";
import { appeal, cancelAppeal } from "./arbitration.ts";
import { parcelOf } from "./carriers.ts";
import { agreeRefund, close, enter, moveDeadline, touch } from "./lifecycle.ts";
import { caseTypes, type DouyinCase, type DouyinOrder, isArbitrationOpen } from "./model.ts";
import type { Platform } from "./platform.ts";
import { reasonTexts } from "./texts.ts";

/** What a buyer applies with. Amounts in fen; left out, they follow from the seed. */
export interface Application {
  shopId: string;
  type: number;
  seed?: number;
  plan?: string;
  quantity?: number;
  payAmount?: number;
  postAmount?: number;
  /** Less than was paid makes it a partial refund. Always 0 for exchange, reissue and repair. */
  refundAmount?: number;
  reasonCode?: number;
  remark?: string;
  gotPackage?: boolean;
  isManualOnly?: boolean;
  failuresAhead?: number;
}

const signedOffSeconds = 2 * 86_400;
const noMoney: readonly number[] = [caseTypes.exchange, caseTypes.reissue, caseTypes.repair];

export function open(platform: Platform, application: Application): DouyinCase {
  const { shopId, type, seed = 1, plan = "by hand" } = application;
  if (!platform.shops.has(shopId)) throw new Error(`no shop ${shopId}`);
  const random = createRandom(seed, plan, "application");
  const quantity = application.quantity ?? random.pick([1, 1, 1, 2, 3]);
  const payAmount = application.payAmount ?? quantity * random.int(1990, 39_900);
  const postAmount = application.postAmount ?? random.pick([0, 0, 600]);
  const wanted = application.refundAmount ?? payAmount + postAmount;
  const now = platform.nowSeconds();
  const reasonCode = application.reasonCode ?? 15;
  const id = freeId(platform, shopId, plan, seed);
  const case_: DouyinCase = {
    id,
    shopId,
    plan,
    seed,
    type,
    status: 6,
    refundStatus: 1,
    refundAmount: noMoney.includes(type) ? 0 : wanted,
    refundPostAmount: noMoney.includes(type) ? 0 : Math.min(postAmount, wanted),
    realRefundAmount: 0,
    refundTime: 0,
    refundFailReason: "",
    applyTime: now,
    updateTime: now,
    statusDeadline: 0,
    finalTime: 0,
    quantity,
    gotPackage: application.gotPackage ?? (type !== caseTypes.refundUnshipped && type !== caseTypes.refundShipped),
    isPartial: wanted < payAmount + postAmount,
    reasonCode,
    reason: reasonTexts[reasonCode] ?? "其他",
    reasonRemark: application.remark ?? "",
    evidence: [],
    agreeRefuseSign: 0,
    autoAuditBits: [],
    robot: 0,
    returnAddressId: "",
    repairType: 0,
    remarks: [],
    log: [],
    order: orderFor(platform, { caseId: id, type, quantity, payAmount, postAmount, now }),
    isManualOnly: application.isManualOnly ?? false,
    failuresAhead: application.failuresAhead ?? 0,
    stepsTaken: [],
    missedDeadlines: 0,
  };
  enter(platform, case_, 6, "buyer", "买家申请售后");
  const tag = type === caseTypes.priceProtection ? 224 : 200;
  const bookInfo = type === caseTypes.returnAndRefund ? { return_book_info: { send_type: 1 } } : {};
  platform.announce(case_, tag, { apply_time: now, ...bookInfo });
  return case_;
}

/** A changed application is a new one in everything but its id: it goes back to the seller with a new clock. */
export function edit(
  platform: Platform,
  case_: DouyinCase,
  change: { refundAmount?: number; reasonCode?: number },
): void {
  requireStatus(case_, [6, 27, 29]);
  if (change.refundAmount !== undefined && !noMoney.includes(case_.type)) {
    const { payAmount, postAmount } = case_.order;
    if (change.refundAmount > payAmount + postAmount) throw new Error("more than was paid");
    case_.refundAmount = change.refundAmount;
    case_.refundPostAmount = Math.min(case_.refundPostAmount, change.refundAmount);
    case_.isPartial = change.refundAmount < payAmount + postAmount;
  }
  if (change.reasonCode !== undefined) {
    case_.reasonCode = change.reasonCode;
    case_.reason = reasonTexts[change.reasonCode] ?? "其他";
  }
  enter(platform, case_, 6, "buyer", "买家修改申请");
  platform.announce(case_, 208, { modify_time: case_.updateTime });
}

export function ship(
  platform: Platform,
  case_: DouyinCase,
  { companyCode, trackingNo }: { companyCode: string; trackingNo: string },
): void {
  requireStatus(case_, [7]);
  case_.returnParcel = parcelOf(companyCode, trackingNo, platform.nowSeconds());
  enter(platform, case_, 11, "buyer", "买家已退货");
  platform.announce(case_, 203, { return_time: case_.updateTime });
}

/** The carrier signs the returned parcel off: the seller's clock is cut short. */
export function arrive(platform: Platform, case_: DouyinCase): void {
  requireStatus(case_, [11]);
  const deadline = Math.min(case_.statusDeadline, platform.nowSeconds() + signedOffSeconds);
  if (deadline < case_.statusDeadline) moveDeadline(platform, case_, deadline, "platform_timer");
  else touch(platform, case_, "platform_timer", "退货包裹已签收");
}

export function withdraw(platform: Platform, case_: DouyinCase): void {
  requireStatus(case_, [6, 7, 8, 11, 27, 29]);
  // The refund status stays 1, as the platform's notes say.
  close(platform, case_, "buyer", "买家撤销申请");
}

export function receiveReplacement(platform: Platform, case_: DouyinCase): void {
  requireStatus(case_, [13]);
  enter(platform, case_, 14, "buyer", "买家确认收货");
}

/** The buyer sends the outbound parcel away; where the seller agreed to that beforehand, the refund follows. */
export function refuseDelivery(platform: Platform, case_: DouyinCase): void {
  requireStatus(case_, [6]);
  if (case_.order.parcel !== undefined) case_.order.parcel.state = 1;
  if (case_.agreeRefuseSign !== 1) {
    touch(platform, case_, "buyer", "买家拒收");
    return;
  }
  case_.autoAuditBits.push(8);
  case_.robot = 2;
  agreeRefund(platform, case_, "platform_robot");
}

export function takeToPlatform(platform: Platform, case_: DouyinCase): void {
  requireStatus(case_, [6, 11, 27, 29]);
  if (isArbitrationOpen(case_)) throw new Error("already in arbitration");
  appeal(platform, case_);
}

export function withdrawAppeal(platform: Platform, case_: DouyinCase): void {
  if (!isArbitrationOpen(case_)) throw new Error("not in arbitration");
  cancelAppeal(platform, case_);
}

function requireStatus(case_: DouyinCase, statuses: readonly number[]): void {
  if (case_.finalTime > 0 || !statuses.includes(case_.status))
    throw new Error(`case ${case_.id} is at ${case_.status}, this needs ${statuses.join(" or ")}`);
}

function freeId(platform: Platform, shopId: string, plan: string, seed: number): string {
  for (let attempt = 0; ; attempt++) {
    const id = platform.makeId("73", shopId, plan, seed, attempt);
    if (!platform.cases.has(id)) return id;
  }
}

interface Purchase {
  /** Each case has an order of its own, told by its id. */
  caseId: string;
  type: number;
  quantity: number;
  payAmount: number;
  postAmount: number;
  now: number;
}

function orderFor(platform: Platform, given: Purchase): DouyinOrder {
  const { caseId, type, quantity, payAmount, postAmount, now } = given;
  const random = createRandom(caseId, "order");
  const orderId = platform.makeId("69", caseId, "order");
  const isShipped = type !== caseTypes.refundUnshipped;
  const createTime = now - random.int(isShipped ? 3 : 0, isShipped ? 12 : 2) * 86_400 - 3600;
  return {
    orderId,
    // Often the line carries its order's number, sometimes one of its own.
    lineId: random.chance(0.3) ? platform.makeId("69", caseId, "line") : orderId,
    productId: `36${random.digits(17)}`,
    skuId: `17${random.digits(14)}`,
    productName: `模拟商品 ${random.int(1, 40)}`,
    skuCode: `SIM-${random.int(100, 999)}`,
    quantity,
    payAmount,
    postAmount,
    createTime,
    status: isShipped ? 3 : 2,
    ...(isShipped
      ? {
          parcel: { ...parcelOf("yuantong", `YT${random.digits(13)}`, createTime + 86_400), state: type === 1 ? 0 : 2 },
        }
      : {}),
  };
}
