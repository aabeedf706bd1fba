import { createHash, createHmac, randomBytes } from "node:crypto";
import { type TenantId, tenantIdSchema } from "./case/ids.ts";
import { newSecret } from "./new-secret.ts";

/** Minutes from the operator's request to the shop's connection. */
export const authorizationMinutes = 15;

/** What a link or a state is made of: where its item is, and the secret that is stored as a hash alone. */
export interface Ticket {
  tenantId: TenantId;
  authorizationId: string;
  secret: string;
}

/** 128 bits that name an item, and are no secret. */
export const newAuthorizationId = (): string => randomBytes(16).toString("base64url");

/** A ticket for the same item with a new secret of 256 bits. */
export function newTicket({ tenantId, authorizationId }: Omit<Ticket, "secret">): Ticket {
  return { tenantId, authorizationId, secret: newSecret() };
}

export function writeTicket({ tenantId, authorizationId, secret }: Ticket): string {
  return `${tenantId}.${authorizationId}.${secret}`;
}

/** Undefined when the text is no ticket. */
export function readTicket(text: string | null | undefined): Ticket | undefined {
  const [, tenant, authorizationId, secret] =
    /^([^.]{1,64})\.([A-Za-z0-9_-]{22})\.([A-Za-z0-9_-]{43})$/.exec(text ?? "") ?? [];
  const tenantId = tenantIdSchema.safeParse(tenant);
  return tenantId.success && authorizationId && secret
    ? { tenantId: tenantId.data, authorizationId, secret }
    : undefined;
}

export const hashOf = (secret: string): string => createHash("sha256").update(secret).digest("base64url");

/**
 * PKCE's verifier, from the secret in the browser's cookie: the channel and whoever sees its addresses never see that, and
 * we keep its hash alone. Source: RFC 7636, §4.1 and §4.2.
 */
export function codeVerifierOf(browserSecret: string): { verifier: string; challenge: string } {
  const verifier = createHmac("sha256", browserSecret).update("code_verifier").digest("base64url");
  return { verifier, challenge: hashOf(verifier) };
}
