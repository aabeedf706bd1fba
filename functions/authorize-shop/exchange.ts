import type { Callback } from "#connectors/contract.ts";
import { openAppSession } from "#connectors/session/app-session.ts";
import { type ConnectDeps, connectShop } from "#connectors/session/connect.ts";
import { parse } from "#connectors/session/session.ts";
import { shopIdSchema } from "#shared/case/ids.ts";
import type { ShopAuthorization } from "#shared/case/shop-authorization.ts";
import { isSuiteError, SuiteError } from "#shared/errors.ts";
import { faultFields, log } from "#shared/log.ts";

const largestCode = 2048;

/**
 * The code for tokens, and the tokens into the vault. The state has been spent; nothing here happens twice.
 * @throws SuiteError what the channel's `exchange` and `connectShop` throw before the shop is connected
 */
export async function exchangeAndConnect(
  given: Omit<Callback, "code">,
  { tenantId, channel, shopId: wanted }: ShopAuthorization,
  deps: ConnectDeps,
): Promise<NonNullable<ShopAuthorization["outcome"]>> {
  const { connector, call } = await openAppSession(channel, deps);
  const { authorization, settings } = connector;
  if (!authorization) throw new SuiteError("misconfigured", `${channel} has no page of consent`);
  const code = given.query[authorization.codeParam ?? "code"];
  if (!code || code.length > largestCode) return { code: "callback_invalid" };
  const { codeVerifier, ...bare } = given;
  const callback: Callback = { ...bare, code, ...(authorization.pkce && codeVerifier && { codeVerifier }) };

  const { issuer, verify } = authorization;
  if (issuer && (await call(async ({ app }) => issuer(app))) !== given.query.iss) return { code: "channel_mixed_up" };
  if (verify) {
    const apps = (await deps.channelSettings(channel)).map((each) =>
      parse(settings.app, each, `the app settings of ${channel} do not fit`),
    );
    const verification = verify(callback, apps, deps.clock.now());
    if (!verification.ok) return { code: "callback_invalid" };
  }

  const granted = await call((world) => authorization.exchange(callback, world));
  const shopId = shopIdSchema.safeParse(granted.shopId);
  if (!shopId.success)
    throw new SuiteError("payload_invalid", "the channel names a shop in a form that we do not know");
  if (wanted !== undefined && shopId.data !== wanted) return { code: "shop_other" };
  const place = { tenantId, channel, shopId: shopId.data };
  const name = granted.name.trim().slice(0, 200) || shopId.data;
  const before = await deps.shops.get(place);
  try {
    await connectShop({ ...place, name, credentials: await withKept() }, deps);
    return { code: "connected", shopId: place.shopId, name };
  } catch (fault) {
    const after = await deps.shops.get(place);
    const isConnected = (after?.credentialsVersion ?? 0) > (before?.credentialsVersion ?? 0);
    if (!isConnected || !isSuiteError(fault)) throw fault;
    log.warn("the shop is connected, and its addresses were not read", { ...place, ...faultFields(fault) });
    return { code: "connected_without_addresses", shopId: place.shopId, name };
  }

  /** Of earlier settings whose form is gone, nothing can be kept. */
  async function withKept(): Promise<unknown> {
    const { credentials } = granted;
    if (!before || !authorization?.keep) return credentials;
    const opened = settings.credentials.safeParse(await deps.vault.open(before.credentials, place));
    return opened.success ? authorization.keep(credentials, opened.data) : credentials;
  }
}
