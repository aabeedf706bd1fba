import { createRandom } from "../kit/random.ts";
import { addressOf, storeText } from "./documents.ts";
import type { AmazonShop, Report } from "./model.ts";
import type { Platform } from "./platform.ts";
import { invalid, notFound } from "./problem.ts";
import { flatFile, xmlFile } from "./returns-file.ts";
import { timeZones } from "./shops.ts";

const flat = "GET_FLAT_FILE_RETURNS_DATA_BY_RETURN_DATE";
const xml = "GET_XML_RETURNS_DATA_BY_RETURN_DATE";
const empty = ["GET_FBA_FULFILLMENT_CUSTOMER_RETURNS_DATA", "GET_FBA_REIMBURSEMENTS_DATA"];
const longestMs = 60 * 86_400_000;

export function createReport(platform: Platform, shop: AmazonShop, body: Record<string, unknown>): object {
  const { reportType, marketplaceIds, dataStartTime, dataEndTime } = body;
  if (typeof reportType !== "string" || ![flat, xml, ...empty].includes(reportType))
    throw invalid("Invalid reportType.");
  if (!Array.isArray(marketplaceIds) || marketplaceIds.length < 1 || marketplaceIds.length > 25)
    throw invalid("Invalid marketplaceIds.");
  const toMs = dataEndTime === undefined ? platform.nowMs() : Date.parse(String(dataEndTime));
  const fromMs = dataStartTime === undefined ? toMs - 86_400_000 : Date.parse(String(dataStartTime));
  if (!(toMs > fromMs) || toMs - fromMs > longestMs) throw invalid("Invalid dataStartTime.");
  const createdMs = platform.nowMs();
  const reportId = createRandom(shop.id, "report", String(platform.reports.size)).digits(11);
  const doneMs = createdMs + platform.settings.reportTakesMs;
  platform.saveReport({ reportId, shopId: shop.id, reportType, marketplaceIds, fromMs, toMs, createdMs, doneMs });
  return { reportId };
}

/** Made when it is first asked for after its time: nothing else looks at it before. */
export function getReport(platform: Platform, shop: AmazonShop, reportId: string): object {
  const report = platform.reports.get(reportId);
  if (!report || report.shopId !== shop.id) throw notFound(`Report ${reportId}`);
  const now = platform.nowMs();
  if (report.status === undefined && now >= report.doneMs) make(platform, shop, report);
  const isStarted = now - report.createdMs > platform.settings.reportTakesMs / 3;
  const { reportType, marketplaceIds, status, documentId } = report;
  return {
    ...{ reportId, reportType, marketplaceIds },
    createdTime: new Date(report.createdMs).toISOString(),
    processingStatus: status ?? (isStarted ? "IN_PROGRESS" : "IN_QUEUE"),
    ...(documentId && { reportDocumentId: documentId }),
  };
}

export function getReportDocument(platform: Platform, shop: AmazonShop, documentId: string, url: string): object {
  const found = platform.documents.get(documentId);
  if (!found || found.shopId !== shop.id) throw notFound("The document");
  return {
    reportDocumentId: documentId,
    url: addressOf(platform, url, documentId),
    ...(found.isGzip && { compressionAlgorithm: "GZIP" }),
  };
}

function make(platform: Platform, shop: AmazonShop, report: Report): void {
  const rows = report.marketplaceIds.includes(shop.marketplaceId)
    ? platform
        .returnsOf(shop.id)
        .filter(({ external }) => external?.inReport !== false)
        .filter(({ requestedMs }) => requestedMs >= report.fromMs && requestedMs <= report.toMs)
    : [];
  if (rows.length === 0 || empty.includes(report.reportType)) {
    platform.saveReport({ ...report, status: "CANCELLED" });
    Object.assign(report, { status: "CANCELLED" });
    return;
  }
  const documentId = `amzn1.spdoc.1.4.${shop.region}.${report.reportId}`;
  const isXml = report.reportType === xml;
  const text = isXml
    ? xmlFile(rows, shop.currency)
    : flatFile(rows, {
        currency: shop.currency,
        timeZone: timeZones[shop.region],
        isRefundShown: platform.settings.reportShowsRefunds,
      });
  storeText(platform, { documentId, shopId: shop.id, text, type: isXml ? "text/xml" : "text/plain" });
  Object.assign(report, { status: "DONE", documentId });
  platform.saveReport(report);
}
