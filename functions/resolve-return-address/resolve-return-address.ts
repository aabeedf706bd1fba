import type { Connector } from "#connectors/contract.ts";
import { type Case, channelVersionOf, stateOf } from "#shared/case/case.ts";
import type { Channel } from "#shared/case/channel.ts";
import type { Action } from "#shared/case/command.ts";
import { openTask, plan } from "#shared/case/commands.ts";
import type { CaseId, ShopId, TenantId } from "#shared/case/ids.ts";
import { type Instant, instant } from "#shared/case/instant.ts";
import { chooseAddress } from "#shared/case/return-address.ts";
import { languageFor, returnInstructions } from "#shared/case/return-instructions.ts";
import type { Shop } from "#shared/case/shop.ts";
import type { Clock } from "#shared/clock.ts";
import { SuiteError } from "#shared/errors.ts";
import { type ReturnRoute, type ReturnRouteDeps, returnRouteOf } from "#shared/return-route.ts";
import type { Cases, Shops } from "#shared/store/index.ts";
import { returnText } from "#shared/texts/return-text.ts";

export interface Deps extends ReturnRouteDeps {
  cases: Cases;
  shops: Shops;
  connectorOf: (channel: Channel) => Connector;
  clock: Clock;
}

/**
 * Finds out where the goods must come back to and plans the command that tells the channel: the agreement itself where it
 * carries the address, or the address alone where the channel takes it afterwards. The tenant's book of warehouses decides
 * by its rules; without a book, the channel's own default does. Where nothing fits, a person is asked; where the channel
 * has no call for an address, a person is handed the text for the buyer.
 * Safe to repeat. @throws SuiteError `case_not_found`, `case_changed`, `shop_unknown`.
 */
export async function resolveReturnAddress(
  news: { tenantId: TenantId; caseId: CaseId; channel: Channel; shopId: ShopId },
  deps: Deps,
): Promise<void> {
  const { tenantId, caseId } = news;
  const found = await deps.shops.find(news.channel, news.shopId);
  if (!found) throw new SuiteError("shop_unknown", "no tenant has connected this shop", { details: { ...news } });
  const connector = deps.connectorOf(news.channel);
  const now = instant(deps.clock.now());
  const before = await deps.cases.get(tenantId, caseId);
  if (!before) throw new SuiteError("case_not_found", "there is no such case", { details: { caseId } });
  const options = { shop: found.shop, listedOnly: takesAddresses(connector), now: deps.clock.now() };
  const route = owed(before, connector) && (await returnRouteOf(before, options, deps));

  const { current } = await deps.cases.change(tenantId, caseId, (latest) => {
    const wanted = owed(latest, connector);
    if (wanted === "text") return route && handOver(latest, route, now, connector);
    return wanted && resolve(latest, wanted, { shop: found.shop, route, now });
  });
  await countTowardsDay(current, route, deps);
}

/** Whether the channel is told an address by one of its own ids. */
function takesAddresses({ actions = {} }: Connector): boolean {
  return Object.values(actions).some(({ needs }) => needs?.includes("addressId"));
}

/**
 * The action that must carry an address now: one decided but not planned, or the address owed after an agreement. `text`
 * where goods come back and the channel has no call that would tell the buyer where to.
 */
function owed(current: Case, connector: Connector): Action | "text" | undefined {
  const { decision, facts } = current;
  const { actions } = connector;
  if (decision && !decision.shadow && decision.action !== "ask_person") {
    const fresh = decision.onVersion === channelVersionOf(current);
    if (fresh && actions?.[decision.action]?.needs?.includes("addressId")) return decision.action;
  }
  if (stateOf(current) !== "approved") return undefined;
  if (facts.goods.addressProvided === false && actions?.provide_address) return "provide_address";
  const comesBack = facts.type.known && ["return_refund", "exchange", "repair"].includes(facts.type.value);
  return comesBack && facts.goods.addressProvided !== true && !takesAddresses(connector) ? "text" : undefined;
}

function resolve(
  current: Case,
  action: Action,
  { shop, route, now }: { shop: Shop; route: ReturnRoute | undefined; now: Instant },
): Case | undefined {
  const addressId = route ? platformIdIn(route) : chooseAddress(shop.addresses)?.addressId;
  if (!addressId) return askForAddress(current, route, now);
  const planned = plan(current, {
    action,
    args: { addressId },
    askedBy: current.decision ? `policy:${current.decision.rule}` : "policy:return_address",
    mode: shop.mode,
    decidedOnVersion: channelVersionOf(current),
    now,
    addresses: shop.addresses.map((address) => address.addressId),
  });
  return planned.ok ? planned.next : undefined;
}

const platformIdIn = ({ routed }: ReturnRoute) => (routed.found ? routed.platformId : undefined);

const whenSettled = ["return_in_transit", "received", "refunding", "rejected"] as const;

function askForAddress(current: Case, route: ReturnRoute | undefined, now: Instant): Case | undefined {
  const passed = route?.routed.passedOver.map(({ addressId, why }) => `${addressId} (${why})`).join(", ");
  const what = route
    ? `No warehouse can take these goods: ${passed || "no rule says which"}. Say where they go, and answer the case.`
    : "Enter a return address in the channel's console and connect the shop again; the buyer waits for it.";
  const dueAt = current.deadlines.find(({ kind }) => kind === "respond" || kind === "provide_address")?.dueAt;
  const task = { taskId: "return_address", what: what.slice(0, 500), openedAt: now, dueAt, doneWhen: [...whenSettled] };
  return openTask(current, task, now);
}

/** Hands a person the text, in the buyer's language, because the channel has no call for it. */
function handOver(
  current: Case,
  { routed, market }: ReturnRoute,
  now: Instant,
  { consoleLink }: Connector,
): Case | undefined {
  if (!routed.found) return undefined; // the merchant may well tell the buyer by a label; nothing is owed to the channel
  const text = returnText(returnInstructions(current, routed.warehouse), languageFor(market)).slice(0, 2000);
  const what = `Tell the buyer to send the goods to ${routed.warehouse.name}; the channel has no call for it.`;
  const task = { taskId: "return_instructions", what, text, openedAt: now, doneWhen: [...whenSettled] };
  return openTask(current, { ...task, link: consoleLink?.(current) }, now);
}

/** The warehouse's day counts a case once it has been told to the channel or to a person, however often this is repeated. */
async function countTowardsDay(current: Case, route: ReturnRoute | undefined, { addresses }: Deps): Promise<void> {
  if (!route?.routed.found) return;
  const { warehouse, platformId } = route.routed;
  const told =
    current.commands.some(({ args, status }) => args.addressId === platformId && status !== "refused") ||
    current.tasks.some(({ taskId }) => taskId === "return_instructions");
  if (!told || warehouse.parcelsPerDay === undefined) return;
  const { addressId } = warehouse;
  await addresses.countIn(current.tenantId, addressId, route.dayOf(addressId), current.caseId);
}
