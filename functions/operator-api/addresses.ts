import { linksOf, type Warehouse } from "#shared/case/address-book.ts";
import { languageFor, returnInstructions } from "#shared/case/return-instructions.ts";
import { returnRouteOf } from "#shared/return-route.ts";
import { returnText } from "#shared/texts/return-text.ts";
import type { Work } from "./works.ts";

export const listAddresses: Work<"list_addresses"> = async ({ operator }, { store }) => {
  const { tenantId } = operator;
  const [book, shops] = await Promise.all([store.addresses.list(tenantId), store.shops.list(tenantId)]);
  const warehouses = book.map(({ warehouse }) => warehouse);
  const links = shops.map((shop) => ({
    channel: shop.channel,
    shopId: shop.shopId,
    ...linksOf(warehouses, shop),
  }));
  return { addresses: book, links };
};

export const putAddress: Work<"put_address"> = async ({ operator, params, body }, { store }) => {
  const warehouse: Warehouse = { ...body.warehouse, addressId: params.addressId };
  const stored = await store.addresses.put(operator.tenantId, warehouse, body.replaces);
  return stored ? { version: body.replaces + 1, warehouse } : { problem: "version_moved" };
};

export const readAddressRules: Work<"read_address_rules"> = ({ operator }, { store }) =>
  store.addresses.getRules(operator.tenantId);

export const putAddressRules: Work<"put_address_rules"> = async ({ operator, body }, { store }) => {
  const { rules, replaces } = body;
  const known = new Set((await store.addresses.list(operator.tenantId)).map(({ warehouse }) => warehouse.addressId));
  const isGone = (addressId: string) => !known.has(addressId);
  const lost = rules.rules.filter(({ to }) => to !== "nearest" && to.some(isGone)).map(({ id }) => `the rule ${id}`);
  if (rules.usual !== undefined && isGone(rules.usual)) lost.push("usual");
  if (lost.length > 0) {
    const fields = lost.map((field) => ({ field, says: "names a warehouse that is not in the book" }));
    return { problem: "request_invalid", fields };
  }
  const stored = await store.addresses.putRules(operator.tenantId, rules, replaces);
  return stored ? { version: replaces + 1, rules } : { problem: "version_moved" };
};

export const readReturnInstructions: Work<"read_return_instructions"> = async (
  { operator, params, query },
  { store, connectorOf, clock },
) => {
  const subject = await store.cases.get(operator.tenantId, params.caseId);
  const found = subject && (await store.shops.get(subject));
  if (!subject || !found) return { problem: "not_found" };
  const listedOnly = connectorOf(subject.channel).actions?.provide_address !== undefined;
  const route = await returnRouteOf(subject, { shop: found.shop, listedOnly, now: clock.now() }, store);
  if (!route?.routed.found) return { found: false, passedOver: route?.routed.passedOver ?? [] };
  const { warehouse, rule, platformId, passedOver } = route.routed;
  const language = query.language ?? languageFor(route.market);
  const text = returnText(returnInstructions(subject, warehouse), language);
  return { found: true, passedOver, addressId: warehouse.addressId, platformId, rule, language, text };
};
