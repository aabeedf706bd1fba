import { createHash, createHmac, timingSafeEqual } from "node:crypto";
import { ApiVersion, shopifyApi } from "@shopify/shopify-api";
import "@shopify/shopify-api/adapters/node";
import type { Push, PushRequest } from "../connectors/contract.ts";
import { pushOf } from "../connectors/push.ts";
import { race, report } from "./measure.ts";

const secret = "bench-client-secret-0123456789abcdef";
const appKey = "7000000000000000001";
const now = new Date("2026-11-25T12:00:00.000Z");

/** The way of a push through our code, up to the notices, against the least that any receiver must do. */
export async function benchWebhooks(): Promise<void> {
  benchDouyin();
  await benchShopify();
}

function benchDouyin(): void {
  const body = Buffer.from(JSON.stringify(douyinRecords(4)));
  const sign = createHash("md5").update(appKey).update(body).update(secret).digest("hex");
  const headers = { "content-type": "application/json", "app-id": appKey, "event-sign": sign };
  const expected = Buffer.from(sign);
  const results = race({
    floor: () => {
      const digest = createHash("md5").update(appKey).update(body).update(secret).digest("hex");
      if (!timingSafeEqual(Buffer.from(digest), expected)) throw new Error("no match");
      JSON.parse(body.toString("utf8"));
    },
    ours: ours("douyin", { appKey, appSecret: secret }, { headers, body }, 4),
  });
  tell("webhook.douyin", results);
}

async function benchShopify(): Promise<void> {
  const body = Buffer.from(JSON.stringify(shopifyReturn()));
  const hmac = createHmac("sha256", secret).update(body).digest("base64");
  const headers = {
    "content-type": "application/json",
    "x-shopify-topic": "returns/request",
    "x-shopify-hmac-sha256": hmac,
    "x-shopify-shop-domain": "bench.myshopify.com",
    "x-shopify-api-version": "2026-10",
    "x-shopify-webhook-id": "b54557e4-bdd9-4b37-8a5f-bf7d70bcd043",
    "x-shopify-event-id": "98880550-7158-44d4-b7cd-2c97c8a091b5",
    "x-shopify-triggered-at": "2026-11-25T11:59:59.000Z",
  };
  const expected = Buffer.from(hmac, "base64");
  const results = race({
    floor: () => {
      const digest = createHmac("sha256", secret).update(body).digest();
      if (!timingSafeEqual(digest, expected)) throw new Error("no match");
      JSON.parse(body.toString("utf8"));
    },
    ours: ours("shopify", { clientId: "bench", clientSecret: secret }, { headers, body }, 1),
  });
  tell("webhook.shopify", results);
  await benchPeer(body, headers, results.ours?.us ?? Number.NaN);
}

/** The platform's own library on the same push. It is asynchronous, so it is raced by itself in the same run. */
async function benchPeer(body: Buffer, headers: Record<string, string>, oursUs: number): Promise<void> {
  const shopify = shopifyApi({
    apiKey: "bench",
    apiSecretKey: secret,
    apiVersion: ApiVersion.July26 ?? ApiVersion.Unstable,
    hostName: "bench.example",
    isEmbeddedApp: false,
    logger: { log: () => {} },
  });
  const rawBody = body.toString("utf8");
  const pairs = Object.entries(headers);
  const request = { method: "POST", url: "/webhooks/shopify", headers: Object.fromEntries(pairs) };
  const rounds: number[] = [];
  for (let round = -1; round < 9; round++) {
    const startedAt = process.hrtime.bigint();
    const turns = 400;
    for (let turn = 0; turn < turns; turn++) {
      const answer = await shopify.webhooks.validate({
        rawBody,
        rawRequest: request as never,
        rawResponse: {} as never,
      });
      if (!answer.valid) throw new Error("the peer refused the push");
      JSON.parse(rawBody);
    }
    if (round >= 0) rounds.push(Number(process.hrtime.bigint() - startedAt) / turns / 1000);
  }
  const peerUs = rounds.sort((a, b) => a - b)[rounds.length >> 1] ?? Number.NaN;
  report({ name: "webhook.peer.shopify-api", value: peerUs, unit: "us", floor: oursUs, ratio: peerUs / oursUs });
}

function ours(channel: string, settings: unknown, request: PushRequest, notices: number): () => void {
  const push: Push<unknown> | undefined = pushOf(channel);
  if (!push) throw new Error(`no push for ${channel}`);
  const apps = [push.app(settings)];
  return () => {
    const verified = push.verify(request, apps, now);
    if (!verified.ok) throw new Error(verified.reason);
    if (push.read(request).notices.length !== notices) throw new Error("other notices than expected");
  };
}

function tell(name: string, results: Record<string, { us: number; ratio: number }>): void {
  const { floor, ours: own } = results;
  if (floor && own) report({ name, value: own.us, unit: "us", floor: floor.us, ratio: own.ratio });
}

/** About 3 KB: a batch as it comes in busy hours, of buyers who asked for a return and gave a pick-up time. */
function douyinRecords(count: number): object[] {
  return Array.from({ length: count }, (_, index) => ({
    tag: "200",
    msg_id: `730123456789012340${index}::200:1767226200:880000000000000000${index}`,
    data:
      `{"p_id":693000000000000010${index},"s_id":693000000000000010${index},"shop_id":10437917,"store_id":0,` +
      `"aftersale_id":730123456789012340${index},"aftersale_status":6,"aftersale_type":0,"refund_amount":15900,` +
      `"refund_post_amount":0,"refund_voucher_num":0,"reason_code":6,"update_time":"2026-01-01T08:10:00+08:00",` +
      `"apply_time":1767226200,"return_book_info":{"send_type":2,"time_begin":"09:00","time_end":"11:00",` +
      `"encrypt_addr":"#${"c2FtcGxlY2lwaGVydGV4dA".repeat(5)}==#c2FtcGxlaW5kZXg=#1##"}}`,
  }));
}

function shopifyReturn(): object {
  const line = (index: number) => ({
    id: 7_700_110_100 + index,
    admin_graphql_api_id: `gid://shopify/ReturnLineItem/${7_700_110_100 + index}`,
    fulfillment_line_item: {
      id: 9_900_110_100 + index,
      admin_graphql_api_id: `gid://shopify/FulfillmentLineItem/${9_900_110_100 + index}`,
      line_item: { id: 8_800_110_100 + index, admin_graphql_api_id: `gid://shopify/LineItem/${8_800_110_100 + index}` },
    },
    quantity: 1,
    return_reason: "size_too_small",
    return_reason_note: "the left shoe is a size smaller than the right one",
    customer_note: "",
  });
  return {
    id: 7_700_110_001,
    admin_graphql_api_id: "gid://shopify/Return/7700110001",
    status: "requested",
    order: { id: 5_196_600_000_101, admin_graphql_api_id: "gid://shopify/Order/5196600000101" },
    total_return_line_items: 6,
    name: "#1042-R1",
    return_line_items: Array.from({ length: 6 }, (_, index) => line(index)),
    return_shipping_fees: [],
    exchange_line_items: [],
    total_exchange_line_items: 0,
  };
}
