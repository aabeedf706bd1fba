import { readFileSync } from "node:fs";
import { buildASTSchema, GraphQLError, GraphQLScalarType, type GraphQLSchema, Kind, parse, visit } from "graphql";
import { arrivals, type Version } from "./versions.ts";

const source = ["admin-2026-10.graphql", "bulk-operations-2026-10.graphql"]
  .map((file) => readFileSync(new URL(`../schema/${file}`, import.meta.url), "utf8"))
  .join("\n");
const built = new Map<Version, GraphQLSchema>();

/** The type list as this version had it, with scalars that refuse what the real ones refuse. */
export function schemaOf(version: Version): GraphQLSchema {
  const known = built.get(version);
  if (known !== undefined) return known;
  const schema = buildASTSchema(withoutLaterArrivals(version));
  for (const [name, isValid] of Object.entries(scalars)) strict(schema, name, isValid);
  built.set(version, schema);
  return schema;
}

function withoutLaterArrivals(version: Version) {
  const isLater = (parent: string, name: string) => (arrivals[`${parent}.${name}`] ?? "") > version;
  return visit(parse(source), {
    ObjectTypeDefinition: (node) => ({
      ...node,
      fields: node.fields?.filter((field) => !isLater(node.name.value, field.name.value)),
    }),
    InputObjectTypeDefinition: (node) => ({
      ...node,
      fields: node.fields?.filter((field) => !isLater(node.name.value, field.name.value)),
    }),
    EnumTypeDefinition: (node) => ({
      ...node,
      values: node.values?.filter((value) => !isLater(node.name.value, value.name.value)),
    }),
  });
}

const scalars: Record<string, (text: string) => boolean> = {
  Date: (text) => /^\d{4}-\d\d-\d\d$/.test(text),
  DateTime: (text) => /^\d{4}-\d\d-\d\dT/.test(text) && !Number.isNaN(Date.parse(text)),
  Decimal: (text) => /^-?\d+(\.\d+)?$/.test(text),
  Money: (text) => /^-?\d+(\.\d+)?$/.test(text),
  URL: (text) => URL.canParse(text),
  UnsignedInt64: (text) => /^\d+$/.test(text),
};

function strict(schema: GraphQLSchema, name: string, isValid: (text: string) => boolean): void {
  const scalar = schema.getType(name);
  if (!(scalar instanceof GraphQLScalarType)) return;
  const accept = (value: unknown) => {
    const text = typeof value === "number" ? String(value) : value;
    if (typeof text !== "string" || !isValid(text))
      throw new GraphQLError(`This is no ${name}: ${JSON.stringify(value)}`);
    return text;
  };
  scalar.parseValue = accept;
  scalar.parseLiteral = (node) => {
    const isText = node.kind === Kind.STRING || node.kind === Kind.INT || node.kind === Kind.FLOAT;
    return accept(isText ? node.value : undefined);
  };
}
