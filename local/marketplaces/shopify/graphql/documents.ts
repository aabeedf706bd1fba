import { type DocumentNode, GraphQLError, parse, validate } from "graphql";
import { schemaOf } from "./schema.ts";
import type { Version } from "./versions.ts";

/** Clients send the same few texts again and again; checking them is the dearest part of an answer. */
const remembered = new Map<string, DocumentNode>();
const rememberAtMost = 200;

/** The document, if this version's type list allows it; otherwise what is wrong with it. */
export function readDocument(query: unknown, version: Version): DocumentNode | { faults: unknown[] } {
  if (typeof query !== "string" || query.trim() === "") return { faults: [{ message: "The query is missing." }] };
  const key = `${version}\n${query}`;
  const known = remembered.get(key);
  if (known !== undefined) return known;
  let document: DocumentNode;
  try {
    document = parse(query);
  } catch (error) {
    if (error instanceof GraphQLError) return { faults: [error.toJSON()] };
    throw error;
  }
  const faults = validate(schemaOf(version), document);
  if (faults.length > 0) return { faults: faults.map((fault) => fault.toJSON()) };
  if (remembered.size >= rememberAtMost) remembered.clear();
  remembered.set(key, document);
  return document;
}
