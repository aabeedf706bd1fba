import { isLike } from "./match.ts";
import type { AccessRequest, Statement } from "./statement.ts";

/** The smallest thing a policy gives and that could be taken away: one action on one resource, for one kind of partition. */
export interface Grant {
  statement: Statement;
  /** In words that are the same in every run, such as `casebridge-dev-sync-refund may dynamodb:PutItem on arn:… in T#*#C#*`. */
  names: readonly string[];
  partitions: readonly string[];
}

export interface GrantUse {
  name: string;
  /** Some call was allowed by it. */
  used: boolean;
  /** Some call was allowed by nothing else: without the grant it would have been refused. */
  needed: boolean;
}

const leadingKeys = "dynamodb:leadingkeys";

/** Cuts a role's statements into grants. What is denied is not given; what a statement gives by `NotAction` stays whole. */
export function grantsOf(holder: string, statements: readonly Statement[]): Grant[] {
  return statements.flatMap((statement) => {
    if (statement.effect === "Deny") return [];
    const { actions, notActions = [], resources, notResources = [], conditions } = statement;
    const partitions = conditions.find(({ key }) => key.toLowerCase() === leadingKeys)?.wanted ?? [];
    return (actions ?? [undefined]).flatMap((action) =>
      (resources ?? [undefined]).map((resource) => {
        const what = `${action ?? `all but ${notActions.join(", ")}`} on ${resource ?? `all but ${notResources.join(", ")}`}`;
        const name = `${holder} may ${what}`;
        return {
          statement: {
            ...statement,
            actions: action ? [action] : undefined,
            resources: resource ? [resource] : undefined,
          },
          names: partitions.length > 0 ? partitions.map((pattern) => `${name} in ${pattern}`) : [name],
          partitions,
        };
      }),
    );
  });
}

/** Remembers which grants calls were allowed by. */
export function createGrantBook(grants: readonly Grant[]) {
  const byStatement = new Map(grants.map((grant) => [grant.statement, grant]));
  const uses = new Map<string, GrantUse>();
  for (const name of grants.flatMap(({ names }) => names)) uses.set(name, { name, used: false, needed: false });

  return {
    /** `by` are the statements of grants that allow the request; `otherwise` tells that something else allows it too. */
    add({ context }: AccessRequest, by: readonly Statement[], otherwise: boolean): void {
      for (const statement of by) {
        const { names = [], partitions = [] } = byStatement.get(statement) ?? {};
        const alone = by.length === 1 && !otherwise;
        if (partitions.length === 0) mark(names[0], alone);
        for (const key of context.get(leadingKeys) ?? []) {
          const covering = names.filter((_, index) => isLike(key, partitions[index] ?? ""));
          for (const name of covering) mark(name, alone && covering.length === 1);
        }
      }
    },
    list: (): GrantUse[] => [...uses.values()].map((use) => ({ ...use })),
  };

  function mark(name: string | undefined, needed: boolean) {
    const use = uses.get(name ?? "");
    if (!use) return;
    use.used = true;
    use.needed ||= needed;
  }
}
