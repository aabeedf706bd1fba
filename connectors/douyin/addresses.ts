import type { ReturnAddress } from "#shared/case/shop.ts";
import { type DouyinWorld, query } from "./client.ts";
import { addressesSchema } from "./schema.ts";

const pageSize = 100;
const mostPages = 10;

/**
 * The merchant's addresses. `isDefault` marks the one that the buyer is shown when a return is agreed by timeout.
 * The contact's name is left out.
 */
export async function listAddresses(world: DouyinWorld): Promise<ReturnAddress[]> {
  const found: ReturnAddress[] = [];
  for (let page = 1; page <= mostPages; page++) {
    const { address_list: rows, total } = await query(
      world,
      "/address/list",
      { page_no: page, page_size: pageSize, order_by: "asc", order_field: "create_time" },
      addressesSchema,
    );
    for (const row of rows ?? []) {
      const place = [
        row.receiver_provinc,
        row.receiver_city,
        row.receiver_district,
        row.receiver_street,
        row.receiver_detail,
        row.remark && `(${row.remark})`,
      ];
      found.push({
        addressId: row.address_id,
        label: place.filter(Boolean).join(" ").slice(0, 200),
        isDefault: row.is_default === 1,
      });
    }
    if (!rows?.length || found.length >= (total ?? 0)) break;
  }
  return found;
}
