import type { Channel } from "#shared/case/channel.ts";
import type { ShopId, TenantId } from "#shared/case/ids.ts";
import { instant } from "#shared/case/instant.ts";
import type { Shop, ShopMode } from "#shared/case/shop.ts";
import { SuiteError } from "#shared/errors.ts";
import { log } from "#shared/log.ts";
import type { Message } from "#shared/queue.ts";
import { reconciliation } from "#shared/refund-days.ts";
import { renewal } from "#shared/renewal.ts";
import type { Feeds } from "#shared/store/index.ts";
import { openSession, type SessionDeps } from "./session.ts";

export interface ConnectRequest {
  tenantId: TenantId;
  channel: Channel;
  shopId: ShopId;
  name: string;
  /** Left out: a known shop keeps its own, and a new one starts in `observe`. */
  mode?: ShopMode | undefined;
  /** In the form of the connector's own credentials schema. */
  credentials: unknown;
}

export interface ConnectDeps extends SessionDeps {
  feeds: Feeds;
  /** Has the work of a shop taken up that waited while it was parked. */
  resume: (messages: readonly Message[]) => Promise<void>;
  /** ARN of the queue that a channel may write to; left out where the deployment has none. */
  notificationQueueOf?: (channel: Channel) => string | undefined;
}

/**
 * Connects a shop, or connects it again: checks and seals its credentials, starts its feeds and those of our app, which
 * bring its news along with everybody's, reads its return addresses from the channel, which also proves that the
 * credentials work, and subscribes to what the channel puts into queues. Work that waited for it is taken up by
 * resume-shop. Safe to repeat.
 * @throws SuiteError `payload_invalid`, `shop_taken` when another tenant has it, or what the channel's call throws; the
 * shop is then connected, but its addresses and subscriptions are those of before.
 */
export async function connectShop(request: ConnectRequest, deps: ConnectDeps): Promise<Shop> {
  const { tenantId, channel, shopId, name } = request;
  const connector = deps.connectorOf(channel);
  const credentials = connector.settings.credentials.safeParse(request.credentials);
  if (!credentials.success) {
    const fields = credentials.error.issues.map(({ path, message }) => `${path.join(".")}: ${message}`).join("; ");
    throw new SuiteError("payload_invalid", `the credentials do not fit ${channel}: ${fields}`);
  }
  const known = await deps.shops.get({ tenantId, channel, shopId });
  const mode = request.mode ?? known?.shop.mode ?? "observe";
  const shop: Shop = {
    ...{ tenantId, channel, shopId, name, mode },
    status: "connected",
    connectedAt: instant(deps.clock.now()),
    addresses: known?.shop.addresses ?? [],
  };
  const feeds = Object.entries(connector.feeds ?? {});
  const sealed = await deps.vault.seal(credentials.data, { tenantId, channel, shopId });
  await deps.shops.connect(shop, sealed, [
    ...feeds.filter(([, { scope }]) => scope === "shop").map(([feed]) => feed),
    ...[reconciliation, renewal],
  ]);
  for (const [feed, { scope }] of feeds)
    if (scope === "app") await deps.feeds.startOfApp({ channel, feed }, shop.connectedAt);
  await deps.resume([{ body: JSON.stringify({ tenantId, channel, shopId }) }]);
  log.info("shop connected", { tenantId, channel, shopId, mode });

  const { listAddresses, notifications } = connector;
  const queueArn = notifications && deps.notificationQueueOf?.(channel);
  if (!listAddresses && queueArn === undefined) return shop;
  const session = await openSession({ tenantId, channel, shopId }, deps);
  const subscribe = notifications?.subscribe;
  if (subscribe && queueArn !== undefined) {
    await session.call((world) => subscribe(queueArn, world));
  }
  if (!listAddresses) return shop;
  const addresses = await session.call(listAddresses);
  await deps.shops.saveAddresses(shop, addresses);
  return { ...shop, addresses };
}
