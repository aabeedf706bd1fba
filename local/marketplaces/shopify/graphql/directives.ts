import { GraphQLError, type GraphQLResolveInfo, getDirectiveValues } from "graphql";

/** Mutations of this type list that accept `@idempotent`. */
const acceptsIdempotent = new Set(["refundCreate"]);

/** The key given on this mutation field, or undefined. @throws when the key is blank or the field takes none. */
export function idempotencyKey(info: GraphQLResolveInfo): string | undefined {
  const directive = info.schema.getDirective("idempotent");
  const node = info.fieldNodes[0];
  if (!directive || node === undefined) return undefined;
  const values = getDirectiveValues(directive, node, info.variableValues);
  if (values === undefined) return undefined;
  if (!acceptsIdempotent.has(info.fieldName)) {
    throw new GraphQLError(`@idempotent is not for ${info.fieldName}.`, { extensions: { code: "BAD_REQUEST" } });
  }
  const key = String(values.key);
  if (key.trim() === "") {
    throw new GraphQLError("The idempotency key must not be blank.", { extensions: { code: "BAD_REQUEST" } });
  }
  return key;
}
