import { GraphQLError, type GraphQLFieldResolver, isNonNullType } from "graphql";
import { idempotencyKey } from "./directives.ts";
import type { GraphRequest } from "./request.ts";
import { fieldScopes, isGranted, protectedFields } from "./scopes.ts";

const accessScopesPage = "https://shopify.dev/api/usage/access-scopes";

/** Resolves a field of a view, after asking whether this app may see it. */
export const guarded: GraphQLFieldResolver<unknown, GraphRequest> = (source, args, request, info) => {
  const field = `${info.parentType.name}.${info.fieldName}`;
  const missing = (fieldScopes[field] ?? []).filter((scope) => !isGranted(request.view.shop.scopes, scope));
  if (missing.length > 0) {
    throw new GraphQLError(`Access denied for ${info.fieldName} field. Required access: ${missing.join(", ")}.`, {
      extensions: { code: "ACCESS_DENIED", documentation: accessScopesPage, requiredAccess: missing.join(", ") },
    });
  }
  if (protectedFields.has(field) && !request.view.shop.mayReadPersonalData) {
    throw new GraphQLError(`This app is not approved to use the ${info.fieldName} field.`, {
      extensions: { code: "ACCESS_DENIED" },
    });
  }
  if (info.parentType.name === "Mutation") idempotencyKey(info);
  const value = (source as Record<string, unknown>)[info.fieldName];
  const resolved = typeof value === "function" ? value(args, request, info) : value;
  if (resolved === undefined && isNonNullType(info.returnType)) {
    throw new GraphQLError(`The simulator does not know ${field}.`, { extensions: { code: "INTERNAL_SERVER_ERROR" } });
  }
  return resolved;
};
