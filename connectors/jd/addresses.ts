import type { ReturnAddress } from "#shared/case/shop.ts";
import { type JdWorld, query } from "./client.ts";
import { returnAddressesSchema, type ShopAddress } from "./schema.ts";

/** Kind of the shop's own return addresses, as on the rows; the table of kinds is not public. */
const returnKind = "1";

/** The shop's own return addresses, whole: they are the merchant's data. */
export async function shopAddresses(world: JdWorld): Promise<ShopAddress[]> {
  const params = { address_type: returnKind };
  const answer = await query(world, "jingdong.vender.returnaddress.query", params, returnAddressesSchema);
  return answer.return_address_s;
}

/** The channel marks none as the usual one; where there is only one, it is. The contact's name is left out. */
export async function listAddresses(world: JdWorld): Promise<ReturnAddress[]> {
  const found = await shopAddresses(world);
  return found.map(({ id, full_address: place }) => ({
    addressId: id,
    label: (place ?? id).slice(0, 200),
    isDefault: found.length === 1,
  }));
}
