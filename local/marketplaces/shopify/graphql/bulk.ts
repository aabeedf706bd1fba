import {
  type DocumentNode,
  execute,
  type GraphQLResolveInfo,
  getNamedType,
  isObjectType,
  TypeInfo,
  visit,
  visitWithTypeInfo,
} from "graphql";
import type { BulkResult } from "../bulk/operations.ts";
import { gid, idOf } from "../model/ids.ts";
import { connection, type PageArguments } from "./connection.ts";
import { readDocument } from "./documents.ts";
import { guarded } from "./guarded.ts";
import type { GraphRequest } from "./request.ts";
import { compileSearch } from "./search.ts";

const connectionsAtMost = 5;
const levelsAtMost = 2;

type ById = { id: string };
type Shown = ReturnType<GraphRequest["bulk"]["views"]>[number];

const shown = ({ bulk, view, baseUrl }: GraphRequest) => bulk.views(view.shop.domain, view.now, baseUrl);

export const bulkQueries = {
  bulkOperation: ({ id }: ById, request: GraphRequest) => shown(request).find((one) => one.id === id) ?? null,
  bulkOperations: ({ query, ...page }: PageArguments & { query?: string }, request: GraphRequest) => {
    const fields = {
      id: ({ id }: Shown) => idOf("BulkOperation", id),
      status: ({ status }: Shown) => status,
      operation_type: ({ type }: Shown) => type,
      created_at: ({ createdAt }: Shown) => createdAt,
    };
    return connection(shown(request).filter(compileSearch(query, fields)), page, {
      idOf: ({ id }) => id,
      view: (one) => one,
    });
  },
};

export const bulkMutations = {
  bulkOperationRunQuery: async (
    { query, groupObjects }: { query: string; groupObjects: boolean },
    request: GraphRequest,
    info: GraphQLResolveInfo,
  ) => {
    const { bulk, view } = request;
    const problem = (code: string, message: string) => ({
      bulkOperation: null,
      userErrors: [{ __typename: "BulkOperationUserError", code, field: ["query"], message }],
    });
    if (groupObjects) return problem("INVALID", "Only groupObjects: false is served here.");
    const document = readDocument(query, request.version);
    if ("faults" in document) return problem("INVALID", `The query is not valid: ${JSON.stringify(document.faults)}`);
    const wrong = problemOf(document, info);
    if (wrong !== undefined) return problem("INVALID", wrong);
    if (bulk.isFull(view.shop.domain, view.now)) {
      return problem("LIMIT_REACHED", "Bulk operations limit reached. Please try again later.");
    }
    const { schema, rootValue } = info;
    const answer = await execute({ schema, document, rootValue, contextValue: request, fieldResolver: guarded });
    const code = answer.errors?.[0]?.extensions?.code;
    const failed = answer.errors && { errorCode: code === "ACCESS_DENIED" ? code : "INTERNAL_SERVER_ERROR" };
    const id = bulk.start(view.shop.domain, query, { ...linesOf(answer.data), ...failed }, view.now);
    return { bulkOperation: shown(request).find((one) => one.id === gid("BulkOperation", id)), userErrors: [] };
  },

  bulkOperationCancel: ({ id }: ById, request: GraphRequest) => {
    const { bulk, view } = request;
    const isEnded = bulk.cancel(view.shop.domain, idOf("BulkOperation", id) ?? "", view.now);
    const message = "There is no such operation running.";
    return {
      bulkOperation: shown(request).find((one) => one.id === id) ?? null,
      userErrors: isEnded ? [] : [{ __typename: "UserError", field: ["id"], message }],
    };
  },
};

/** What forbids running a valid query in bulk, or undefined. */
function problemOf(document: DocumentNode, { schema }: GraphQLResolveInfo): string | undefined {
  const types = new TypeInfo(schema);
  let connections = 0;
  let depth = 0;
  let wrong: string | undefined;
  const isConnection = () => {
    const type = getNamedType(types.getType());
    return isObjectType(type) && type.name.endsWith("Connection");
  };
  visit(
    document,
    visitWithTypeInfo(types, {
      OperationDefinition: ({ operation, variableDefinitions }) => {
        if (operation !== "query") wrong ??= "Only queries run here.";
        if ((variableDefinitions?.length ?? 0) > 0) wrong ??= "There are no variables in bulk.";
      },
      Field: {
        enter: ({ name }) => {
          if (name.value === "nodes" && types.getParentType()?.name.endsWith("Connection"))
            wrong ??= "Ask a connection for edges.";
          if (!isConnection()) return;
          connections += 1;
          depth += 1;
          if (depth > levelsAtMost) wrong ??= `Connections nest ${levelsAtMost} levels at most.`;
        },
        leave: () => {
          if (isConnection()) depth -= 1;
        },
      },
    }),
  );
  if (connections === 0) return wrong ?? "There must be a connection.";
  return wrong ?? (connections > connectionsAtMost ? `At most ${connectionsAtMost} connections.` : undefined);
}

type Members = Record<string, unknown>;
interface Listed {
  edges: { node: Members }[];
}

/** One line per object of a connection: a nested one names its parent, and its parent does not hold it. */
function linesOf(data: unknown): Omit<BulkResult, "errorCode"> {
  const lines: string[] = [];
  let roots = 0;
  const take = (holder: unknown, parentId?: unknown) => {
    for (const list of Object.values((holder ?? {}) as Members).filter(isListed)) {
      for (const { node } of list.edges) {
        const own = Object.fromEntries(Object.entries(node).filter(([, value]) => !isListed(value)));
        lines.push(JSON.stringify(parentId === undefined ? own : { ...own, __parentId: parentId }));
        if (parentId === undefined) roots += 1;
        take(node, node.id);
      }
    }
  };
  take(data);
  return { lines, roots };
}

function isListed(value: unknown): value is Listed {
  return typeof value === "object" && value !== null && Array.isArray((value as Partial<Listed>).edges);
}
