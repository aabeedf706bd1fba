// What a merchant's developer would write with Amazon's own client. Prints what it saw as one line of JSON.
import { request } from "node:https";
import { buffer } from "node:stream/consumers";
import { gunzipSync } from "node:zlib";
import { FeedsSpApi, NotificationsSpApi, ReportsSpApi } from "@amazon-sp-api-release/amazon-sp-api-sdk-js";

const { clientId, clientSecret, refreshToken, marketplaceId, queueArn } = JSON.parse(process.env.GIVEN);

function authorised(client) {
  return client.enableAutoRetrievalAccessToken(clientId, clientSecret, refreshToken);
}

/** The client leaves documents to its user. */
async function transfer(url, options = {}, body = "") {
  const answer = await new Promise((resolve, reject) => {
    request(url, options, resolve).on("error", reject).end(body);
  });
  if (answer.statusCode !== 200) throw new Error(`${options.method ?? "GET"} answered ${answer.statusCode}`);
  return buffer(answer);
}

const reports = new ReportsSpApi.ReportsApi(authorised(new ReportsSpApi.ApiClient()));
const { reportId } = await reports.createReport({
  reportType: "GET_FLAT_FILE_RETURNS_DATA_BY_RETURN_DATE",
  marketplaceIds: [marketplaceId],
});
const { processingStatus, reportDocumentId } = await reports.getReport(reportId);
const { url, compressionAlgorithm } = await reports.getReportDocument(reportDocumentId);

const feeds = new FeedsSpApi.FeedsApi(authorised(new FeedsSpApi.ApiClient()));
const contentType = "text/xml; charset=UTF-8";
const place = await feeds.createFeedDocument({ contentType });
await transfer(place.url, { method: "PUT", headers: { "content-type": contentType } }, "<AmazonEnvelope/>");
const { feedId } = await feeds.createFeed({
  feedType: "POST_PAYMENT_ADJUSTMENT_DATA",
  marketplaceIds: [marketplaceId],
  inputFeedDocumentId: place.feedDocumentId,
});
const feed = await feeds.getFeed(feedId);

const grantless = new NotificationsSpApi.ApiClient();
grantless.enableAutoRetrievalAccessToken(clientId, clientSecret, null, "sellingpartnerapi::notifications");
const { payload: destination } = await new NotificationsSpApi.NotificationsApi(grantless).createDestination({
  name: "casebridge",
  resourceSpecification: { sqs: { arn: queueArn } },
});
const notifications = new NotificationsSpApi.NotificationsApi(authorised(new NotificationsSpApi.ApiClient()));
const { payload: subscription } = await notifications.createSubscription("ORDER_CHANGE", {
  payloadVersion: "1.0",
  destinationId: destination.destinationId,
});

const bytes = await transfer(url);
const document = (compressionAlgorithm === "GZIP" ? gunzipSync(bytes) : bytes).toString();
const seen = { processingStatus, document, feedStatus: feed.processingStatus, subscription };
process.stdout.write(`${JSON.stringify(seen)}\n`);
