import { leadingKeys } from "./grants.ts";
import { isLike } from "./match.ts";
import type { AccessRequest } from "./statement.ts";

/** A call that a role was allowed, as its policies saw it; as JSON it can be judged again later, and elsewhere. */
export interface AllowedCall {
  /** The function, or the role when no function has it. */
  who: string;
  roleArn: string;
  action: string;
  resource: string;
  context: Readonly<Record<string, readonly string[]>>;
}

/**
 * Remembers which calls were allowed, one of each kind: two are of a kind when no policy made of these partition patterns
 * can tell them apart. A run makes a hundred thousand calls and some hundreds of kinds.
 */
export function createCallBook(partitionPatterns: readonly string[]) {
  const calls = new Map<string, AllowedCall>();
  const kinds = new Map<string, string>();

  /** The patterns that a partition falls under; asked again and again for the same partitions. */
  const kindOf = (partition: string) => {
    let kind = kinds.get(partition);
    if (kind === undefined) {
      kind = partitionPatterns.filter((pattern) => isLike(partition, pattern)).join(" ");
      if (kinds.size > 50_000) kinds.clear();
      kinds.set(partition, kind);
    }
    return kind;
  };

  return {
    add(who: string, { principal, action, resource, context }: AccessRequest): void {
      if (principal.kind !== "role") return;
      const keys = new Map((context.get(leadingKeys) ?? []).map((partition) => [kindOf(partition), partition]));
      const others = [...context].filter(([key]) => key !== leadingKeys);
      const kind = JSON.stringify([who, action, resource, others, [...keys.keys()].sort()]);
      if (calls.has(kind)) return;
      const partitions = context.has(leadingKeys) && { [leadingKeys]: [...keys.values()] };
      calls.set(kind, {
        ...{ who, roleArn: principal.arn, action, resource },
        context: { ...Object.fromEntries(others), ...partitions },
      });
    },
    list: (): AllowedCall[] => [...calls.values()],
  };
}
