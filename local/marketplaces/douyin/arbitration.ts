import { agreeRefund, agreeReturn, close, returnTypes, touch } from "./lifecycle.ts";
import { type Arbitration, type DouyinCase, isArbitrationOpen } from "./model.ts";
import type { Platform } from "./platform.ts";

/** The buyer takes a refused (or stuck) case to the platform. Opens a new round. */
export function appeal(platform: Platform, case_: DouyinCase): void {
  const now = platform.nowSeconds();
  case_.arbitration = {
    round: (case_.arbitration?.round ?? 0) + 1,
    status: 1,
    isEvidenceRequired: false,
    deadline: 0,
    opinion: "",
    conclusion: 0,
    blame: 0,
    createTime: now,
    updateTime: now,
  };
  announceArbitration(platform, case_, 212, "申请平台介入");
}

export function negotiate(platform: Platform, case_: DouyinCase): void {
  change(platform, case_, { status: 5 });
  announceArbitration(platform, case_, 218, "协商举证");
}

export function askEvidence(platform: Platform, case_: DouyinCase, withinMs = platform.settings.evidenceNodeMs): void {
  const deadline = platform.nowSeconds() + Math.round(withinMs / 1000);
  change(platform, case_, { status: 4, isEvidenceRequired: true, deadline });
  announceArbitration(platform, case_, 213, "平台要求商家举证");
}

export function giveEvidence(
  platform: Platform,
  case_: DouyinCase,
  evidence: { images: string[]; text: string },
): void {
  change(platform, case_, { status: 1, isEvidenceRequired: false, deadline: 0, evidence });
  announceArbitration(platform, case_, 214, "商家已举证");
}

/** The seller had until now to give evidence and did not. */
export function expireEvidence(platform: Platform, case_: DouyinCase): void {
  case_.missedDeadlines += 1;
  change(platform, case_, { status: 1, isEvidenceRequired: false, deadline: 0 });
  touch(platform, case_, "platform_timer", "商家未举证");
}

export function intervene(platform: Platform, case_: DouyinCase): void {
  change(platform, case_, { status: 1 });
  announceArbitration(platform, case_, 217, "平台客服介入");
}

export function cancelAppeal(platform: Platform, case_: DouyinCase): void {
  change(platform, case_, { status: 255, isEvidenceRequired: false, deadline: 0 });
  restartNode(platform, case_);
  announceArbitration(platform, case_, 215, "买家撤销平台介入");
}

/** `conclusion`: 1 for the buyer, 2 for the seller, 3 for the buyer with the money at once. */
export function decide(platform: Platform, case_: DouyinCase, conclusion: 1 | 2 | 3): void {
  change(platform, case_, {
    status: conclusion === 2 ? 3 : 2,
    isEvidenceRequired: false,
    deadline: 0,
    conclusion,
    blame: conclusion === 2 ? 2 : 1,
    opinion: conclusion === 2 ? "支持商家" : "支持买家",
  });
  announceArbitration(platform, case_, 216, "平台判定");
  const sendsBack = returnTypes.includes(case_.type);
  if (conclusion === 2) close(platform, case_, "platform_staff", "平台判定支持商家");
  else if (conclusion === 3 || case_.status !== 27 || !sendsBack) agreeRefund(platform, case_, "platform_staff");
  else agreeReturn(platform, case_, platform.defaultReturnAddressId(case_.shopId), "platform_staff");
}

export function requireOpenArbitration(case_: DouyinCase): void {
  if (!isArbitrationOpen(case_)) throw new Error(`case ${case_.id} is not in arbitration`);
}

function change(platform: Platform, case_: DouyinCase, changes: Partial<Arbitration>): void {
  if (case_.arbitration === undefined) throw new Error(`case ${case_.id} was never in arbitration`);
  case_.arbitration = { ...case_.arbitration, ...changes, updateTime: platform.nowSeconds() };
}

/** A node does not run out while its case is being arbitrated; it starts anew when that ends without a verdict. */
function restartNode(platform: Platform, case_: DouyinCase): void {
  const lengthMs = platform.settings.nodeMs[case_.status];
  if (lengthMs !== undefined) case_.statusDeadline = platform.nowSeconds() + Math.round(lengthMs / 1000);
}

function announceArbitration(platform: Platform, case_: DouyinCase, tag: number, text: string): void {
  const by = tag === 212 || tag === 215 ? "buyer" : tag === 214 ? "merchant_api" : "platform_staff";
  touch(platform, case_, by, text);
  platform.announce(case_, tag);
}
