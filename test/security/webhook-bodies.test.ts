import { gzipSync } from "node:zlib";
import { describeAttacks } from "./attacks.ts";
import { douyinBody, openDoor, type Pushing, shopifyBody, told } from "./webhook-door.ts";

// Every body here is signed as it should be: whoever sends it has the secret, or the channel itself is in trouble.

const push = openDoor();
const send = (channel: Pushing, body: string | Uint8Array, headers: Record<string, string | undefined> = {}) =>
  push(channel, { body, headers });
const tell = async (...given: Parameters<typeof send>) => told(await send(...given));
const unreadable = (status: number, why: string) => `${status}, nothing queued, WebhookUnreadable, ${why}`;
const unread = unreadable(400, "payload_invalid");

/** 售后 in GBK, which is no UTF-8. */
const gbk = Buffer.from([0xca, 0xdb, 0xba, 0xf3]);
const inGbk = (text: string) => Buffer.concat([Buffer.from(text.slice(0, -3)), gbk, Buffer.from(text.slice(-3))]);

/** What a record of Douyin with this data ended as: the id that was queued, or why it was set aside. */
async function recordOf(data: string, record: object = {}): Promise<string> {
  const { answer, intake, quarantine } = await send("douyin", douyinBody(data, record));
  const [kept] = intake.map(({ body }) => JSON.parse(body).subject.channelCaseId);
  const [aside] = quarantine.map(({ body }) => JSON.parse(body).why);
  return `${answer.statusCode}, ${kept === undefined ? `set aside: ${aside}` : `queued as ${kept}`}`;
}
const caseOf = (id: string) => `{"shop_id":10437917,"aftersale_id":${id}}`;

const typed = (channel: Pushing, type: string | undefined) => ({
  attack: `${channel}, a genuine push as ${type ?? "nothing in particular"}`,
  answer: unreadable(415, "not_json"),
  run: () => tell(channel, channel === "shopify" ? shopifyBody : douyinBody(), { "content-type": type }),
});
const bad = (what: string, body: string | Uint8Array) =>
  (["shopify", "douyin"] as const).map((channel) => ({
    attack: `${channel}, ${what}`,
    answer: unread,
    run: () => tell(channel, body),
  }));

describeAttacks("Webhooks: bodies", "webhook-bodies", {
  "only JSON is taken": [
    typed("shopify", "text/xml"),
    typed("shopify", "multipart/form-data; boundary=x"),
    typed("shopify", undefined),
    typed("douyin", "application/x-www-form-urlencoded"),
    typed("douyin", "application/json-patch+json"),
    typed("douyin", "text/html;application/json"),
  ],
  "a body is at most 1 MiB": (["shopify", "douyin"] as const).map((channel) => ({
    attack: `${channel}, 5 MB, unsigned`,
    answer: unreadable(413, "body_too_large"),
    run: () =>
      tell(channel, Buffer.alloc(5_000_000, 0x20), {
        [channel === "shopify" ? "x-shopify-hmac-sha256" : "event-sign"]: "x",
      }),
  })),
  "what cannot be read is refused by name": [
    ...bad("an empty body", ""),
    ...bad("`null`", "null"),
    ...bad("`[]`", "[]"),
    ...bad("a text", '"x"'),
    ...bad("`0`", "0"),
    ...bad("half a document", shopifyBody.slice(0, -9)),
    ...bad("a document that is packed and says so nowhere", gzipSync(Buffer.alloc(100_000, 0x20))),
    ...bad("100,000 open brackets", "[".repeat(100_000)),
  ],
  "text is UTF-8 or nothing": [
    { attack: "shopify, a note in GBK", answer: unread, run: () => tell("shopify", inGbk(shopifyBody)) },
    { attack: "douyin, data in GBK", answer: unread, run: () => tell("douyin", inGbk(douyinBody())) },
  ],
  "nesting is bounded": [
    {
      attack: "shopify, 5,000 arrays in one another",
      answer: unread,
      run: () => tell("shopify", `{"id":1,"a":${"[".repeat(5000)}${"]".repeat(5000)}}`),
    },
    {
      attack: "douyin, 5,000 arrays in one another beside a case",
      answer: "200, set aside: data is no JSON object",
      run: () => recordOf(`{"shop_id":10437917,"aftersale_id":"1","a":${"[".repeat(5000)}${"]".repeat(5000)}}`),
    },
  ],
  "no key reaches a prototype": [
    {
      attack: "douyin, ids of the shop and the case in `__proto__`",
      answer: "200, set aside: no aftersale_id",
      run: () => recordOf('{"__proto__":{"shop_id":10437917,"aftersale_id":"7301234567890123403"}}'),
    },
    {
      attack: "douyin, the same with an escape in the key",
      answer: "200, set aside: no aftersale_id",
      run: () => recordOf('{"\\u005f_proto__":{"shop_id":10437917,"aftersale_id":"7301234567890123403"}}'),
    },
  ],
  "ids keep every digit": [
    ...["9007199254740993", "7301234567890123403", "73012345678901234567"].map((id) => ({
      attack: `douyin, the case ${id}`,
      answer: `200, queued as ${id}`,
      run: () => recordOf(caseOf(id)),
    })),
    {
      attack: "douyin, the case twice with another id",
      answer: "200, queued as 7301234567890123999",
      run: () => recordOf(`{"shop_id":10437917,"aftersale_id":7301234567890123403,"aftersale_id":7301234567890123999}`),
    },
  ],
  "an id is digits, and nothing that a key could be made of": [
    ...[
      "-7301234567890123403",
      "1e18",
      "0.5",
      '"007"',
      '"7301#CASE"',
      '"../7301"',
      '"7301\\u0000"',
      '["7301"]',
      "true",
    ].map((id) => ({
      attack: `douyin, the case \`${id}\``,
      answer: "200, set aside: no aftersale_id",
      run: () => recordOf(caseOf(id)),
    })),
  ],
  "a shop is a domain of Shopify": [
    "evil.example",
    "demo.myshopify.com.evil.example",
    "demo.myshopify.com#S",
    "demo.myshopify.com,other.myshopify.com",
    "demo.myshopify.com/admin",
    "xn--dmo-hma.evil.example",
  ].map((domain) => ({
    attack: `shopify, a genuine body with the shop \`${domain}\``,
    answer: unread,
    run: () => tell("shopify", shopifyBody, { "x-shopify-shop-domain": domain }),
  })),
  "a request to erase is known by its signed body": [
    {
      attack: "shopify, a genuine return sent again as `shop/redact`",
      answer: unread,
      run: () =>
        tell("shopify", JSON.stringify({ ...JSON.parse(shopifyBody), shop_domain: "demo.myshopify.com", shop_id: 1 }), {
          "x-shopify-topic": "shop/redact",
        }),
    },
    {
      attack: "shopify, a buyer's request sent again as `shop/redact`",
      answer: unread,
      run: () =>
        tell("shopify", '{"shop_id":1,"shop_domain":"demo.myshopify.com","customer":{"id":1},"orders_to_redact":[]}', {
          "x-shopify-topic": "shop/redact",
        }),
    },
  ],
  "whose shop it is stands in the signed body": [
    {
      attack: "shopify, a genuine `shop/redact` with another shop in its headers",
      answer: "200, demo.myshopify.com",
      run: async () => {
        const body = '{"shop_id":1,"shop_domain":"demo.myshopify.com"}';
        const headers = { "x-shopify-topic": "shop/redact", "x-shopify-shop-domain": "rival.myshopify.com" };
        const { answer, shops } = await send("shopify", body, headers);
        return `${answer.statusCode}, ${shops.map((each) => JSON.parse(each.body).notice.shopId)}`;
      },
    },
  ],
  "a bad record is set aside alone": [
    {
      attack: "douyin, a record without a case between two good ones",
      answer: "200, 2 queued and 1 set aside",
      run: () => {
        const [good] = JSON.parse(douyinBody());
        return tell("douyin", JSON.stringify([good, { ...good, data: "{}" }, { ...good, msg_id: "m-2" }]));
      },
    },
  ],
  "what is of no interest is acknowledged and counted": [
    {
      attack: "shopify, a topic that we do not know",
      answer: "200, nothing queued, WebhookIgnored",
      run: () => tell("shopify", shopifyBody, { "x-shopify-topic": "carts/update" }),
    },
    {
      attack: "douyin, a tag that we do not know",
      answer: "200, nothing queued, WebhookIgnored",
      run: () => tell("douyin", douyinBody(undefined, { tag: "9999" })),
    },
  ],
  "an answer is never taken for a page": [
    {
      attack: "shopify, an answer read as HTML",
      answer: "nosniff",
      run: async () => String((await send("shopify", "<script>")).answer.headers?.["x-content-type-options"]),
    },
  ],
  "a fault says nothing of us": [
    {
      attack: "shopify, a push while a secret is not JSON",
      answer: "503, nothing queued, misconfigured",
      run: async () => told(await openDoor({ current: () => "shpss_canary_secret_0001" })("shopify")),
    },
  ],
});
