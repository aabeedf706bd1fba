import * as z from "zod";
import { warehouseSchema } from "#shared/case/address-book.ts";
import { addressRulesSchema } from "#shared/case/address-rules.ts";
import { caseSchema } from "#shared/case/case.ts";
import { moneySchema } from "#shared/case/money.ts";
import { newsSchema } from "#shared/case/news.ts";
import * as forms from "./forms.ts";
import { type ProblemCode, problemSchema, problems } from "./problem.ts";
import { type ApiRoute, keyOf, type RouteName, routeNames, routes } from "./routes.ts";

type Json = { [key: string]: unknown };

/** Parts that stand once under their name, and are referred to. */
const named: Readonly<Record<string, z.ZodType>> = {
  Money: moneySchema,
  Facts: caseSchema.shape.facts,
  News: newsSchema,
  WorklistRow: forms.worklistRowForm,
  Shop: forms.shopForm,
  Warehouse: warehouseSchema,
  AddressRules: addressRulesSchema,
  Problem: problemSchema,
};

/** What any request may be answered with beside its own problems. */
const always: readonly ProblemCode[] = ["request_invalid", "token_unusable", "role_missing", "failed", "unavailable"];
const withBody: readonly ProblemCode[] = ["body_too_large", "media_unsupported"];

/** The OpenAPI 3.1 document of the operator API, from the same schemas that check its requests and answers. */
export function openApiDocument(): Json {
  const registry = z.registry<{ id: string }>();
  for (const [id, schema] of Object.entries(named)) registry.add(schema, { id });
  const uri = (id: string) => `#/components/schemas/${id}`;
  const schemaOf = (schema: z.ZodType, io: "input" | "output"): Json => {
    const id = registry.get(schema)?.id;
    return id
      ? { $ref: uri(id) }
      : referring(z.toJSONSchema(schema, { metadata: registry, io, reused: "inline" }), uri);
  };
  const components = Object.fromEntries(
    Object.entries(z.toJSONSchema(registry, { uri, io: "output" }).schemas).map(([id, schema]) => [id, bare(schema)]),
  );

  const paths: Record<string, Json> = {};
  for (const name of routeNames) {
    const { path, method } = routes[name];
    paths[path] = { ...paths[path], [method.toLowerCase()]: operation(name, schemaOf) };
  }
  return {
    openapi: "3.1.0",
    info: {
      title: "Casebridge operator API",
      version: "1",
      description:
        "Reads and answers after-sales cases. The tenant and the role are in the token; a thing of another tenant is answered as one that does not exist. Errors of the API are `application/problem+json`; a missing or unusable token is answered by the gateway, with 401 and no code.",
      license: { name: "Apache-2.0", identifier: "Apache-2.0" },
    },
    servers: [{ url: "/" }],
    security: [{ token: [] }],
    paths,
    components: {
      schemas: components,
      securitySchemes: { token: { type: "http", scheme: "bearer", bearerFormat: "JWT" } },
    },
  };
}

function operation(name: RouteName, schemaOf: (schema: z.ZodType, io: "input" | "output") => Json): Json {
  const route: ApiRoute = routes[name];
  const parameters = [
    ...Object.entries(route.params.shape).map(([at, schema]) => ({ in: "path", name: at, required: true, schema })),
    ...Object.entries(route.query.shape).map(([at, schema]) => ({
      in: "query",
      name: at,
      required: !schema.safeParse(undefined).success,
      schema,
    })),
  ].map((each) => {
    const { description, ...schema } = schemaOf(each.schema, "input");
    return { ...each, ...(description ? { description } : {}), schema };
  });
  const codes = [...always, ...route.problems, ...(route.body ? withBody : [])];
  const byStatus = Map.groupBy(codes, (code) => problems[code].status);
  return {
    operationId: name,
    summary: route.says,
    description: `Role: ${route.role} or more.`,
    ...(parameters.length > 0 && { parameters }),
    ...(route.body && {
      requestBody: { required: true, content: { "application/json": { schema: schemaOf(route.body, "input") } } },
    }),
    responses: {
      200: { description: "Done", content: { "application/json": { schema: schemaOf(route.answer, "output") } } },
      401: { description: "No token, or one that is not usable here. Answered by the gateway." },
      ...Object.fromEntries(
        [...byStatus].map(([status, said]) => [
          status,
          {
            description: said.map((code) => `\`${code}\`: ${problems[code].title}`).join("\n\n"),
            content: { "application/problem+json": { schema: schemaOf(problemSchema, "output") } },
          },
        ]),
      ),
    },
    "x-casebridge-role": route.role,
    "x-casebridge-route": keyOf(route),
  };
}

/** Leaves out what zod adds for a document of its own. */
function bare(schema: object): Json {
  const { $schema, $id, id, ...rest } = schema as Json;
  return rest;
}

/** Points to the components where zod has put a definition into the schema itself. */
function referring(schema: object, uri: (id: string) => string): Json {
  const { $defs, ...rest } = bare(schema);
  return JSON.parse(JSON.stringify(rest).replaceAll(/"#\/\$defs\/(\w+)"/g, (_, id: string) => JSON.stringify(uri(id))));
}
