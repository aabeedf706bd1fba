import { XMLParser } from "fast-xml-parser";
import * as z from "zod";
import type { Cells } from "./flat-file.ts";

const parser = new XMLParser({
  parseTagValue: false,
  trimValues: true,
  // No document type is expected, so no entity of its own is expanded.
  processEntities: true,
  isArray: (name) => name === "item_details",
});
const open = "<return_details";
const close = "</return_details>";

const leaf = z.string().optional().catch(undefined);
const returnSchema = z.object({
  return_details: z.looseObject({
    item_details: z.array(z.looseObject({})),
    label_details: z.looseObject({}).optional().catch(undefined),
  }),
});

/**
 * The returns of the XML report, one element after the other, so that the document is never held whole. Each gives as many
 * rows as it has items, with the element names as column names.
 */
export async function* returnsOf(pieces: AsyncIterable<string>): AsyncGenerator<Cells[]> {
  let rest = "";
  for await (const piece of pieces) {
    rest += piece;
    for (let end = rest.indexOf(close); end !== -1; end = rest.indexOf(close)) {
      const start = rest.indexOf(open);
      const element = rest.slice(Math.max(0, start), end + close.length);
      rest = rest.slice(end + close.length);
      if (start !== -1 && start < end) yield rowsOfReturn(element);
    }
  }
}

function rowsOfReturn(element: string): Cells[] {
  const parsed = returnSchema.safeParse(parser.parse(element)).data?.return_details;
  if (!parsed) return [{}];
  const { item_details: items, label_details: label, ...own } = parsed;
  return items.map((item) => ({ ...leaves(own), ...leaves(label ?? {}), ...leaves(item) }));
}

function leaves(element: Readonly<Record<string, unknown>>): Cells {
  return Object.fromEntries(
    Object.entries(element).flatMap(([name, value]) => {
      const text = leaf.parse(value)?.trim();
      return text ? [[name, text]] : [];
    }),
  );
}
