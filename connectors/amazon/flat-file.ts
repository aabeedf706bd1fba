import { parse } from "csv-parse/sync";

/** One row, by the column names of its header in lower case; blank cells are left out. */
export type Cells = Readonly<Record<string, string>>;

/**
 * The rows of a tab-separated file, one by one. Quotes are literal, so that an inch mark never swallows the rows after it;
 * a cell that is quoted as a whole is unwrapped. `from` leaves out so many rows, at less cost than reading them. Columns are found by name whatever their order, case and spacing.
 */
export async function* rowsOf(
  pieces: AsyncIterable<string>,
  { from = 0 }: { from?: number } = {},
): AsyncGenerator<Cells> {
  let header: readonly string[] | undefined;
  let index = 0;
  for await (const lines of wholeLines(pieces)) {
    for (const cells of recordsOf(lines)) {
      if (header && index++ < from) continue;
      if (header) yield named(header, cells);
      else header = cells.map((name) => name.trim().replace(/\s+/g, " ").toLowerCase());
    }
  }
}

function recordsOf(lines: string): string[][] {
  return parse(lines, {
    delimiter: "\t",
    quote: false,
    record_delimiter: ["\r\n", "\n", "\r"],
    relax_column_count: true,
    skip_empty_lines: true,
  });
}

/** Cuts at ends of lines, because no cell holds one. */
async function* wholeLines(pieces: AsyncIterable<string>): AsyncGenerator<string> {
  let rest = "";
  for await (const piece of pieces) {
    const text = rest + piece;
    const end = text.lastIndexOf("\n") + 1;
    rest = text.slice(end);
    if (end > 0) yield text.slice(0, end);
  }
  if (rest !== "") yield rest;
}

function named(header: readonly string[], cells: readonly string[]): Cells {
  const row: Record<string, string> = Object.create(null);
  for (const [index, name] of header.entries()) {
    const value = unwrapped(cells[index]?.trim() ?? "");
    if (value !== "") row[name] = value;
  }
  return row;
}

function unwrapped(cell: string): string {
  const isWhole = cell.length >= 2 && cell.startsWith('"') && cell.endsWith('"');
  return isWhole ? cell.slice(1, -1).replaceAll('""', '"').trim() : cell;
}
