import { Validator } from "@seriousme/openapi-schema-validator";
import { expect, it } from "vitest";
import { routeNames, routes } from "#shared/api/routes.ts";
import { readOpenApi, renewedOpenApi } from "./generate-openapi.ts";

interface Operation {
  operationId: string;
  summary: string;
  responses: Record<string, unknown>;
  "x-casebridge-role": string;
}
const document = JSON.parse(readOpenApi()) as { paths: Record<string, Record<string, Operation>>; components: object };
const operations = Object.values(document.paths).flatMap((each) => Object.values(each));

it("openapi.json says what the code says; else run `node docs/generate.ts`", () => {
  expect(readOpenApi()).toBe(renewedOpenApi());
});

it("openapi.json is an OpenAPI 3.1 document", async () => {
  const validator = new Validator();
  const { valid, errors } = await validator.validate(JSON.parse(readOpenApi()));
  expect([valid, errors]).toEqual([true, undefined]);
  expect(validator.version).toBe("3.1");
});

it("openapi.json has every operation, its role, and the answers that any request may get", () => {
  expect(operations.map((each) => [each.operationId, each["x-casebridge-role"]])).toEqual(
    expect.arrayContaining(routeNames.map((name) => [name, routes[name].role])),
  );
  expect(operations).toHaveLength(routeNames.length);
  for (const { responses } of operations) {
    expect(Object.keys(responses)).toEqual(expect.arrayContaining(["200", "400", "401", "403", "500", "503"]));
  }
});

it("openapi.json refers to nothing that it lacks", () => {
  const names = Object.keys((document.components as { schemas: object }).schemas);
  const referred = [...readOpenApi().matchAll(/"\$ref": "#\/components\/schemas\/(\w+)"/g)].map(([, name]) => name);
  expect(referred.length).toBeGreaterThan(20);
  expect(referred.filter((name) => !names.includes(String(name)))).toEqual([]);
  expect(readOpenApi()).not.toContain("#/$defs");
});

it("openapi.json has no field for a tenant in any request", () => {
  for (const operation of operations) {
    const { parameters = [], requestBody = {} } = operation as { parameters?: object[]; requestBody?: object };
    expect(JSON.stringify([parameters, requestBody]), operation.operationId).not.toMatch(/tenant/i);
  }
});
