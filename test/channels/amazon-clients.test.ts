import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startAmazon } from "../../local/marketplaces/amazon/testing.ts";
import { startSecureFront } from "./amazon-clients/secure-front.ts";

const folder = join(import.meta.dirname, "amazon-clients");
let market: Awaited<ReturnType<typeof startAmazon>>;
let front: Awaited<ReturnType<typeof startSecureFront>>;

beforeAll(async () => {
  market = await startAmazon({ settings: { reportTakesMs: 0, feedTakesMs: 0 } });
  front = await startSecureFront(market.amazon.url);
});
afterAll(async () => {
  await front.close();
  await market.amazon.stop();
});

/** Runs a client as its authors published it, with nothing changed but where Amazon's names lead and who is trusted. */
async function run(file: string) {
  const { clientId, clientSecret } = market.amazon.appSettings();
  const { refreshToken, marketplaceIds } = market.shop.credentials as {
    refreshToken: string;
    marketplaceIds: string[];
  };
  const queueArn = "arn:aws:sqs:us-east-1:111122223333:notifications";
  const given = { clientId, clientSecret, refreshToken, marketplaceId: marketplaceIds[0], queueArn };
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ["--require", join(folder, "lead-here.cjs"), join(folder, file)],
    {
      timeout: 25_000,
      env: {
        PATH: process.env.PATH,
        NODE_EXTRA_CA_CERTS: front.caFile,
        SIMULATOR_PORT: String(front.port),
        GIVEN: JSON.stringify(given),
      },
    },
  );
  return JSON.parse(stdout) as Record<string, unknown>;
}

describe("clients that others wrote", () => {
  it.each([
    ["Amazon's own, @amazon-sp-api-release/amazon-sp-api-sdk-js", "official.mjs"],
    ["the community's, amazon-sp-api", "community.cjs"],
  ])("get a token, make and read a report, and hand in a feed: %s", async (_, file) => {
    const { key } = market.amazon.ask({ shopId: market.shop.shopId, plan: "by hand", seed: file.length });
    const seen = await run(file);
    expect(String(seen.document).split("\r\n")[0]?.split("\t").slice(0, 3)).toEqual([
      "Order ID",
      "Order date",
      "Return request date",
    ]);
    expect(seen.document).toContain(key.split("/")[1]);
    expect(["IN_QUEUE", "IN_PROGRESS", "DONE"]).toContain(seen.feedStatus);
    if (file === "official.mjs") expect(seen.subscription).toMatchObject({ payloadVersion: "1.0" });
  });
});
