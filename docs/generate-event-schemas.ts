import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import * as z from "zod";
import { detailSchema, eventNames } from "#shared/events/case-events.ts";

// `node docs/generate.ts` writes docs/events.schema.json; docs/event-schemas.test.ts checks it.

const page = join(import.meta.dirname, "events.schema.json");

/** JSON Schema of the `detail` of every event, by the event's name, for subscribers in any language. */
export function eventSchemas(): string {
  const schemaOf = (name: (typeof eventNames)[number]) => {
    const { $schema: _, ...schema } = z.toJSONSchema(detailSchema(name), { unrepresentable: "any" });
    return [name, schema] as const;
  };
  const whole = {
    $schema: "https://json-schema.org/draft/2020-12/schema",
    title: "Casebridge events",
    description: "The detail of each event on the bus, by its detail-type. Written by docs/generate.ts.",
    $defs: Object.fromEntries(eventNames.map(schemaOf)),
  };
  return `${JSON.stringify(whole, null, 2)}\n`;
}

export const readEventSchemas = (): string => readFileSync(page, "utf8");

export const writeEventSchemas = (): void => writeFileSync(page, eventSchemas());
