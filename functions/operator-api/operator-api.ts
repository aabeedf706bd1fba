import { documentOf, isProblem, type Problem } from "#shared/api/problem.ts";
import { includesRole } from "#shared/api/role.ts";
import { type ApiRoute, routeNamed, routes } from "#shared/api/routes.ts";
import { isSuiteError } from "#shared/errors.ts";
import type { ApiAnswer, ApiCall } from "#shared/lambda/on-api.ts";
import { type LogFields, log } from "#shared/log.ts";
import { type ClaimNames, operatorOf } from "./operator.ts";
import { readRequest } from "./read-request.ts";
import { type Deps, work } from "./works.ts";

/**
 * Answers an operator: who is it, may that role do this, is the request in its form, then the work itself. The order
 * matters: who may not do something learns nothing about the thing.
 * @throws whatever is our own fault
 */
export async function operatorApi(call: ApiCall, deps: Deps & { claimNames: ClaimNames }): Promise<ApiAnswer> {
  const name = routeNamed(call.routeKey);
  if (!name) return answerOf({ problem: "not_found" });
  const operator = operatorOf(call.claims, deps.claimNames);
  if (!operator) return refused({ problem: "token_unusable" }, { operation: name });
  const place = { operation: name, ...operator };
  const route: ApiRoute = routes[name];
  if (!includesRole(operator.role, route.role)) return refused({ problem: "role_missing" }, place);
  const read = readRequest(route, call);
  if (isProblem(read)) return refused(read, place);
  const answer = await work(name, { operator, request: read.request, deps }).catch(explained);
  if (isProblem(answer)) return refused(answer, place);
  if (route.role !== "viewer") log.info("operator", place);
  // Strict schemas: a field that nobody meant to give fails here and does not leave.
  return answerOf(route.answer.parse(answer));
}

/** Faults that an operator can understand. The rest is ours and goes on. */
function explained(fault: unknown): Problem {
  if (isSuiteError(fault, "case_not_found") || isSuiteError(fault, "shop_unknown")) return { problem: "not_found" };
  if (isSuiteError(fault, "case_changed")) return { problem: "version_moved" };
  if (isSuiteError(fault, "store_unavailable")) return { problem: "unavailable" };
  throw fault;
}

function refused(problem: Problem, place: LogFields): ApiAnswer {
  log.info("operator refused", { ...place, code: problem.problem, reason: problem.reason });
  return answerOf(problem);
}

function answerOf(answer: object): ApiAnswer {
  if (!isProblem(answer)) return { status: 200, contentType: "application/json", body: answer };
  const body = documentOf(answer);
  return { status: body.status, contentType: "application/problem+json", body };
}
