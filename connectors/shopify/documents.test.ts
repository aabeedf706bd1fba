import { existsSync, readFileSync } from "node:fs";
import { buildSchema, type GraphQLSchema, parse, validate, visit } from "graphql";
import { describe, expect, it } from "vitest";
import { pinnedVersion } from "./defaults.ts";
import * as documents from "./documents.ts";

const extract = new URL("../../../shared/channels/samples/shopify/admin-2026-10-extract.graphql", import.meta.url);

// The extract has no bulk operations; they are of the same origin, and stand with the simulator.
const bulk = new URL("../../local/marketplaces/shopify/schema/bulk-operations-2026-10.graphql", import.meta.url);
const simulated = new URL("admin-2026-10.graphql", bulk);

let built: GraphQLSchema | undefined;
const schemaFrom = (types: URL) => buildSchema(`${readFileSync(types, "utf8")}\n${readFileSync(bulk, "utf8")}`);
const schema = () => (built ??= schemaFrom(extract));
const sheet = new URL("graphql-documents.graphql", extract);

function fieldsOf(text: string): string[] {
  const names: string[] = [];
  visit(parse(text), { Field: ({ name }) => void names.push(name.value) });
  return names;
}

describe("documents", () => {
  it.each(Object.entries(documents))("%s is one operation and asks for nothing about a person", (_, text) => {
    expect(parse(text).definitions).toHaveLength(1);
    const ofPersons = /email|phone|address|customer|firstName|lastName|displayName|note|zip/i;
    expect(fieldsOf(text).filter((name) => ofPersons.test(name))).toEqual([]);
  });

  it("are all valid by the type list that the simulator has", () => {
    const types = schemaFrom(simulated);
    const faults = Object.values(documents).flatMap((text) => validate(types, parse(text)));
    expect(faults.map(({ message }) => message)).toEqual([]);
  });

  it.skipIf(!existsSync(sheet))("those of the sheet are valid too (skipped where it is not checked out)", () => {
    const given = parse(readFileSync(sheet, "utf8"));
    expect(given.definitions.length).toBeGreaterThan(10);
    expect(validate(schema(), given).map(({ message }) => message)).toEqual([]);
  });

  it.skipIf(!existsSync(extract)).each(Object.entries(documents))(
    `%s is valid in version ${pinnedVersion} (skipped where the schema extract is not checked out)`,
    (_, text) => {
      expect(validate(schema(), parse(text)).map(({ message }) => message)).toEqual([]);
    },
  );
});
