import { createHmac } from "node:crypto";
import { signPush } from "#connectors/douyin/verify.ts";
import { describeAttacks } from "./attacks.ts";
import { comparisonsIn } from "./comparisons.ts";
import {
  apps,
  douyinBody,
  douyinSignature,
  openDoor,
  type Pushing,
  shopifyBody,
  shopifySignature,
  told,
} from "./webhook-door.ts";

const push = openDoor();
const tell = async (...given: Parameters<typeof push>) => told(await push(...given));
const signature: Record<Pushing, string> = { shopify: "x-shopify-hmac-sha256", douyin: "event-sign" };
const good: Record<Pushing, string> = { shopify: shopifySignature(shopifyBody), douyin: douyinSignature(douyinBody()) };
const signedAs = (channel: Pushing, change: (value: string) => string | undefined, body?: string | Uint8Array) => () =>
  tell(channel, { headers: { [signature[channel]]: change(good[channel]) }, ...(body !== undefined && { body }) });

const refused = (why: string) => `401, nothing queued, WebhookRefused, ${why}`;
const turned = (text: string) => [...text].reverse().join("");
const flipped = (text: string) => text.replace("7700110001", "7700110000");
/** The same 32 bytes in another spelling: the last letter of base64 holds two bits that nobody reads. */
const respelt = (text: string) => text.replace(/(.)=$/, (_, last: string) => `${nextLetter(last)}=`);
const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
const nextLetter = (letter: string) => alphabet[alphabet.indexOf(letter) + 1] ?? letter;

const md5 = signPush(apps.douyin, Buffer.from(douyinBody()), "md5");

const fiveMinutes = 300_000;
/** A push signed with the old secret, before and after the operator has removed its version, in one process. */
async function afterCutOff(later: number): Promise<string> {
  let at = Date.parse("2026-11-25T12:00:00Z");
  let isRemoved = false;
  const old = JSON.stringify({ ...apps.shopify, clientSecret: "shpss_old_secret_00001" });
  const rotating = openDoor({ previous: () => (isRemoved ? "" : old), now: () => at });
  const headers = { "x-shopify-hmac-sha256": shopifySignature(shopifyBody, "shpss_old_secret_00001") };
  const before = await rotating("shopify", { headers });
  isRemoved = true;
  at += later;
  return `${before.answer.statusCode}, then ${told(await rotating("shopify", { headers }))}`;
}

describeAttacks("Webhooks: signatures", "webhook-signatures", {
  "a push without a signature is refused": [
    {
      attack: "Shopify, no signature",
      answer: refused("signature_missing"),
      run: signedAs("shopify", () => undefined),
    },
    { attack: "Shopify, an empty signature", answer: refused("signature_missing"), run: signedAs("shopify", () => "") },
  ],
  "only the console's probe comes unsigned": [
    { attack: "Douyin, no signature", answer: refused("signature_missing"), run: signedAs("douyin", () => undefined) },
    { attack: "Douyin, an empty signature", answer: refused("signature_missing"), run: signedAs("douyin", () => "") },
    {
      attack: "Douyin, no signature, with `sign-method: none`",
      answer: refused("signature_missing"),
      run: () => tell("douyin", { headers: { "event-sign": undefined, "sign-method": "none" } }),
    },
    {
      attack: "Douyin, a record about a case behind an unsigned probe",
      answer: refused("signature_missing"),
      run: () =>
        tell("douyin", {
          headers: { "event-sign": undefined },
          body: JSON.stringify([{ tag: "0", msg_id: "0", data: "x" }, ...JSON.parse(douyinBody())]),
        }),
    },
  ],
  "the digest over the raw bytes is compared": [
    ...(["shopify", "douyin"] as const).flatMap((channel) => [
      {
        attack: `${channel}, the signature backwards`,
        answer: refused(channel === "shopify" ? "signature_malformed" : "signature_mismatch"),
        run: signedAs(channel, channel === "shopify" ? (text) => `=${turned(text).slice(1)}` : turned),
      },
      {
        attack: `${channel}, a signature of zeros`,
        answer: refused("signature_mismatch"),
        run: signedAs(channel, () => (channel === "shopify" ? Buffer.alloc(32).toString("base64") : "0".repeat(64))),
      },
    ]),
    {
      attack: "Shopify, one digit of the body changed",
      answer: refused("signature_mismatch"),
      run: signedAs("shopify", (text) => text, flipped(shopifyBody)),
    },
    {
      attack: "Shopify, a space behind the body",
      answer: refused("signature_mismatch"),
      run: signedAs("shopify", (text) => text, `${shopifyBody} `),
    },
    {
      attack: "Shopify, the keys in another order",
      answer: refused("signature_mismatch"),
      run: signedAs(
        "shopify",
        (text) => text,
        JSON.stringify(Object.fromEntries(Object.entries(JSON.parse(shopifyBody)).reverse())),
      ),
    },
    {
      attack: "Douyin, another case in the body",
      answer: refused("signature_mismatch"),
      run: signedAs("douyin", (text) => text, douyinBody('{"shop_id":10437917,"aftersale_id":1}')),
    },
    {
      attack: "Shopify, signed with another app's secret",
      answer: refused("signature_mismatch"),
      run: signedAs("shopify", () => shopifySignature(shopifyBody, "shpss_of_another_app_1")),
    },
    {
      attack: "Douyin, signed with Shopify's secret",
      answer: refused("signature_mismatch"),
      run: signedAs("douyin", () =>
        douyinSignature(douyinBody(), { ...apps.douyin, appSecret: apps.shopify.clientSecret }),
      ),
    },
  ],
  "a signature has one length and one spelling": [
    {
      attack: "Shopify, the right digest in hexadecimal",
      answer: refused("signature_malformed"),
      run: signedAs("shopify", (text) => Buffer.from(text, "base64").toString("hex")),
    },
    {
      attack: "Shopify, the right digest with its last bits turned",
      answer: refused("signature_malformed"),
      run: signedAs("shopify", respelt),
    },
    {
      attack: "Shopify, the right digest without its padding",
      answer: refused("signature_malformed"),
      run: signedAs("shopify", (text) => text.replace(/=$/, "")),
    },
    {
      attack: "Shopify, the right digest twice, joined as a gateway joins",
      answer: refused("signature_malformed"),
      run: signedAs("shopify", (text) => `${text},${text}`),
    },
    {
      attack: "Shopify, the right digest and 64 KB behind it",
      answer: refused("signature_malformed"),
      run: signedAs("shopify", (text) => text + "=".repeat(65_536)),
    },
    {
      attack: "Douyin, half of the right digest",
      answer: refused("signature_malformed"),
      run: signedAs("douyin", (text) => text.slice(0, 32)),
    },
    {
      attack: "Douyin, the right digest twice, joined as a gateway joins",
      answer: refused("signature_malformed"),
      run: signedAs("douyin", (text) => `${text},${text}`),
    },
    {
      attack: "Douyin, a signature of letters that are no digits",
      answer: refused("signature_malformed"),
      run: signedAs("douyin", () => "z".repeat(64)),
    },
  ],
  "the method is ours to say": [
    {
      attack: "Douyin, the weaker MD5 where the app signs with HMAC",
      answer: refused("signature_malformed"),
      run: signedAs("douyin", () => md5),
    },
    {
      attack: "Douyin, the weaker MD5, and a header that claims it",
      answer: refused("signature_malformed"),
      run: () => tell("douyin", { headers: { "event-sign": md5, "sign-method": "md5" } }),
    },
  ],
  "a push names the app it is for": [
    {
      attack: "Douyin, a genuine push relabelled as another app's",
      answer: refused("app_mismatch"),
      run: () => tell("douyin", { headers: { "app-id": "7001234567890123457" } }),
    },
    {
      attack: "Douyin, the app named twice",
      answer: refused("app_mismatch"),
      run: () => tell("douyin", { headers: { "app-id": `${apps.douyin.appKey},${apps.douyin.appKey}` } }),
    },
  ],
  "a genuine push is whole": [
    {
      attack: "Shopify, a genuine body without its webhook id",
      answer: refused("header_missing"),
      run: () => tell("shopify", { headers: { "x-shopify-webhook-id": undefined } }),
    },
    {
      attack: "Shopify, a genuine body without its shop",
      answer: refused("header_missing"),
      run: () => tell("shopify", { headers: { "x-shopify-shop-domain": "" } }),
    },
  ],
  "digests are compared whole, in constant time": (["shopify", "douyin"] as const).map((channel) => ({
    attack: `${channel}, the time of comparing measured with a wrong first byte and a wrong last byte`,
    answer: "32 with 32, 32 with 32",
    run: async () => {
      const encoding = channel === "shopify" ? "base64" : "hex";
      const wrongAt = (place: number) =>
        signedAs(channel, (text) => {
          const bytes = Buffer.from(text, encoding);
          bytes[place] = (bytes[place] ?? 0) ^ 1;
          return bytes.toString(encoding);
        });
      return [...(await comparisonsIn(wrongAt(0))), ...(await comparisonsIn(wrongAt(31)))].join(", ");
    },
  })),
  "no secret is empty": [
    {
      attack: "Shopify, signed with an empty secret while ours is empty",
      answer: "503, nothing queued, misconfigured",
      run: async () => {
        const open = openDoor({ current: () => JSON.stringify({ ...apps.shopify, clientSecret: "" }) });
        const headers = { "x-shopify-hmac-sha256": createHmac("sha256", "").update(shopifyBody).digest("base64") };
        return told(await open("shopify", { headers }));
      },
    },
    {
      attack: "Douyin, signed with a short secret while ours is short",
      answer: "503, nothing queued, misconfigured",
      run: async () => {
        const short = { ...apps.douyin, appSecret: "x" };
        const open = openDoor({ current: () => JSON.stringify(short) });
        return told(await open("douyin", { headers: { "event-sign": douyinSignature(douyinBody(), short) } }));
      },
    },
  ],
  "a secret that is taken away is forgotten": [
    {
      attack: "Shopify, the old secret more than five minutes after its cut-off",
      answer: `200, then ${refused("signature_mismatch")}`,
      run: () => afterCutOff(fiveMinutes + 1),
    },
  ],
  "a channel is one of those that push": [
    ...["constructor", "__proto__", "toString", "Shopify", "../shopify", "shopify\u0000", ""].map((path) => ({
      attack: `a genuine push to the channel ${JSON.stringify(path)}`,
      answer: '404, nothing queued {"message":"Not Found"}',
      run: async () => {
        const came = await push("shopify", { path });
        return `${told(came)} ${came.answer.body}`;
      },
    })),
    {
      attack: "a push of Shopify to Amazon, which does not push",
      answer: '404, nothing queued {"message":"Not Found"}',
      run: async () => {
        const came = await push("shopify", { path: "amazon" });
        return `${told(came)} ${came.answer.body}`;
      },
    },
  ],
  "what was sent twice has one id": [
    {
      attack: "Shopify, a captured push sent again",
      answer: "200 and 200, the queue is told that it is the same",
      run: async () => {
        const [first, second] = [await push("shopify"), await push("shopify")];
        const same = first.intake[0]?.deduplicationId === second.intake[0]?.deduplicationId;
        const statuses = [first, second].map(({ answer }) => answer.statusCode).join(" and ");
        return `${statuses}, the queue is told that it is ${same ? "the same" : "another"}`;
      },
    },
  ],
});
