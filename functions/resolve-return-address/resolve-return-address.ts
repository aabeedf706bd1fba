import type { Connector } from "#connectors/contract.ts";
import { type Case, channelVersionOf, stateOf } from "#shared/case/case.ts";
import type { Channel } from "#shared/case/channel.ts";
import type { Action } from "#shared/case/command.ts";
import { openTask, plan } from "#shared/case/commands.ts";
import type { CaseId, ShopId, TenantId } from "#shared/case/ids.ts";
import { type Instant, instant } from "#shared/case/instant.ts";
import { chooseAddress } from "#shared/case/return-address.ts";
import type { Shop } from "#shared/case/shop.ts";
import type { Clock } from "#shared/clock.ts";
import { SuiteError } from "#shared/errors.ts";
import type { Cases, Shops } from "#shared/store/index.ts";

export interface Deps {
  cases: Cases;
  shops: Shops;
  connectorOf: (channel: Channel) => Connector;
  clock: Clock;
}

/**
 * Finds out where the goods must come back to and plans the command that tells the channel: the agreement itself where it
 * carries the address, or the address alone where the channel takes it afterwards. Without an address a person is asked.
 * Safe to repeat. @throws SuiteError `case_not_found`, `case_changed`, `shop_unknown`.
 */
export async function resolveReturnAddress(
  news: { tenantId: TenantId; caseId: CaseId; channel: Channel; shopId: ShopId },
  deps: Deps,
): Promise<void> {
  const found = await deps.shops.find(news.channel, news.shopId);
  if (!found) throw new SuiteError("shop_unknown", "no tenant has connected this shop", { details: { ...news } });
  const { actions } = deps.connectorOf(news.channel);
  const now = instant(deps.clock.now());
  await deps.cases.change(news.tenantId, news.caseId, (current) => {
    const action = owed(current, actions);
    return action && resolve(current, action, found.shop, now);
  });
}

/** The action that must carry an address now: one decided but not planned, or the address owed after an agreement. */
function owed(current: Case, actions: Connector["actions"]): Action | undefined {
  const { decision, facts } = current;
  if (decision && !decision.shadow && decision.action !== "ask_person") {
    const fresh = decision.onVersion === channelVersionOf(current);
    if (fresh && actions?.[decision.action]?.needs?.includes("addressId")) return decision.action;
  }
  const owedAfterwards = stateOf(current) === "approved" && facts.goods.addressProvided === false;
  return owedAfterwards && actions?.provide_address ? "provide_address" : undefined;
}

function resolve(current: Case, action: Action, shop: Shop, now: Instant): Case | undefined {
  const address = chooseAddress(shop.addresses);
  if (!address) {
    const what = "Enter a return address in the channel's console and connect the shop again; the buyer waits for it.";
    const dueAt = current.deadlines.find(({ kind }) => kind === "respond" || kind === "provide_address")?.dueAt;
    const doneWhen = ["return_in_transit", "received", "refunding", "rejected"] as const;
    return openTask(current, { taskId: "return_address", what, openedAt: now, dueAt, doneWhen: [...doneWhen] }, now);
  }
  const askedBy = current.decision ? `policy:${current.decision.rule}` : "policy:return_address";
  const planned = plan(current, {
    action,
    args: { addressId: address.addressId },
    askedBy,
    mode: shop.mode,
    decidedOnVersion: channelVersionOf(current),
    now,
  });
  return planned.ok ? planned.next : undefined;
}
