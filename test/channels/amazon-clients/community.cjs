// The same with the client that most people use. Prints what it saw as one line of JSON.
const { SellingPartner } = require("amazon-sp-api");

const { clientId, clientSecret, refreshToken, marketplaceId } = JSON.parse(process.env.GIVEN);

async function main() {
  const client = new SellingPartner({
    region: "na",
    refresh_token: refreshToken,
    credentials: { SELLING_PARTNER_APP_CLIENT_ID: clientId, SELLING_PARTNER_APP_CLIENT_SECRET: clientSecret },
  });
  const document = await client.downloadReport({
    body: { reportType: "GET_FLAT_FILE_RETURNS_DATA_BY_RETURN_DATE", marketplaceIds: [marketplaceId] },
    version: "2021-06-30",
  });
  const contentType = "text/xml; charset=UTF-8";
  const place = await client.callAPI({ operation: "feeds.createFeedDocument", body: { contentType } });
  await client.upload(place, { content: "<AmazonEnvelope/>", contentType });
  const { feedId } = await client.callAPI({
    operation: "feeds.createFeed",
    body: {
      feedType: "POST_PAYMENT_ADJUSTMENT_DATA",
      marketplaceIds: [marketplaceId],
      inputFeedDocumentId: place.feedDocumentId,
    },
  });
  const { processingStatus } = await client.callAPI({ operation: "feeds.getFeed", path: { feedId } });
  process.stdout.write(`${JSON.stringify({ document, feedStatus: processingStatus })}\n`);
}

main().catch((fault) => {
  console.error(fault);
  process.exitCode = 1;
});
