import { execute, getOperationAST } from "graphql";
import type { Bucket, ThrottleStatus } from "./bucket.ts";
import { bulkMutations, bulkQueries } from "./bulk.ts";
import { actualCost, costAtMost, requestedCost } from "./cost.ts";
import { readDocument } from "./documents.ts";
import { guarded } from "./guarded.ts";
import { moneyMutations } from "./money-mutations.ts";
import { platformMutations } from "./platform-mutations.ts";
import { processMutations } from "./process-mutations.ts";
import { queries } from "./queries.ts";
import type { GraphRequest } from "./request.ts";
import { returnMutations } from "./return-mutations.ts";
import { schemaOf } from "./schema.ts";

const root = {
  ...{ ...queries, ...bulkQueries },
  ...{ ...returnMutations, ...processMutations, ...moneyMutations, ...platformMutations, ...bulkMutations },
};
const rateLimitsPage = "https://shopify.dev/api/usage/rate-limits";

export interface GraphAnswer {
  data?: unknown;
  errors?: unknown[];
  extensions?: { cost: { requestedQueryCost: number; actualQueryCost: number | null; throttleStatus: ThrottleStatus } };
}

export interface GraphAsk {
  query: unknown;
  variables?: Record<string, unknown>;
  operationName?: string;
}

/** Answers one GraphQL request as the Admin API does: always with HTTP 200, its troubles in `errors`. */
export async function answerGraph(
  ask: GraphAsk,
  request: GraphRequest,
  { bucket, isThrottled }: { bucket: Bucket; isThrottled: boolean },
): Promise<{ answer: GraphAnswer; name: string }> {
  const schema = schemaOf(request.version);
  const document = readDocument(ask.query, request.version);
  if ("faults" in document) return { answer: { errors: document.faults }, name: "invalid" };
  const operation = getOperationAST(document, ask.operationName);
  if (!operation) return { answer: { errors: [{ message: "Say which operation to run." }] }, name: "invalid" };
  const name = operation.name?.value ?? operation.operation;

  const question = { schema, document, operation, variables: ask.variables ?? {} };
  const { cost, problems } = requestedCost(question);
  const status = () => bucket.status(request.view.shop.plan, request.view.now.getTime());
  const costs = (actual: number | null) => ({
    cost: { requestedQueryCost: cost, actualQueryCost: actual, throttleStatus: status() },
  });
  if (problems.length > 0) {
    return { answer: { errors: problems.map((message) => ({ message, extensions: { code: "BAD_REQUEST" } })) }, name };
  }
  if (cost > costAtMost) {
    const extensions = { code: "MAX_COST_EXCEEDED", cost, maxCost: costAtMost, documentation: rateLimitsPage };
    return {
      answer: { errors: [{ message: `The query costs ${cost}, at most ${costAtMost} is allowed.`, extensions }] },
      name,
    };
  }
  if (isThrottled || status().currentlyAvailable < cost) {
    const error = { message: "Throttled", extensions: { code: "THROTTLED", documentation: rateLimitsPage } };
    return { answer: { errors: [error], extensions: costs(null) }, name };
  }
  // All that was asked for is held until it is known what it took.
  bucket.take(cost);
  const result = await execute({
    schema,
    document,
    operationName: ask.operationName,
    variableValues: ask.variables,
    rootValue: root,
    contextValue: request,
    fieldResolver: guarded,
  });
  const actual = actualCost(question, result.data);
  bucket.take(actual - cost);
  const answer: GraphAnswer = {
    ...result,
    errors: result.errors?.map((error) => error.toJSON()),
    extensions: costs(actual),
  };
  return { answer, name };
}
