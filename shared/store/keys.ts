import { crc32 } from "node:zlib";
import type { Channel } from "#shared/case/channel.ts";
import { type CaseId, caseIdSchema, type ShopId, type TenantId, tenantIdSchema } from "#shared/case/ids.ts";
import type { WaitingOn } from "#shared/case/vocabulary.ts";

// The only place a key is spelled, and taken apart. No id may hold a `#`, so no two keys can run into each other.
//
//   what is asked                               function              reads
//   one case                                    caseKey               table, consistent
//   the story of a case, in order               storyOf               table, sort key begins with E#
//   what a case shows as evidence               evidenceOf            table, sort key begins with F#
//   cases whose clock needs a look              dueCases              index due, one of 16 shards
//   open cases of a tenant, most urgent first   worklistOf            index worklist
//   cases in the last hour, or past it          atRiskOf              index risk, one partition per channel
//   cases by order or tracking number           referencesTo          table
//   cases of a shop that are over, by time      endedUpTo             table, sort key up to an instant
//   one shop                                    shopKey               table, consistent
//   a permission to connect a shop              authorizationKey      table, consistent
//   the tenant of a channel's shop              shopBindingKey        table, consistent
//   the shops of a tenant                       shopsOf               table, sort key begins with S#
//   what a tenant decided about clocks    rulesKey              table, consistent
//   what it decided before                rulesHistoryKey       table
//   a tenant's calendar of a market       calendarKey           table, consistent
//   how much and how fast a tenant may write    limitsKey             table, consistent
//   a shop's bucket of writes                   paceKey               table, by condition
//   a shop's refunds of one day                 dayKey                table, by condition
//   one warehouse of a tenant                   warehouseKey          table, consistent
//   a tenant's warehouses                       warehousesOf          table, sort key begins with D#
//   where a tenant's returns go                 addressRulesKey       table, consistent
//   returns sent to a warehouse on a day        warehouseDayKey       table, by condition
//   what people had a right to              privacyRequestsOf     table, sort key begins with P#
//   the keys of a tenant's own systems          inboundKeysKey        table, consistent
//   whether their event has been taken          inboundMarkKey        table
//   a feed's bookmark                           feedKey               table; of a shop beside it, of our app apart
//   feeds that should be asked                  dueFeeds              index due, one of 16 shards

/** Shards of the index `due`, for cases and for feeds each. A sweep asks every one. */
export const shardCount = 16;

export interface Key {
  pk: string;
  sk: string;
}
export interface ShopKey {
  tenantId: TenantId;
  channel: Channel;
  shopId: ShopId;
}
export interface ShopFeedId extends ShopKey {
  feed: string;
}
/** A feed of our app on a channel: it brings news of all its shops, so it belongs to no tenant. */
export interface AppFeedId {
  channel: Channel;
  feed: string;
  tenantId?: undefined;
  shopId?: undefined;
}
export type FeedId = ShopFeedId | AppFeedId;

const tenantPk = (tenantId: TenantId) => `T#${tenantId}`;
const casePk = (tenantId: TenantId, caseId: CaseId) => `${tenantPk(tenantId)}#C#${caseId}`;
const digits = (value: number, length: number) => String(value).padStart(length, "0");
const shardName = (shard: number) => digits(shard, 2);
// CRC-32 is defined to the bit, so a key always falls into the shard it fell into last year.
const shardOf = (text: string) => crc32(text) % shardCount;

export function caseKey(tenantId: TenantId, caseId: CaseId): Key {
  return { pk: casePk(tenantId, caseId), sk: "CASE" };
}

/** Takes the key of a case apart, as the indexes return it. */
export function caseOfKey({ pk }: Pick<Key, "pk">): { tenantId: TenantId; caseId: CaseId } {
  const [, tenantId, , caseId] = pk.split("#");
  return { tenantId: tenantIdSchema.parse(tenantId), caseId: caseIdSchema.parse(caseId) };
}

/** Sorts by time, then by revision, then by place in its revision. `at` is an instant, so text order is time order. */
export function timelineKey(
  tenantId: TenantId,
  caseId: CaseId,
  { at, revision, position }: { at: string; revision: number; position: number },
): Key {
  return { pk: casePk(tenantId, caseId), sk: `E#${at}#r${digits(revision, 8)}#${digits(position, 3)}` };
}

export function storyOf(tenantId: TenantId, caseId: CaseId): { pk: string; prefix: string } {
  return { pk: casePk(tenantId, caseId), prefix: "E#" };
}

export function evidenceKey(tenantId: TenantId, caseId: CaseId, evidenceId: string): Key {
  return { pk: casePk(tenantId, caseId), sk: `F#${evidenceId}` };
}

export function evidenceOf(tenantId: TenantId, caseId: CaseId): { pk: string; prefix: string } {
  return { pk: casePk(tenantId, caseId), prefix: "F#" };
}

/** The `due` partition that a case belongs to. */
export function dueCasePartition(caseId: CaseId): string {
  return dueCases(shardOf(caseId));
}

export function dueCases(shard: number): string {
  return `CASE#${shardName(shard)}`;
}

/** Few cases are ever here, so a channel needs no shards. */
export function atRiskOf(channel: Channel): string {
  return `RISK#${channel}`;
}

export function worklistOf(tenantId: TenantId, waitingOn: WaitingOn): string {
  return `${tenantPk(tenantId)}#${waitingOn}`;
}

export function referenceKey(tenantId: TenantId, reference: string, caseId: CaseId): Key {
  return { pk: referencesTo(tenantId, reference), sk: caseId };
}

export function referencesTo(tenantId: TenantId, reference: string): string {
  return `${tenantPk(tenantId)}#R#${reference}`;
}

/** `from` is when the term counts from that a case which is over may lead to a person for. */
export function endedKey({ tenantId, channel, shopId }: ShopKey, from: string, caseId: CaseId): Key {
  return { pk: referencesTo(tenantId, `ended ${channel}:${shopId}`), sk: `${from}#${caseId}` };
}

/** Those whose term counts from an instant up to `until`. */
export function endedUpTo({ tenantId, channel, shopId }: ShopKey, until: string): { pk: string; last: string } {
  return { pk: referencesTo(tenantId, `ended ${channel}:${shopId}`), last: `${until}$` }; // sorts after every `#`
}

export function shopKey({ tenantId, channel, shopId }: ShopKey): Key {
  return { pk: tenantPk(tenantId), sk: `S#${channel}#${shopId}` };
}

export function authorizationKey(tenantId: TenantId, authorizationId: string): Key {
  return { pk: tenantPk(tenantId), sk: `A#${authorizationId}` };
}

export function shopBindingKey(channel: Channel, shopId: ShopId): Key {
  return { pk: `SHOP#${channel}#${shopId}`, sk: "T" };
}

export function shopsOf(tenantId: TenantId): { pk: string; prefix: string } {
  return { pk: tenantPk(tenantId), prefix: "S#" };
}

export function rulesKey(tenantId: TenantId): Key {
  return { pk: tenantPk(tenantId), sk: "L#rules" };
}

export function rulesHistoryKey(tenantId: TenantId, version: number): Key {
  return { pk: tenantPk(tenantId), sk: `L#rules#${digits(version, 8)}` };
}

export function calendarKey(tenantId: TenantId, market: string): Key {
  return { pk: tenantPk(tenantId), sk: `K#${market}` };
}

export function limitsKey(tenantId: TenantId): Key {
  return { pk: tenantPk(tenantId), sk: "L#writes" };
}

export function privacyRequestKey(tenantId: TenantId, requestId: string): Key {
  return { pk: tenantPk(tenantId), sk: `P#${requestId}` };
}

export function privacyRequestsOf(tenantId: TenantId): { pk: string; prefix: string } {
  return { pk: tenantPk(tenantId), prefix: "P#" };
}

export function warehouseKey(tenantId: TenantId, addressId: string): Key {
  return { pk: tenantPk(tenantId), sk: `D#${addressId}` };
}

export function warehousesOf(tenantId: TenantId): { pk: string; prefix: string } {
  return { pk: tenantPk(tenantId), prefix: "D#" };
}

export function addressRulesKey(tenantId: TenantId): Key {
  return { pk: tenantPk(tenantId), sk: "L#addresses" };
}

/** `day` is the warehouse's own date. Apart from the tenant's partition, because every return writes there. */
export function warehouseDayKey(tenantId: TenantId, addressId: string, day: string): Key {
  return { pk: `${tenantPk(tenantId)}#N#${addressId}`, sk: `DAY#${day}` };
}

// Counters of a shop are apart from the tenant's own partition: they are written with every write to a channel.
const counterPk = ({ tenantId, channel, shopId }: ShopKey) => `${tenantPk(tenantId)}#W#${channel}#${shopId}`;

export function paceKey(shop: ShopKey): Key {
  return { pk: counterPk(shop), sk: "PACE" };
}

/** `day` is the shop's own date. */
export function dayKey(shop: ShopKey, day: string, currency: string): Key {
  return { pk: counterPk(shop), sk: `DAY#${day}#${currency}` };
}

// Apart from the tenant's own partition, because the function that reads them answers to the open internet.
const inboundPk = (tenantId: TenantId) => `INBOUND#${tenantId}`;

export function inboundKeysKey(tenantId: TenantId): Key {
  return { pk: inboundPk(tenantId), sk: "KEYS" };
}

export function inboundMarkKey(tenantId: TenantId, eventId: string): Key {
  return { pk: inboundPk(tenantId), sk: `E#${eventId}` };
}

export function feedKey({ tenantId, channel, shopId, feed }: FeedId): Key {
  if (tenantId === undefined) return { pk: `APP#${channel}`, sk: `B#${feed}` };
  return { pk: tenantPk(tenantId), sk: `B#${channel}#${shopId}#${feed}` };
}

/** The `due` partition that a feed belongs to. */
export function dueFeedPartition(id: FeedId): string {
  return dueFeeds(shardOf(`${id.channel}#${id.shopId ?? ""}#${id.feed}`));
}

export function dueFeeds(shard: number): string {
  return `FEED#${shardName(shard)}`;
}

/** Takes the key of a feed apart, as the index returns it. @throws RangeError when it is no feed's key. */
export function feedOfKey({ pk, sk }: Key): { tenantId?: string; channel: string; shopId?: string; feed: string } {
  const [owner, name] = pk.split("#");
  const [kind, ...rest] = sk.split("#");
  const [channel, shopId, feed] = owner === "APP" ? [name, undefined, rest[0]] : rest;
  const isWhole = kind === "B" && name && channel && feed && (owner === "APP" || shopId);
  if (!isWhole) throw new RangeError("not the key of a feed");
  return owner === "APP" ? { channel, feed } : { tenantId: name, channel, shopId, feed };
}
