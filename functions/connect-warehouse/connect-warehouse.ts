import * as z from "zod";
import { tenantIdSchema } from "#shared/case/ids.ts";
import { inboundOwner } from "#shared/inbound-owner.ts";
import { log } from "#shared/log.ts";
import type { Inbound } from "#shared/store/index.ts";
import type { Vault } from "#shared/vault.ts";

export const warehouseRequestSchema = z.strictObject({
  tenantId: tenantIdSchema,
  /** The sender names it in `X-Aftersale-Key-Id`. */
  keyId: z.string().regex(/^[\w.-]{1,64}$/),
});
export type WarehouseRequest = z.infer<typeof warehouseRequestSchema>;

export interface Deps {
  inbound: Inbound;
  vault: Vault;
  /** A secret that nobody can guess. */
  newSecret: () => string;
}

/**
 * Gives a tenant's warehouse or finance a key to sign with. The secret is in the answer and nowhere else in the clear, so
 * it can be seen once. The key before it stays valid until the next is made.
 */
export async function connectWarehouse(
  { tenantId, keyId }: WarehouseRequest,
  { inbound, vault, newSecret }: Deps,
): Promise<{ keyId: string; secret: string }> {
  const secret = newSecret();
  await inbound.addKey(tenantId, { keyId, sealed: await vault.seal(secret, inboundOwner(tenantId)) });
  log.info("inbound key made", { tenantId, keyId });
  return { keyId, secret };
}
