import { type Case, stateOf } from "#shared/case/case.ts";
import type { HeldState } from "#shared/case/states.ts";
import type { ChannelAction } from "../contract.ts";
import type { ShopifyApp, ShopifyCredentials } from "./settings.ts";

export type ShopifyAction = ChannelAction<ShopifyApp, ShopifyCredentials>;
export type Offer = ReturnType<ShopifyAction["offered"]>;

export const offered: Offer = { offered: true };
export const byHand = (task: string): Offer => ({ offered: false, task });

/** Whether the case is a return, in one of these states where they are given. */
export function isReturn(subject: Case, states?: readonly HeldState[]): boolean {
  return subject.channelCaseId.startsWith("Return/") && (states === undefined || states.includes(stateOf(subject)));
}
