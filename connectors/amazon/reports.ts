import { isSuiteError, SuiteError } from "#shared/errors.ts";
import { type AmazonWorld, query, transfer } from "./client.ts";
import { textOf } from "./document.ts";
import { documentSchema, reportCreatedSchema, reportSchema } from "./schema.ts";

const base = "/reports/2021-06-30";

/** Asks for a report of one store over a window. One may be asked for a minute. */
export async function createReport(
  world: AmazonWorld,
  { reportType, marketplaceId, from, to }: { reportType: string; marketplaceId: string; from: string; to: string },
): Promise<string> {
  const body = { reportType, marketplaceIds: [marketplaceId], dataStartTime: from, dataEndTime: to };
  const { reportId } = await query(
    world,
    { operation: "createReport", method: "POST", path: `${base}/reports`, body },
    reportCreatedSchema,
  );
  return reportId;
}

export type ReportEnd =
  | { is: "waiting" }
  | { is: "done"; documentId: string }
  /** Nothing to report; also how a caller's own cancellation looks. */
  | { is: "empty" }
  /** Stopped by Amazon, or no longer known. */
  | { is: "failed" };

/** How far a report is. `CANCELLED` is the usual answer of a store in which nothing was returned. */
export async function reportEnd(world: AmazonWorld, reportId: string): Promise<ReportEnd> {
  try {
    const path = `${base}/reports/${encodeURIComponent(reportId)}`;
    const { processingStatus, reportDocumentId } = await query(
      world,
      { operation: "getReport", method: "GET", path },
      reportSchema,
    );
    if (processingStatus === "CANCELLED") return { is: "empty" };
    if (processingStatus === "IN_QUEUE" || processingStatus === "IN_PROGRESS") return { is: "waiting" };
    if (processingStatus !== "DONE") return { is: "failed" };
    return reportDocumentId === undefined ? { is: "empty" } : { is: "done", documentId: reportDocumentId };
  } catch (error) {
    if (!isSuiteError(error, "channel_refused")) throw error;
    return { is: "failed" };
  }
}

/**
 * Where a document can be had for the next five minutes: asked for and used in one step, or kept that long, because it
 * may be asked for once a minute.
 */
export async function addressOf(world: AmazonWorld, documentId: string): Promise<string> {
  const path = `${base}/documents/${encodeURIComponent(documentId)}`;
  const { url, compressionAlgorithm } = await query(
    world,
    { operation: "getReportDocument", method: "GET", path },
    documentSchema,
  );
  if (compressionAlgorithm !== undefined && compressionAlgorithm !== "GZIP") {
    throw new SuiteError("payload_invalid", "the document is compressed in a way that is not known");
  }
  return url;
}

/** Of a document as it comes over the wire; a report of 200,000 rows has some 15 MB. */
const mostBytes = 128 * 1024 * 1024;

/** The text of a document, in pieces, as they arrive. */
export async function download(world: AmazonWorld, url: string): Promise<AsyncGenerator<string>> {
  return textOf(await transfer(world, { method: "GET", url, streamed: { maxBytes: mostBytes } }));
}
