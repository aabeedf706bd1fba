import type { Channel } from "#shared/case/channel.ts";
import type { ShopId, TenantId } from "#shared/case/ids.ts";
import type { Shop } from "#shared/case/shop.ts";
import type { ChannelSettings } from "#shared/channel-settings.ts";
import type { Clock } from "#shared/clock.ts";
import { isSuiteError, SuiteError } from "#shared/errors.ts";
import { log } from "#shared/log.ts";
import { count } from "#shared/metrics.ts";
import type { Shops } from "#shared/store/index.ts";
import type { Vault } from "#shared/vault.ts";
import type { Connector, HttpClient, World } from "../contract.ts";
import { audited } from "./audited.ts";

/** A shop with its connector, ready to be asked. Credentials are opened and fresh. */
export interface Session {
  readonly shop: Shop;
  readonly connector: Connector;
  /** The API version that our calls ask for, where the channel has such. */
  readonly pinnedVersion?: string;
  /** Calls with the shop's credentials; renews them once and calls again when the channel says that they have ended. */
  call<Result>(work: (world: World<unknown, unknown>) => Promise<Result>): Promise<Result>;
}

export interface SessionDeps {
  shops: Shops;
  connectorOf: (channel: Channel) => Connector;
  channelSettings: ChannelSettings;
  vault: Vault;
  http: HttpClient;
  clock: Clock;
}

/**
 * Opens a session for a shop. @throws SuiteError `shop_unknown`; `credentials_rejected` when the shop is parked or its
 * grant is dead (the shop is then parked); `misconfigured` when our app settings are missing or do not fit.
 */
export async function openSession(
  { channel, shopId, tenantId }: { channel: Channel; shopId: ShopId; tenantId?: TenantId | undefined },
  deps: SessionDeps,
): Promise<Session> {
  // Whose shop it is need not be looked up where that is known.
  const found = await (tenantId ? deps.shops.get({ tenantId, channel, shopId }) : deps.shops.find(channel, shopId));
  const details = { channel, shopId };
  if (!found) throw new SuiteError("shop_unknown", "no tenant has connected this shop", { details });
  const { shop } = found;
  if (shop.status === "parked") {
    throw new SuiteError("credentials_rejected", "the shop is parked until it is connected again", { details });
  }
  const connector = deps.connectorOf(shop.channel);
  const [settings] = await deps.channelSettings(shop.channel);
  const app = parse(connector.settings.app, settings, `the app settings of ${shop.channel} do not fit`);
  const owner = { tenantId: shop.tenantId, channel: shop.channel, shopId: shop.shopId };
  const read = async (sealed: Uint8Array) =>
    parse(connector.settings.credentials, await deps.vault.open(sealed, owner), "the shop's credentials do not fit");

  let held = { credentials: await read(found.credentials), version: found.credentialsVersion };
  const world = (): World<unknown, unknown> => ({
    app,
    shopId: shop.shopId,
    credentials: held.credentials,
    http: audited(deps.http, { channel: shop.channel, shopId: shop.shopId }),
    now: deps.clock.now(),
  });

  /** Of two workers that renew at once one stores its tokens; the other takes those, because its own may be dead. */
  async function renew(): Promise<void> {
    const { tokens } = connector;
    if (!tokens)
      throw await parked(new SuiteError("credentials_rejected", "the channel renews no tokens", { details }));
    let credentials: unknown;
    try {
      credentials = await tokens.refresh(world());
    } catch (fault) {
      // A refresh token is good once: refused, it may only be that another worker was first.
      if (!isSuiteError(fault, "credentials_rejected") || !(await takeNewer())) throw await parked(fault);
      return;
    }
    const sealed = await deps.vault.seal(credentials, owner);
    if (await deps.shops.replaceCredentials(shop, sealed, held.version)) {
      held = { credentials, version: held.version + 1 };
      log.info("credentials renewed", details);
    } else await takeNewer();
  }

  /** Takes the credentials that are stored now. False when they are those we hold. */
  async function takeNewer(): Promise<boolean> {
    const stored = await deps.shops.get(shop);
    if (!stored) throw new SuiteError("shop_unknown", "the shop was disconnected meanwhile", { details });
    if (stored.credentialsVersion === held.version) return false;
    held = { credentials: await read(stored.credentials), version: stored.credentialsVersion };
    return true;
  }

  /** Parks the shop if the fault says that its grant is dead, and hands the fault back to be thrown. */
  async function parked(fault: unknown): Promise<unknown> {
    if (!isSuiteError(fault, "credentials_rejected")) return fault;
    if (await deps.shops.park(shop, held.version)) {
      count("CredentialsRejected", 1, { channel: shop.channel });
      log.error("shop parked: the channel rejects its credentials", details);
    }
    return fault;
  }

  const endsAt = connector.tokens?.expiresAt(held.credentials);
  if (endsAt && connector.tokens && deps.clock.now().getTime() > endsAt.getTime() - connector.tokens.refreshBeforeMs) {
    await renew();
  }

  return {
    shop,
    connector,
    ...(connector.pinnedVersion && { pinnedVersion: connector.pinnedVersion(app) }),
    async call(work) {
      try {
        return await work(world());
      } catch (fault) {
        if (!isSuiteError(fault, "credentials_rejected")) throw fault;
        if (fault.details.tokenExpired !== true) throw await parked(fault);
        await renew();
        return work(world());
      }
    },
  };
}

/** Settings as the connector wants them. @throws SuiteError `misconfigured`; it shows nothing of them. */
export function parse<T>(
  schema: { safeParse(value: unknown): { success: true; data: T } | { success: false } },
  value: unknown,
  why: string,
): T {
  const parsed = schema.safeParse(value);
  if (!parsed.success) throw new SuiteError("misconfigured", why);
  return parsed.data;
}
