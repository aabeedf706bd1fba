import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { actionsTable, waysInTable } from "./generate-channels.ts";
import { writeEventSchemas } from "./generate-event-schemas.ts";
import { eventsList } from "./generate-events.ts";
import { writeOpenApi } from "./generate-openapi.ts";
import { elsewhereTable, itemsTable, personsTable } from "./generate-retention.ts";
import { stateGraph, statesTable } from "./generate-states.ts";

// `node docs/generate.ts` writes the parts of these pages that follow from the code; docs/generated.test.ts checks them.

/** The generated parts, by page and by the name that stands in the page's markers. */
const pages: Readonly<Record<string, Readonly<Record<string, () => string>>>> = {
  "events.md": { events: eventsList },
  "states.md": { graph: stateGraph, states: statesTable },
  "retention.md": { persons: personsTable, items: itemsTable, elsewhere: elsewhereTable },
  "channels.md": { "ways in": waysInTable, actions: actionsTable },
};

export const pageNames = Object.keys(pages);
export const readPage = (name: string): string => readFileSync(join(import.meta.dirname, name), "utf8");

/** The page with its generated parts as the code has them now. @throws Error when the page lacks the markers of a part. */
export function renewed(name: string): string {
  return Object.entries(pages[name] ?? {}).reduce((page, [part, write]) => {
    const [open, close] = [`<!-- generated: ${part} -->\n`, `<!-- end: ${part} -->`];
    const [start, end] = [page.indexOf(open), page.indexOf(close)];
    if (start < 0 || end < start) throw new Error(`docs/${name} has no place for its part "${part}".`);
    return `${page.slice(0, start)}${open}\n${write()}\n\n${page.slice(end)}`;
  }, readPage(name));
}

if (import.meta.main) {
  for (const name of pageNames) writeFileSync(join(import.meta.dirname, name), renewed(name));
  writeOpenApi();
  writeEventSchemas();
}
