import type { ReturnAddress } from "#shared/case/shop.ts";
import { query, type TaobaoWorld } from "./client.ts";
import { type Address, addressesSchema, addressSchema, listOf } from "./schema.ts";

/** The seller's addresses. `isDefault` marks the default for returns; the contact's name and phone are left out. */
export async function listAddresses(world: TaobaoWorld): Promise<ReturnAddress[]> {
  return (await readAddresses(world)).map((address) => ({
    addressId: address.contact_id,
    label: [placeOf(address), address.zip_code, address.memo && `(${address.memo})`]
      .filter(Boolean)
      .join(" ")
      .slice(0, 200),
    isDefault: address.cancel_def === true,
  }));
}

/** Rows that cannot be read are left out: an address without an id cannot be given to anybody. */
export async function readAddresses(world: TaobaoWorld): Promise<Address[]> {
  const { addresses } = await query(world, "taobao.logistics.address.search", {}, addressesSchema);
  return listOf(addresses, "address_result").flatMap((row) => addressSchema.safeParse(row).data ?? []);
}

/** Province, city, district (which the channel calls country) and street. */
export function placeOf({ province, city, country, addr }: Address): string {
  return [province, city, country, addr].filter(Boolean).join("");
}
