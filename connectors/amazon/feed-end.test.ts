import { expect, it } from "vitest";
import type { Case } from "#shared/case/case.ts";
import { caseOf } from "../../test/contract/case-of.ts";
import type { HttpResponse } from "../contract.ts";
import { fetchCase } from "./fetch.ts";
import { answer, app, caseFile, credentials, failure, file, notice, now, shopId } from "./fixtures/build.ts";

const feedId = "50001";

/** What the case is told of its own feed, which ended so. */
async function told(action: "agree_refund" | "cancel_order", status: string, results: string | undefined) {
  const subject = caseOf(
    caseFile(action === "agree_refund" ? "return-delivered" : "cancel-of-whole-order").observation,
  );
  const at = "2026-03-20T08:00:00.000Z";
  const sent = { action, args: {}, status: "sent", askedBy: "person:anna", plannedAt: at, sentAt: at } as const;
  const held: Case = {
    ...subject,
    commands: [{ ...sent, commandId: `${action}-2`, decidedOnVersion: 1, acceptedAt: at, channelReference: feedId }],
  };
  const report = `<AmazonEnvelope><Message><ProcessingReport>${results}</ProcessingReport></Message></AmazonEnvelope>`;
  const document = results === undefined ? {} : { resultFeedDocumentId: "d1" };
  const feed = { feedId, createdTime: at, processingEndTime: "2026-03-20T08:20:00Z", processingStatus: status };
  const answers: HttpResponse[] = [
    failure(404, "NotFound"),
    answer({ ...feed, ...document }),
    answer({ url: "https://tortuga.example.com/d1?signature=fixture" }),
    file(results?.startsWith("<") === false ? results : report, "text/xml; charset=UTF-8"),
  ];
  const http = async () => answers.shift() ?? failure(500, "InternalFailure");
  const about = notice({ id: held.channelCaseId, topic: "reread", noticeId: "r", via: "reread" });
  const known = { held: async () => held, ofReference: async () => [held.channelCaseId] };
  const [raw] = await fetchCase(about, { app, shopId, credentials, http, now }, known);
  const { refund, refusedAnswer } = raw?.payload as { refund?: { is: string }; refusedAnswer?: { reason: string } };
  return action === "agree_refund" ? refund?.is : refusedAnswer?.reason;
}

const error = (more = "") =>
  `<Result><ResultCode>Error</ResultCode><ResultMessageCode>7</ResultMessageCode><ResultDescription>No.</ResultDescription>${more}</Result>`;
const about = (orderId: string) => `<AdditionalInfo><AmazonOrderID>${orderId}</AmazonOrderID></AdditionalInfo>`;

it.each([
  ["an error that names no order", "DONE", error(), "7: No."],
  ["an error that names the order", "DONE", error(about("111-2000001-2000001")), "7: No."],
  ["a warning", "DONE", "<Result><ResultCode>Warning</ResultCode></Result>", undefined],
  ["a report without results", "DONE", "", undefined],
  ["a report that is none", "DONE", "Service Unavailable", undefined],
  ["no report", "DONE", undefined, undefined],
  ["work that goes on", "IN_PROGRESS", undefined, undefined],
  ["a stop", "FATAL", undefined, "FATAL, it was stopped and may have been carried out all the same"],
  ["a withdrawal", "CANCELLED", undefined, "CANCELLED, it was withdrawn before it began"],
])("a cancellation that ended with %s is told so", async (_, status, results, reason) => {
  expect(await told("cancel_order", status, results)).toBe(reason);
});

it.each([
  ["an error that names no order", "DONE", error(), "failed"],
  ["an error about another order", "DONE", error(about("111-9999999-2000001")), "done"],
  ["a report without results", "DONE", "", "done"],
  ["a stop", "FATAL", undefined, "stopped"],
  ["a withdrawal", "CANCELLED", undefined, "stopped"],
])("a refund that ended with %s is told so", async (_, status, results, is) => {
  expect(await told("agree_refund", status, results)).toBe(is);
});
