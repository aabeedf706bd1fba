import * as z from "zod";
import { type Role, roles } from "#shared/api/role.ts";
import { type TenantId, tenantIdSchema } from "#shared/case/ids.ts";

/** Who is asking, as the token says and nothing else. */
export interface Operator {
  tenantId: TenantId;
  /** The token's subject. */
  personId: string;
  role: Role;
}

/** The token's claims that hold the tenant and the role; the names are the issuer's. */
export interface ClaimNames {
  tenant: string;
  role: string;
}

const personIdSchema = z.string().regex(/^[\w.@|-]{1,100}$/);

/**
 * The operator in a token's claims; undefined when it names no tenant, no role of ours or nobody. Of several roles the
 * highest counts. Several tenants are none: which one is meant would have to come from the request.
 */
export function operatorOf(claims: Readonly<Record<string, unknown>>, names: ClaimNames): Operator | undefined {
  const tenantId = tenantIdSchema.safeParse(claims[names.tenant]);
  const personId = personIdSchema.safeParse(claims.sub);
  const held = wordsOf(claims[names.role]);
  const role = roles.findLast((each) => held.includes(each));
  if (!tenantId.success || !personId.success || !role) return undefined;
  return { tenantId: tenantId.data, personId: personId.data, role };
}

/** A claim with one value or several; the gateway writes a list as `[a b]`. */
function wordsOf(claim: unknown): string[] {
  if (Array.isArray(claim)) return claim.map(String);
  return typeof claim === "string" ? claim.replace(/^\[|\]$/g, "").split(/[\s,]+/) : [];
}
