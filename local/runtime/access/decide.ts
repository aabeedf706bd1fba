import { type AccessRequest, type Principal, type Statement, speaksOf } from "./statement.ts";

/** Every policy that has a say in a request. */
export interface Say {
  /** Of the role that asks; empty for a service. */
  identity: readonly Statement[];
  /** On the thing that is asked for. */
  resource: readonly Statement[];
}

export type Decision =
  /** `by` are the role's statements that allow it; `byResource` tells that the thing's own policy allows it too. */
  { allowed: true; by: readonly Statement[]; byResource: boolean } | { allowed: false; why: string };

/**
 * Decides as IAM does inside one account: a Deny anywhere refuses; else an Allow of the role or of the thing suffices. A
 * KMS key is the exception: a role's Allow counts only if the key's policy hands the decision to the account.
 * Source: IAM user guide, policy evaluation logic; KMS developer guide, key policies, read 2026-11.
 */
export function decide(request: AccessRequest, { identity, resource }: Say): Decision {
  const { action, principal } = request;
  const ofRole = identity.filter((statement) => speaksOf(statement, request));
  if (ofRole.some(denies)) return { allowed: false, why: "with an explicit deny in an identity-based policy" };
  const ofThing = resource.filter((statement) => speaksOf(statement, request));
  const toMe = ofThing.filter((statement) => isMeant(statement, principal));
  if (toMe.some(denies)) return { allowed: false, why: "with an explicit deny in a resource-based policy" };
  const handedOver = !action.startsWith("kms:") || ofThing.some((statement) => handsOver(statement, principal));
  const by = handedOver ? ofRole : [];
  if (by.length > 0 || toMe.length > 0) return { allowed: true, by, byResource: toMe.length > 0 };
  const kind = principal.kind === "service" || !handedOver ? "resource-based" : "identity-based";
  return { allowed: false, why: `because no ${kind} policy allows the ${action} action` };
}

const denies = ({ effect }: Statement) => effect === "Deny";

function isMeant({ principal }: Statement, who: Principal): boolean {
  if (!principal) return false;
  if (principal.everybody) return true;
  return who.kind === "role" ? principal.arns.includes(who.arn) : principal.services.includes(who.name);
}

/** A statement for the account's root means whoever the account's own policies allow it. */
function handsOver({ effect, principal }: Statement, who: Principal): boolean {
  if (effect !== "Allow" || !principal || who.kind !== "role") return false;
  const account = who.arn.split(":")[4] ?? "";
  return principal.arns.some((arn) => arn === account || (arn.startsWith("arn:") && arn.endsWith(`:${account}:root`)));
}
