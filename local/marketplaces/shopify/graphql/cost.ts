import {
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLCompositeType,
  type GraphQLOutputType,
  type GraphQLSchema,
  getNamedType,
  isAbstractType,
  isCompositeType,
  isObjectType,
  Kind,
  type OperationDefinitionNode,
  type SelectionSetNode,
} from "graphql";

export const costAtMost = 1000;
const mutationCost = 10;
const pageAtMost = 250;

interface Reading {
  schema: GraphQLSchema;
  fragments: ReadonlyMap<string, FragmentDefinitionNode>;
  variables: Readonly<Record<string, unknown>>;
  /** Given when counting what a query really returned instead of what it might. */
  isActual: boolean;
  problems: string[];
}

export interface CostQuestion {
  schema: GraphQLSchema;
  document: DocumentNode;
  operation: OperationDefinitionNode;
  variables: Readonly<Record<string, unknown>>;
}

/**
 * Points a query may need at most: 1 per object, nothing for scalars, 10 per mutation whatever it selects, and a
 * connection as many times its node as `first` or `last` says. `problems` names connections without a page size.
 */
export function requestedCost(question: CostQuestion): { cost: number; problems: string[] } {
  const reading = readingOf(question, false);
  if (question.operation.operation === "mutation") return { cost: mutationCosts(question.operation), problems: [] };
  const root = question.schema.getQueryType();
  const cost = root ? selectionCost(reading, question.operation.selectionSet, root, undefined) : 0;
  return { cost: Math.max(1, cost), problems: reading.problems };
}

/** Points for what came back. */
export function actualCost(question: CostQuestion, data: unknown): number {
  if (question.operation.operation === "mutation") return mutationCosts(question.operation);
  const root = question.schema.getQueryType();
  return root ? selectionCost(readingOf(question, true), question.operation.selectionSet, root, data) : 0;
}

function readingOf({ schema, document, operation, variables: given }: CostQuestion, isActual: boolean): Reading {
  const defaults = (operation.variableDefinitions ?? []).flatMap(({ variable, defaultValue }) =>
    defaultValue?.kind === Kind.INT ? [[variable.name.value, Number(defaultValue.value)] as const] : [],
  );
  const variables = { ...Object.fromEntries(defaults), ...given };
  const definitions = document.definitions.filter((node) => node.kind === Kind.FRAGMENT_DEFINITION);
  const fragments = new Map(definitions.map((node) => [node.name.value, node]));
  return { schema, fragments, variables, isActual, problems: [] };
}

function mutationCosts(operation: OperationDefinitionNode): number {
  return operation.selectionSet.selections.length * mutationCost;
}

/** Where several types are possible, the dearest counts. */
function selectionCost(reading: Reading, set: SelectionSetNode, type: GraphQLCompositeType, data: unknown): number {
  if (!isAbstractType(type)) return fieldsCost(reading, set, type, data);
  return Math.max(0, ...reading.schema.getPossibleTypes(type).map((one) => fieldsCost(reading, set, one, data)));
}

function fieldsCost(reading: Reading, set: SelectionSetNode, type: GraphQLCompositeType, data: unknown): number {
  return set.selections.reduce((sum, selection) => {
    if (selection.kind === Kind.FIELD) return sum + fieldCost(reading, selection, type, data);
    const fragment = selection.kind === Kind.INLINE_FRAGMENT ? selection : reading.fragments.get(selection.name.value);
    const condition = fragment?.typeCondition?.name.value;
    if (fragment === undefined || !applies(reading.schema, condition, type)) return sum;
    return sum + fieldsCost(reading, fragment.selectionSet, type, data);
  }, 0);
}

function applies(schema: GraphQLSchema, condition: string | undefined, type: GraphQLCompositeType): boolean {
  if (condition === undefined || condition === type.name) return true;
  const wanted = schema.getType(condition);
  return isAbstractType(wanted) && isObjectType(type) && schema.isSubType(wanted, type);
}

function fieldCost(reading: Reading, node: FieldNode, parent: GraphQLCompositeType, data: unknown): number {
  const definition = "getFields" in parent ? parent.getFields()[node.name.value] : undefined;
  const type: GraphQLOutputType | undefined = definition && getNamedType(definition.type);
  if (definition === undefined || node.selectionSet === undefined || !isCompositeType(type)) return 0;
  const set = node.selectionSet;
  const value = (data as Record<string, unknown> | null | undefined)?.[node.alias?.value ?? node.name.value];
  const isConnection = type.name.endsWith("Connection");
  if (reading.isActual) {
    const values = Array.isArray(value) ? value : [value];
    const own = isConnection || type.name === "PageInfo" || type.name.endsWith("Edge") ? 0 : 1;
    return values.reduce<number>(
      (sum, one) => (one === null || one === undefined ? sum : sum + own + selectionCost(reading, set, type, one)),
      0,
    );
  }
  if (type.name === "PageInfo") return 0;
  const size = pageSize(reading, node);
  if (isConnection) {
    if (size === undefined) reading.problems.push(`${node.name.value}: give first or last, at most ${pageAtMost}`);
    return (size ?? 1) * selectionCost(reading, set, type, undefined);
  }
  const own = type.name.endsWith("Edge") ? 0 : 1;
  return (size ?? 1) * (own + selectionCost(reading, set, type, undefined));
}

function pageSize({ variables, problems }: Reading, node: FieldNode): number | undefined {
  for (const argument of node.arguments ?? []) {
    if (argument.name.value !== "first" && argument.name.value !== "last") continue;
    const { value } = argument;
    const size =
      value.kind === Kind.VARIABLE ? variables[value.name.value] : value.kind === Kind.INT ? Number(value.value) : null;
    if (typeof size !== "number") continue;
    if (size < 0 || size > pageAtMost) problems.push(`${node.name.value}: a page has at most ${pageAtMost} items`);
    return size;
  }
  return undefined;
}
