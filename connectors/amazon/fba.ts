import type { Notice } from "#shared/case/notice.ts";
import type { Json } from "#shared/json.ts";
import { fbaCaseId, shortHash } from "./case-id.ts";
import type { AmazonWorld } from "./client.ts";
import { type Cells, rowsOf } from "./flat-file.ts";
import { type PageAsked, type PageRead, reportFeed } from "./report-cycle.ts";

const dayMs = 86_400_000;
const pageRows = 2000;
const daily = { everyMs: dayMs, longDays: 30, longEveryMs: 7 * dayMs, shortDays: 3 };

/**
 * Returns to a fulfilment centre, and what Amazon pays back for units it lost or damaged. Made anew once a day; Amazon
 * decides on all of it, so these facts are only kept. The buyer's comments are left unread.
 * Source: developer-docs.amazon.com/sp-api/docs/fba-sales-reports-attributes and the payments page, read 2026-11-25.
 */
export const fbaReturns = reportFeed({
  ...daily,
  reportType: () => "GET_FBA_FULFILLMENT_CUSTOMER_RETURNS_DATA",
  read: (pieces, asked) => readRows(pieces, asked, returnNotice),
});

export const fbaReimbursements = reportFeed({
  ...daily,
  reportType: () => "GET_FBA_REIMBURSEMENTS_DATA",
  read: (pieces, asked) => readRows(pieces, asked, reimbursementNotice),
});

type ToNotice = (cells: Cells, world: AmazonWorld, market: string | undefined) => Notice | "nothing" | undefined;

async function readRows(pieces: AsyncIterable<string>, asked: PageAsked, toNotice: ToNotice): Promise<PageRead> {
  const notices: Notice[] = [];
  const rejected: { why: string; record: string }[] = [];
  let index = asked.offset;
  for await (const cells of rowsOf(pieces, { from: asked.offset })) {
    const at = index++;
    if (at - asked.offset >= pageRows) return { notices, rejected, next: at };
    const notice = toNotice(cells, asked.world, asked.market);
    if (notice === undefined) rejected.push({ why: "no order or no date", record: JSON.stringify(cells) });
    else if (notice !== "nothing") notices.push(notice);
  }
  return { notices, rejected, next: undefined };
}

function returnNotice(cells: Cells, world: AmazonWorld, market: string | undefined): Notice | undefined {
  const orderId = orderOf(cells["order-id"]);
  const returnedOn = cells["return-date"];
  if (orderId === undefined || returnedOn === undefined) return undefined;
  // The plate names one unit; a row without one is told apart by its content.
  const plate = cells["license-plate-number"];
  const named = plate && /^[A-Za-z0-9._-]{1,64}$/.test(plate) ? plate : undefined;
  const unitId = named ?? shortHash(`${returnedOn} ${cells.sku} ${cells.quantity}`);
  const read = {
    sku: cells.sku,
    quantity: cells.quantity,
    reason: cells.reason,
    disposition: cells["detailed-disposition"],
    status: cells.status,
  };
  const known = Object.fromEntries(
    Object.entries(read).filter((each): each is [string, string] => each[1] !== undefined),
  );
  const payload: Json = { kind: "fba_return", orderId, unitId, returnedOn, ...known, ...(market && { market }) };
  const channelCaseId = fbaCaseId(orderId, unitId);
  return notice({ kind: "case", channelCaseId }, { world, topic: "report.fba_returns", payload });
}

/** Of interest where the order has a case of ours; the amount is Amazon's to the merchant. */
function reimbursementNotice(cells: Cells, world: AmazonWorld): Notice | "nothing" | undefined {
  const id = cells["reimbursement-id"];
  if (id === undefined) return undefined;
  const orderId = orderOf(cells["amazon-order-id"]);
  if (orderId === undefined) return "nothing";
  const { "amount-total": amount = "0", "currency-unit": currency = "", sku = "" } = cells;
  const payload: Json = { kind: "reimbursement", id, orderId, amount, currency, sku };
  return notice({ kind: "lookup", by: "order", id: orderId }, { world, topic: "report.fba_reimbursements", payload });
}

function notice(
  subject: Notice["subject"],
  { world, topic, payload }: { world: AmazonWorld; topic: string; payload: Json },
): Notice {
  const about = subject.kind === "case" ? subject.channelCaseId : subject.id;
  const noticeId = `${about}:${shortHash(JSON.stringify(payload))}`;
  const channel = "amazon";
  return { channel, shopId: world.shopId, subject, topic, noticeId, opens: false, via: "poll", payload };
}

function orderOf(text: string | undefined): string | undefined {
  return text !== undefined && /^[A-Za-z0-9-]{3,40}$/.test(text) ? text : undefined;
}
