import * as z from "zod";
import type { ReturnAddress } from "#shared/case/shop.ts";
import { ask, type ShopifyWorld } from "./client.ts";
import * as documents from "./documents.ts";
import { bare } from "./gid.ts";
import { parse } from "./parse.ts";

const locationsSchema = z.object({
  locations: z.object({
    pageInfo: z.object({ hasNextPage: z.boolean(), endCursor: z.string().nullish() }),
    nodes: z.array(
      z.object({
        id: z.string().max(80),
        name: z.string(),
        isActive: z.boolean(),
        isPrimary: z.boolean().nullish(),
      }),
    ),
  }),
});

/** The shop's active locations. Which of them takes returns is the merchant's setting with us: Shopify has none. */
export async function listAddresses(world: ShopifyWorld): Promise<ReturnAddress[]> {
  const addresses: ReturnAddress[] = [];
  let after: string | null = null;
  do {
    const { data } = await ask(world, documents.locations, { after });
    const { locations }: z.infer<typeof locationsSchema> = parse(locationsSchema, data);
    for (const { id, name, isActive, isPrimary } of locations.nodes) {
      if (!isActive) continue;
      const addressId = bare(id).slice(0, 64);
      addresses.push({ addressId, label: name.slice(0, 200), isDefault: isPrimary === true });
    }
    after = locations.pageInfo.hasNextPage ? (locations.pageInfo.endCursor ?? null) : null;
  } while (after !== null && addresses.length < 100);
  return addresses.slice(0, 100);
}
