import type { Connector } from "#connectors/contract.ts";
import { type Case, channelVersionOf } from "#shared/case/case.ts";
import type { Channel } from "#shared/case/channel.ts";
import { joined, plan } from "#shared/case/commands.ts";
import type { CaseId, ShopId, TenantId } from "#shared/case/ids.ts";
import { instant } from "#shared/case/instant.ts";
import { decide, type Policy, recordDecision } from "#shared/case/policy.ts";
import type { Shop } from "#shared/case/shop.ts";
import { limitsOf, type WriteLimits } from "#shared/case/write-limits.ts";
import type { Clock } from "#shared/clock.ts";
import { SuiteError } from "#shared/errors.ts";
import { restOfRequest } from "#shared/rest-of-request.ts";
import type { Cases, Limits, References, Shops } from "#shared/store/index.ts";

export interface Deps {
  cases: Cases;
  references: Pick<References, "find">;
  shops: Shops;
  limits: Limits;
  connectorOf: (channel: Channel) => Connector;
  policy: Policy;
  clock: Clock;
}

/**
 * Decides by policy what to answer to a case that waits for the merchant, and records the decision with its reason. An
 * answer that needs a return address is left to resolve-return-address, which hears of the decision; any other is planned
 * here, in the same write. What a buyer asked for in one request is decided as one. Never refuses a buyer. Safe to repeat: one decision per version of the case.
 * @throws SuiteError `case_not_found`, `case_changed`, `shop_unknown`.
 */
export async function decideResponse(
  news: { tenantId: TenantId; caseId: CaseId; channel: Channel; shopId: ShopId },
  deps: Deps,
): Promise<void> {
  const found = await deps.shops.find(news.channel, news.shopId);
  if (!found) throw new SuiteError("shop_unknown", "no tenant has connected this shop", { details: { ...news } });
  const subject = await deps.cases.get(news.tenantId, news.caseId);
  if (!subject) throw new SuiteError("case_not_found", "there is no such case", { details: { caseId: news.caseId } });
  const rest = await restOfRequest(subject, deps);
  // Most news ask for no decision, and then the limits need not be read.
  if (!decide(subject, deps.policy, rest)) return;
  const limits = limitsOf(await deps.limits.get(news.tenantId), news);
  const about = { shop: found.shop, limits, rest };
  await deps.cases.change(news.tenantId, news.caseId, (current) => respond(current, about, deps), subject);
}

function respond(
  current: Case,
  { shop, limits, rest }: { shop: Shop; limits: WriteLimits; rest: readonly Case[] },
  { policy, clock, connectorOf }: Deps,
): Case | undefined {
  const { mode, addresses } = shop;
  const decision = decide(current, policy, rest);
  if (!decision) return undefined;
  const now = instant(clock.now());
  const decided = recordDecision(current, { decision, policy, mode, now });
  if (!decided || decision.action === "ask_person" || mode === "observe") return decided;
  const { action, rule, args = {} } = decision;
  const capability = connectorOf(current.channel).actions?.[action];
  if (capability?.needs?.includes("addressId")) return decided;
  const planned = plan(current, {
    ...{ action, args, askedBy: `policy:${rule}`, mode, now, limits, policyVersion: policy.version },
    addresses: addresses.map(({ addressId }) => addressId),
    decidedOnVersion: channelVersionOf(current),
  });
  // The decision and its command are one revision: neither can exist without the other.
  return planned.ok ? joined(decided, { ...planned.next, decision: decided.decision }) : decided;
}
