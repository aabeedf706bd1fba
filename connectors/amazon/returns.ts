import type { Notice } from "#shared/case/notice.ts";
import type { Json } from "#shared/json.ts";
import { returnCaseId, shortHash } from "./case-id.ts";
import type { AmazonWorld } from "./client.ts";
import { type ReturnRow, returnRowOf } from "./columns.ts";
import { type Cells, rowsOf } from "./flat-file.ts";
import { type PageAsked, type PageRead, reportFeed } from "./report-cycle.ts";
import { returnsOf } from "./xml-report.ts";

const hourMs = 3_600_000;
const reportTypes = {
  flat: "GET_FLAT_FILE_RETURNS_DATA_BY_RETURN_DATE",
  xml: "GET_XML_RETURNS_DATA_BY_RETURN_DATE",
} as const;
/** Entries of a page: large, because each page reads the document from its start. */
const pageEntries = 2000;
/** The model's limit of lines in a case. */
const mostRows = 250;

/**
 * Returns of seller-fulfilled orders. A row is chosen by the day of its request, so what happens to it later changes an old
 * row: the last three days are read again and again, and all of the 60 days that a report may cover each night.
 * Source: developer-docs.amazon.com/sp-api/docs/returns-reports-attributes, read 2026-11-25.
 */
export const returns = reportFeed({
  reportType: ({ returnsReport = "flat" }) => reportTypes[returnsReport],
  everyMs: hourMs / 3,
  // An hour less than 60 days, so that no window is too long by the time it is looked at.
  longDays: 60 - 1 / 24,
  longEveryMs: 24 * hourMs,
  shortDays: 3,
  read: readReturns,
});

interface Group {
  key: string;
  orderId: string;
  rmaId?: string;
  rows: ReturnRow["row"][];
}

/** One page: whole RMAs only, because the flat file repeats the RMA on the row of each of its items. */
export async function readReturns(
  pieces: AsyncIterable<string>,
  { world, market, offset }: PageAsked,
): Promise<PageRead> {
  const source = world.credentials.returnsReport ?? "flat";
  const notices: Notice[] = [];
  const rejected: { why: string; record: string }[] = [];
  let group: Group | undefined;
  const finish = () => {
    if (group) notices.push(noticeOf(group, { world, market, source }));
    group = undefined;
  };
  let index = source === "xml" ? 0 : offset;
  for await (const entry of source === "xml" ? returnsOf(pieces) : single(rowsOf(pieces, { from: offset }))) {
    const at = index++;
    if (at < offset) continue;
    for (const cells of entry) {
      const read = returnRowOf(cells);
      if (!read) {
        rejected.push({ why: "no order, no request date, or a cell of another form", record: JSON.stringify(cells) });
        continue;
      }
      const key = returnCaseId(read.orderId, read.rmaId, {
        sku: text(read.row.sku),
        requestDate: `${read.row.requestDate}`,
      });
      if (group?.key === key) {
        if (group.rows.length < mostRows) group.rows.push(read.row);
        continue;
      }
      finish();
      if (at - offset >= pageEntries) return { notices, rejected, next: at };
      group = { key, orderId: read.orderId, rows: [read.row], ...(read.rmaId !== undefined && { rmaId: read.rmaId }) };
    }
  }
  finish();
  return { notices, rejected, next: undefined };
}

async function* single(rows: AsyncIterable<Cells>): AsyncGenerator<Cells[]> {
  for await (const cells of rows) yield [cells];
}

function noticeOf(
  { key, orderId, rmaId, rows }: Group,
  { world, market, source }: { world: AmazonWorld; market: string | undefined; source: string },
): Notice {
  const payload: Json = {
    kind: "return",
    orderId,
    ...(rmaId !== undefined && { rmaId }),
    ...(market !== undefined && { market }),
    source,
    rows,
  };
  return {
    channel: "amazon",
    shopId: world.shopId,
    subject: { kind: "case", channelCaseId: key as ReturnType<typeof returnCaseId> },
    topic: `report.returns.${source}`,
    noticeId: `${key}:${shortHash(JSON.stringify(payload))}`,
    opens: false,
    via: "poll",
    payload,
  };
}

function text(value: Json | undefined): string | undefined {
  return typeof value === "string" ? value : undefined;
}
