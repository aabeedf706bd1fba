import * as z from "zod";

/** What an operator may do, each more than the one before. One role per operator and tenant, said by the token. */
export const roles = ["viewer", "agent", "approver", "admin"] as const;
export const roleSchema = z.enum(roles);
export type Role = z.infer<typeof roleSchema>;

/** Whether somebody with role `held` may do what `needed` may do. */
export function includesRole(held: Role, needed: Role): boolean {
  return roles.indexOf(held) >= roles.indexOf(needed);
}
