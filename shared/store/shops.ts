import { TransactionCanceledException, TransactWriteItemsCommand } from "@aws-sdk/client-dynamodb";
import { marshall } from "@aws-sdk/util-dynamodb";
import type { Channel } from "#shared/case/channel.ts";
import type { ShopId, TenantId } from "#shared/case/ids.ts";
import type { ReturnAddress, Shop, ShopMode } from "#shared/case/shop.ts";
import { SuiteError } from "#shared/errors.ts";
import { feedStart } from "./feeds.ts";
import { readItem, schemaVersion, shopBindingItemSchema, shopItemSchema } from "./item.ts";
import { type Key, type ShopKey, shopBindingKey, shopKey, shopsOf } from "./keys.ts";
import { getItem, itemsOf } from "./query.ts";
import { answered, type Place } from "./request.ts";
import { declared, updateIf } from "./write.ts";

/** `credentials` is ciphertext; `credentialsVersion` counts its replacements. */
export interface ConnectedShop {
  shop: Shop;
  credentials: Uint8Array;
  credentialsVersion: number;
}

export type Shops = ReturnType<typeof createShops>;

export function createShops(place: Place) {
  /** A shop of a known tenant, as it is now. */
  async function get(key: ShopKey): Promise<ConnectedShop | undefined> {
    const item = await getItem(place, shopKey(key));
    if (!item) return undefined;
    const { shop, credentials, credentialsVersion } = readItem(shopItemSchema, item);
    return { shop, credentials, credentialsVersion };
  }

  /** A shop as a message names it, whoever's it is. */
  async function find(channel: Channel, shopId: ShopId): Promise<ConnectedShop | undefined> {
    const item = await getItem(place, shopBindingKey(channel, shopId));
    if (!item) return undefined;
    return get({ tenantId: readItem(shopBindingItemSchema, item).tenantId, channel, shopId });
  }

  /**
   * Binds a shop to its tenant, stores it with its credentials and makes its feeds due, all or nothing. Connecting again
   * stores the shop as handed in and new credentials; the feeds keep their bookmarks.
   * @throws SuiteError `shop_taken` when another tenant has it, `store_unavailable` (retryable)
   */
  async function connect(shop: Shop, credentials: Uint8Array, feeds: readonly string[] = []): Promise<void> {
    const { tenantId, channel, shopId } = shop;
    const binding = update(
      shopBindingKey(channel, shopId),
      "SET #entity = :entity, #schemaVersion = :schemaVersion, #tenantId = :tenantId",
      { entity: "shop_binding", schemaVersion, tenantId },
      "attribute_not_exists(#pk) OR #tenantId = :tenantId",
    );
    const itself = update(
      shopKey(shop),
      "SET #entity = :entity, #schemaVersion = :schemaVersion, #shop = :shop, #credentials = :credentials ADD #credentialsVersion :one",
      { entity: "shop", schemaVersion, shop, credentials, one: 1 },
    );
    const starts = feeds.map((feed) => {
      const start = feedStart({ tenantId, channel, shopId, feed }, shop.connectedAt);
      return update(start.key, start.update, start.values);
    });
    try {
      const command = new TransactWriteItemsCommand({ TransactItems: [binding, itself, ...starts] });
      await answered(place.client.send(command));
    } catch (error) {
      if (!(error instanceof TransactionCanceledException)) throw error;
      const details = { channel, shopId };
      const taken = error.CancellationReasons?.[0]?.Code === "ConditionalCheckFailed";
      if (taken)
        throw new SuiteError("shop_taken", "the shop is connected to another tenant", { details, cause: error });
      throw new SuiteError("store_unavailable", "the shop was being written by another", { details, cause: error });
    }
  }

  function update(key: Key, text: string, values: Record<string, unknown>, condition?: string) {
    return {
      Update: {
        TableName: place.tableName,
        Key: marshall(key),
        UpdateExpression: text,
        ConditionExpression: condition,
        ...declared(`${text} ${condition ?? ""}`, values),
      },
    };
  }

  async function set(key: ShopKey, text: string, values: Record<string, unknown>): Promise<void> {
    const write = await updateIf(place, shopKey(key), { update: text, condition: "attribute_exists(#pk)", values });
    if (!write.written) throw unknown(key);
  }

  /** @throws SuiteError `shop_unknown` */
  const setMode = (key: ShopKey, mode: ShopMode) => set(key, "SET #shop.#mode = :mode", { mode });

  /** @throws SuiteError `shop_unknown` */
  const saveAddresses = (key: ShopKey, addresses: readonly ReturnAddress[]) =>
    set(key, "SET #shop.#addresses = :addresses", { addresses });

  /** Lets the work of a shop go on. @throws SuiteError `shop_unknown` */
  const resume = (key: ShopKey) => set(key, "SET #shop.#status = :status", { status: "connected" });

  /**
   * Lets the work of a shop wait because the channel rejected these credentials. Returns false, and parks nothing, when
   * the shop has had others since. @throws SuiteError `shop_unknown`
   */
  async function park(key: ShopKey, rejectedVersion: number): Promise<boolean> {
    const write = await updateIf(place, shopKey(key), {
      update: "SET #shop.#status = :status",
      condition: "#credentialsVersion = :version",
      values: { status: "parked", version: rejectedVersion },
    });
    if (!write.written && !write.current) throw unknown(key);
    return write.written;
  }

  /**
   * Forgets what a shop that has left had told us: its credentials, its name and its addresses. It stays with its tenant,
   * parked, until it is connected again. @throws SuiteError `shop_unknown`
   */
  const forget = (key: ShopKey) =>
    set(
      key,
      "SET #credentials = :none, #credentialsVersion = #credentialsVersion + :one, #shop.#name = :name, #shop.#addresses = :empty, #shop.#status = :status",
      { none: new Uint8Array(), one: 1, name: key.shopId, empty: [], status: "parked" },
    );

  /**
   * Puts refreshed credentials in the place of those with `expectedVersion`. Of two that refresh at once one wins; the
   * other gets false and reads what the winner stored. Ours again, after a lost answer, is a win.
   * @throws SuiteError `shop_unknown`
   */
  async function replaceCredentials(key: ShopKey, credentials: Uint8Array, expectedVersion: number): Promise<boolean> {
    const write = await updateIf(place, shopKey(key), {
      update: "SET #credentials = :credentials, #credentialsVersion = :next",
      condition: "#credentialsVersion = :expected",
      values: { credentials, next: expectedVersion + 1, expected: expectedVersion },
    });
    if (write.written) return true;
    if (!write.current) throw unknown(key);
    const stored = readItem(shopItemSchema, write.current);
    return stored.credentialsVersion === expectedVersion + 1 && Buffer.compare(stored.credentials, credentials) === 0;
  }

  /** The shops of a tenant, by channel and id. */
  async function list(tenantId: TenantId): Promise<Shop[]> {
    const shops: Shop[] = [];
    const where = "#pk = :pk AND begins_with(#sk, :prefix)";
    for await (const item of itemsOf(place, { where, values: shopsOf(tenantId) })) {
      shops.push(readItem(shopItemSchema, item).shop);
    }
    return shops;
  }

  return { get, find, connect, setMode, saveAddresses, park, forget, resume, replaceCredentials, list };
}

function unknown({ channel, shopId }: ShopKey): SuiteError {
  return new SuiteError("shop_unknown", "no such shop is connected", { details: { channel, shopId } });
}
