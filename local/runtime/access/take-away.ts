import type { Resource } from "../assembly/resolve-template.ts";
import type { AllowedCall } from "./call-book.ts";
import { decide } from "./decide.ts";
import { grantsOf } from "./grants.ts";
import { holderNames } from "./holders.ts";
import { readPolicies } from "./policies.ts";
import type { Statement } from "./statement.ts";

export interface Removal {
  /** The name of the grant that was taken away. */
  grant: string;
  /** The calls that are refused without it. */
  refused: AllowedCall[];
}

/**
 * Takes every grant of every role away, one at a time, and judges the calls of that role again: the same calls, by the same
 * judge. @throws Error when a call is refused with every grant in its place: it was recorded under other policies.
 */
export function takeEachGrantAway(resources: readonly Resource[], calls: readonly AllowedCall[]): Removal[] {
  const policies = readPolicies(resources);
  const nameOf = holderNames(resources);
  const isRefused = ({ roleArn, action, resource, context }: AllowedCall, identity: readonly Statement[]) => {
    const principal = { kind: "role", arn: roleArn } as const;
    const request = { principal, action, resource, context: new Map(Object.entries(context)) };
    return !decide(request, { identity, resource: policies.on(resource) }).allowed;
  };
  return [...policies.roles].flatMap(([roleArn, { name, statements }]) => {
    const own = calls.filter((call) => call.roleArn === roleArn);
    const foreign = own.find((call) => isRefused(call, statements));
    if (foreign) {
      throw new Error(
        `${foreign.who} may not ${foreign.action} on ${foreign.resource}: recorded under other policies.`,
      );
    }
    return grantsOf(nameOf(roleArn) ?? name, statements).map((grant) => {
      const rest = grant.without();
      return { grant: grant.name, refused: own.filter((call) => isRefused(call, rest)) };
    });
  });
}
