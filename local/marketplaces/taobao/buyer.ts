import { createRandom } from "../kit/random.ts";
import { callIn, withdrawComplaint } from "./intervention.ts";
import { agreeRefund, close, convert, enter, finish, touch } from "./lifecycle.ts";
import { isDisputed, isOver, type Kind, type Node, paysBack, type TaobaoCase, type TaobaoOrder } from "./model.ts";
import type { Platform } from "./platform.ts";

/** What a buyer applies with. Amounts in fen; left out, they follow from the seed. */
export interface Application {
  shopId: string;
  kind: Kind;
  seed?: number;
  plan?: string;
  num?: number;
  paidFen?: number;
  /** Less than was paid makes it a partial refund. Nothing is paid for exchanges, repairs and reissues. */
  refundFee?: number;
  reason?: string;
  desc?: string;
  isShipped?: boolean;
  hasReceived?: boolean;
  isFinished?: boolean;
  tradeType?: TaobaoOrder["tradeType"];
  constraint?: string;
}

const reasons: Readonly<Record<Kind, string>> = {
  refund: "不喜欢/不想要",
  return: "7天无理由退换货",
  exchange: "大小/尺寸不合适",
  reissue: "少件/漏发",
  repair: "功能故障",
  freight: "退运费",
  price: "价保",
};

const dayMs = 86_400_000;

export function open(platform: Platform, application: Application): TaobaoCase {
  const { shopId, kind, seed = 1, plan = "by hand" } = application;
  const shop = platform.shops.get(shopId);
  if (!shop) throw new Error(`no shop ${shopId}`);
  const random = createRandom(seed, plan, "application");
  const num = application.num ?? random.pick([1, 1, 1, 2, 3]);
  const paidFen = application.paidFen ?? num * random.int(1990, 39_900);
  const nowMs = platform.nowMs();
  const isShipped = application.isShipped ?? kind !== "refund";
  const case_: TaobaoCase = {
    id: freeId(platform, shopId, plan, seed),
    shopId,
    plan,
    seed,
    kind,
    node: "pending",
    csStatus: 1,
    advanceStatus: 0,
    constraint: application.constraint ?? "",
    version: nowMs,
    createdMs: nowMs,
    modifiedMs: nowMs,
    timeoutMs: 0,
    endMs: 0,
    refundFee: 0,
    reason: application.reason ?? reasons[kind],
    desc: application.desc ?? "",
    hasReceived: application.hasReceived ?? (isShipped && kind !== "refund"),
    address: "",
    order: orderFor(platform, { application, shopId, num, paidFen, isShipped, seed: `${plan}/${seed}` }),
    messages: [],
    settledFen: 0,
    stepsTaken: [],
    missedDeadlines: 0,
  };
  if (paysBack(case_))
    case_.refundFee = application.refundFee ?? (kind === "price" ? Math.ceil(paidFen / 10) : paidFen);
  enter(platform, case_, "pending", "buyer");
  platform.announce(case_, "created");
  // Price protection is paid by the platform's own rule, at once.
  if (kind === "price") agreeRefund(platform, case_, "platform_robot");
  return case_;
}

/** A changed application goes back to the seller with a new clock. */
export function edit(platform: Platform, case_: TaobaoCase, { refundFee }: { refundFee?: number }): void {
  requireNode(case_, ["pending", "refused"]);
  if (refundFee !== undefined && paysBack(case_)) {
    if (refundFee > case_.order.paidFen || refundFee < 1) throw new Error("not an amount of this order");
    case_.refundFee = refundFee;
  }
  enter(platform, case_, "pending", "buyer");
  platform.announce(case_, "modified");
}

export function sendBack(platform: Platform, case_: TaobaoCase, parcel: { company: string; number: string }): void {
  requireNode(case_, ["buyer_returns"]);
  case_.returnParcel = { ...parcel, atMs: platform.nowMs() };
  enter(platform, case_, "returned", "buyer");
  platform.announce(case_, "sent_back");
}

export function withdraw(platform: Platform, case_: TaobaoCase): void {
  requireNode(case_, ["pending", "address_owed", "buyer_returns", "refused"]);
  close(platform, case_, "buyer");
}

export function receiveReplacement(platform: Platform, case_: TaobaoCase): void {
  requireNode(case_, ["shipped"]);
  finish(platform, case_, "buyer");
}

/** The exchange takes too long: the buyer wants the money, in a case of its own. */
export function turnIntoRefund(platform: Platform, case_: TaobaoCase): TaobaoCase {
  if (case_.kind !== "exchange" || isOver(case_)) throw new Error("no exchange that is open");
  convert(platform, case_, "buyer");
  const { order, shopId, seed } = case_;
  return open(platform, {
    shopId,
    kind: "refund",
    seed,
    plan: `refund after ${case_.plan}`,
    num: order.num,
    paidFen: order.paidFen,
    isShipped: true,
    hasReceived: true,
    isFinished: order.isFinished,
  });
}

export function leaveMessage(platform: Platform, case_: TaobaoCase, content: string): void {
  const id = `6${String(case_.messages.length + 1).padStart(10, "0")}`;
  case_.messages.push({ id, role: "1", content, atMs: platform.nowMs() });
  touch(platform, case_);
  platform.announce(case_, "message");
}

export function complain(platform: Platform, case_: TaobaoCase): void {
  requireNode(case_, ["pending", "returned", "refused"]);
  if (isDisputed(case_)) throw new Error("the platform is already called in");
  callIn(platform, case_);
}

export function takeComplaintBack(platform: Platform, case_: TaobaoCase): void {
  if (!isDisputed(case_)) throw new Error("there is no complaint");
  withdrawComplaint(platform, case_);
}

function requireNode(case_: TaobaoCase, nodes: readonly Node[]): void {
  if (!nodes.includes(case_.node) || case_.moneyAtMs !== undefined)
    throw new Error(`case ${case_.id} is at ${case_.node}, this needs ${nodes.join(" or ")}`);
}

function freeId(platform: Platform, shopId: string, plan: string, seed: number): string {
  for (let attempt = 0; ; attempt++) {
    const id = platform.makeId("19", 18, shopId, plan, seed, attempt);
    if (!platform.cases.has(id)) return id;
  }
}

interface Purchase {
  application: Application;
  shopId: string;
  num: number;
  paidFen: number;
  isShipped: boolean;
  seed: string;
}

function orderFor(platform: Platform, { application, shopId, num, paidFen, isShipped, seed }: Purchase): TaobaoOrder {
  const random = createRandom(seed, shopId, "order");
  const tid = platform.makeId("24", 19, shopId, seed, "trade", platform.nowMs() % dayMs);
  return {
    tid,
    // A trade of one line has its own number for the line; some have more lines.
    oid: random.chance(0.7) ? tid : platform.makeId("24", 19, shopId, seed, "line"),
    tradeType: application.tradeType ?? "guarantee_trade",
    title: `模拟商品 ${random.int(1, 40)}`,
    num,
    numIid: `67${random.digits(10)}`,
    outerId: `SIM-${random.int(100, 999)}`,
    sku: `50${random.digits(11)}|颜色分类:蓝色;尺码:L`,
    paidFen,
    isShipped,
    isFinished: application.isFinished ?? false,
  };
}
