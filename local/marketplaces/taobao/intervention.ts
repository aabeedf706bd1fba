import { agreeRefund, close, touch } from "./lifecycle.ts";
import { isDisputed, type TaobaoCase } from "./model.ts";
import type { Platform } from "./platform.ts";

// The platform's customer service, told by cs_status. The state underneath stays while it looks.

/** The buyer calls the platform in. */
export function callIn(platform: Platform, case_: TaobaoCase): void {
  case_.csStatus = 2;
  touch(platform, case_);
  platform.announce(case_, "intervention_applied");
}

export function stepIn(platform: Platform, case_: TaobaoCase): void {
  case_.csStatus = 3;
  case_.constraint = "refund_onweb";
  // The case's clock becomes the platform's.
  case_.timeoutMs = platform.nowMs() + platform.settings.evidenceMs;
  touch(platform, case_);
  platform.announce(case_, "intervened");
}

export function collectEvidence(platform: Platform, case_: TaobaoCase): void {
  case_.csStatus = 10;
  case_.timeoutMs = platform.nowMs() + platform.settings.evidenceMs;
  touch(platform, case_);
}

/** The time for evidence is over: it is reviewed without, and the seller has missed it. */
export function expireEvidence(platform: Platform, case_: TaobaoCase): void {
  if (case_.csStatus === 10) case_.missedDeadlines += 1;
  case_.csStatus = 4;
  case_.timeoutMs = 0;
  touch(platform, case_);
}

export function decide(platform: Platform, case_: TaobaoCase, winner: "buyer" | "merchant"): void {
  if (!isDisputed(case_)) throw new Error("there is nothing to decide");
  case_.constraint = "";
  case_.csStatus = winner === "buyer" ? 8 : 9;
  if (winner === "buyer") agreeRefund(platform, case_, "platform_robot");
  else close(platform, case_, "platform_staff");
}

export function withdrawComplaint(platform: Platform, case_: TaobaoCase): void {
  case_.constraint = "";
  case_.csStatus = 7;
  // Nobody answered meanwhile, so the clock of the case goes on from here.
  case_.timeoutMs = platform.nowMs() + platform.settings.pendingMs;
  touch(platform, case_);
}
