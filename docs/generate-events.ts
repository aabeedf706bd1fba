import * as z from "zod";
import { actionSchema, commandArgsSchema } from "#shared/case/command.ts";
import { deadlineKindSchema, deadlineSourceSchema, onExpirySchema } from "#shared/case/deadline.ts";
import { moneySchema } from "#shared/case/money.ts";
import { type NewsName, type NewsOf, newsData, newsNames } from "#shared/case/news.ts";
import { heldStateSchema } from "#shared/case/states.ts";
import * as words from "#shared/case/vocabulary.ts";
import { detailSchema } from "#shared/events/case-events.ts";
import { eventExamples } from "./event-examples.ts";

type JsonSchema = z.core.JSONSchema.BaseSchema;
const schemaOf = (schema: z.ZodType) => z.toJSONSchema(schema, { unrepresentable: "any" }) as JsonSchema;

/** Forms that come back again and again, by the name they have in the glossary. */
const named: Readonly<Record<string, z.ZodType>> = {
  state: heldStateSchema,
  type: words.caseTypeSchema,
  outcome: words.outcomeSchema,
  "waiting on": words.waitingOnSchema,
  goods: words.goodsStatusSchema,
  refund: words.refundStatusSchema,
  dispute: words.disputeStatusSchema,
  action: actionSchema,
  "deadline kind": deadlineKindSchema,
  "on expiry": onExpirySchema,
  rung: newsData["deadline.approaching"].shape.rung,
  money: moneySchema,
  "deadline source": deadlineSourceSchema,
  arguments: commandArgsSchema,
};
const nameOf = new Map(Object.entries(named).map(([name, schema]) => [key(schemaOf(schema)), name]));

/** Every event: when it is put, its data, an example. */
export function eventsList(): string {
  return newsNames.map(section).join("\n\n");
}

function section<N extends NewsName>(name: N): string {
  const { when, data } = eventExamples[name];
  const detail = schemaOf(detailSchema(name));
  const form = detail.properties?.data as JsonSchema;
  const rows = Object.entries(form.properties ?? {}).map(([field, schema]) => {
    const isGiven = form.required?.includes(field) ? "always" : "if known";
    return `| \`${field}\` | ${typeOf(schema as JsonSchema)} | ${isGiven} |`;
  });
  const example = JSON.stringify(data satisfies NewsOf<N>["data"]);
  return [
    `### \`${name}\``,
    when,
    ["| in `data` | form | |", "|---|---|---|", ...rows].join("\n"),
    `\`\`\`json\n${example}\n\`\`\``,
  ].join("\n\n");
}

function typeOf(schema: JsonSchema): string {
  const name = nameOf.get(key(schema));
  if (name) return name;
  const options = schema.anyOf ?? schema.oneOf;
  if (options) return options.map((each) => typeOf(each as JsonSchema)).join(" or ");
  if (schema.const !== undefined) return `\`${schema.const}\``;
  if (schema.enum) return schema.enum.map((each) => `\`${each}\``).join(" or ");
  if (schema.type === "array") return `list of ${typeOf(schema.items as JsonSchema)}`;
  if (schema.type === "boolean") return "true or false";
  if (schema.type === "integer") return "whole number";
  return schema.format === "date-time" ? "instant" : "text";
}

function key({ $schema: _, ...schema }: JsonSchema): string {
  return JSON.stringify(schema);
}
