import { ManualClock } from "../kit/manual-clock.ts";
import { type AmazonSettings, createAmazon } from "./index.ts";

export const minuteMs = 60_000;
export const hourMs = 60 * minuteMs;
export const dayMs = 24 * hourMs;

/** A simulator with one seller, and a client that knows its address and token. */
export async function startAmazon({
  dataDir,
  settings = {},
}: {
  dataDir?: string;
  settings?: Partial<AmazonSettings>;
} = {}) {
  const clock = new ManualClock();
  const amazon = createAmazon({ clock, ...(dataDir !== undefined && { dataDir }) }, settings);
  await amazon.start();
  const shop = await amazon.openShop("Harbour Goods");
  const call = async (method: string, path: string, body?: object, token = String(shop.credentials.accessToken)) => {
    const response = await fetch(`${amazon.url}${path}`, {
      method,
      headers: {
        "x-amz-access-token": token,
        "user-agent": "Test/1 (Language=TypeScript)",
        "content-type": "application/json",
      },
      ...(body && { body: JSON.stringify(body) }),
    });
    return {
      status: response.status,
      headers: response.headers,
      json: (await response.json()) as Record<string, unknown>,
    };
  };
  return { amazon, clock, shop, call };
}

/** An order adjustment feed of one item. */
export function refundFeed(
  sellerId: string,
  { orderId, itemId }: { orderId: string; itemId: string },
  amounts: Readonly<Record<string, string>>,
): string {
  const components = Object.entries(amounts).map(
    ([type, text]) => `<Component><Type>${type}</Type><Amount currency="USD">${text}</Amount></Component>`,
  );
  return `<AmazonEnvelope><Header><MerchantIdentifier>${sellerId}</MerchantIdentifier></Header><MessageType>OrderAdjustment</MessageType>
<Message><MessageID>1</MessageID><OrderAdjustment><AmazonOrderID>${orderId}</AmazonOrderID><AdjustedItem><AmazonOrderItemCode>${itemId}</AmazonOrderItemCode><ItemPriceAdjustments>${components.join("")}</ItemPriceAdjustments></AdjustedItem></OrderAdjustment></Message></AmazonEnvelope>`;
}
