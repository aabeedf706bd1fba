import type { Statement } from "./statement.ts";

/** The smallest thing a policy gives and that could be taken away: one action on one resource, for one kind of partition. */
export interface Grant {
  /** In words that are the same in every run, such as `casebridge-dev-sync-refund may dynamodb:PutItem on arn:… in T#*#C#*`. */
  name: string;
  /** What the role is left with when this is taken away. */
  without(): Statement[];
}

export const leadingKeys = "dynamodb:leadingkeys";

/** Cuts a role's statements into grants. What is denied is not given; what a statement gives by `NotAction` stays whole. */
export function grantsOf(holder: string, statements: readonly Statement[]): Grant[] {
  const pieces = statements.flatMap(piecesOf);
  return pieces.flatMap((piece) => {
    if (piece.effect === "Deny") return [];
    const { actions, notActions = [], resources, notResources = [] } = piece;
    const action = actions?.[0] ?? `all but ${notActions.join(", ")}`;
    const name = `${holder} may ${action} on ${resources?.[0] ?? `all but ${notResources.join(", ")}`}`;
    const leaving = (instead: Statement[]) => pieces.flatMap((each) => (each === piece ? instead : each));
    const partitions = partitionsOf(piece);
    if (partitions.length === 0) return [{ name, without: () => leaving([]) }];
    return partitions.map((pattern) => {
      const others = partitions.filter((each) => each !== pattern);
      return {
        name: `${name} in ${pattern}`,
        without: () => leaving(others.length > 0 ? [limitedTo(piece, others)] : []),
      };
    });
  });
}

/** The kinds of partitions that a statement is for; none when it is for all. */
export function partitionsOf({ conditions }: Statement): readonly string[] {
  return conditions.find(({ key }) => key.toLowerCase() === leadingKeys)?.wanted ?? [];
}

/** A statement for each action on each resource; what denies stays whole. */
function piecesOf(statement: Statement): Statement[] {
  if (statement.effect === "Deny") return [statement];
  return (statement.actions ?? [undefined]).flatMap((action) =>
    (statement.resources ?? [undefined]).map((resource) => ({
      ...statement,
      actions: action === undefined ? undefined : [action],
      resources: resource === undefined ? undefined : [resource],
    })),
  );
}

function limitedTo(statement: Statement, partitions: readonly string[]): Statement {
  const conditions = statement.conditions.map((each) =>
    each.key.toLowerCase() === leadingKeys ? { ...each, wanted: partitions } : each,
  );
  return { ...statement, conditions };
}
