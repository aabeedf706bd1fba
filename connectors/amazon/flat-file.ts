import { parse } from "csv-parse/sync";

/** One row, by the column names of its header in lower case; blank cells are left out. */
export type Cells = Readonly<Record<string, string>>;

/**
 * The rows of a tab-separated file, one by one. Quotes are literal, so that an inch mark never swallows the rows after it;
 * a cell that is quoted as a whole is unwrapped. Columns are found by name whatever their order, case and spacing. `from`
 * leaves out so many rows, which are counted and not read.
 */
export async function* rowsOf(
  pieces: AsyncIterable<string>,
  { from = 0 }: { from?: number } = {},
): AsyncGenerator<Cells> {
  let header: readonly string[] | undefined;
  let left = from;
  for await (const lines of wholeLines(pieces)) {
    let start = 0;
    if (!header) {
      const first = skipped(lines, 0, 1);
      if (first.left > 0) continue;
      const [cells = []] = recordsOf(lines.slice(0, first.at));
      header = cells.map((name) => name.trim().replace(/\s+/g, " ").toLowerCase());
      start = first.at;
    }
    const next = skipped(lines, start, left);
    left = next.left;
    for (const cells of recordsOf(lines.slice(next.at))) yield named(header, cells);
  }
}

/** Where the text goes on after so many lines that are not blank, and how many of them it lacks. */
function skipped(text: string, from: number, count: number): { at: number; left: number } {
  let at = from;
  let left = count;
  while (left > 0 && at < text.length) {
    const end = text.indexOf("\n", at);
    const next = end === -1 ? text.length : end + 1;
    const isBlank = end === at || (end === at + 1 && text[at] === "\r");
    if (!isBlank) left -= 1;
    at = next;
  }
  return { at, left };
}

function recordsOf(lines: string): string[][] {
  return parse(lines, {
    delimiter: "\t",
    quote: false,
    record_delimiter: ["\r\n", "\n"],
    relax_column_count: true,
    skip_empty_lines: true,
  });
}

/** Cuts at ends of lines, because no cell holds one. */
async function* wholeLines(pieces: AsyncIterable<string>): AsyncGenerator<string> {
  let rest = "";
  for await (const piece of pieces) {
    const end = piece.lastIndexOf("\n") + 1;
    if (end === 0) {
      rest += piece;
      continue;
    }
    yield rest + piece.slice(0, end);
    rest = piece.slice(end);
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
