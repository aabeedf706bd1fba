import { type Defences, off, offEach } from "./defence.ts";

const digest = "connectors/kit/digest.ts";
const douyin = "connectors/douyin/push.ts";
const signatures = "webhook-signatures";

export const webhookDefences: Defences = {
  "a push without a signature is refused": off(signatures, digest, 'return "signature_missing"', 'return "match"'),
  "only the console's probe comes unsigned": off(
    signatures,
    douyin,
    "return recordsOf(body).every((record) =>",
    "return recordsOf(body).length > 0 || recordsOf(body).every((record) =>",
  ),
  "the digest over the raw bytes is compared": offEach(
    signatures,
    [digest, 'timingSafeEqual(bytes, expected) ? "match"', 'bytes.length > 0 ? "match"'],
    [digest, 'bytes.toString(encoding) !== given) return "signature_malformed"', 'given === "") return "match"'],
    [digest, 'if (bytes.length !== expected.length) return "signature_malformed"', ""],
  ),
  "a signature has one length and one spelling": offEach(
    signatures,
    [digest, 'if (given.length !== length) return "signature_malformed";', "void length;"],
    [digest, 'if (bytes.length !== expected.length) return "signature_malformed";', ""],
    [digest, 'bytes.toString(encoding) !== given) return "signature_malformed"', 'given === "") return "match"'],
  ),
  "the method is ours to say": off(
    signatures,
    "connectors/douyin/verify.ts",
    'app.pushSigning === "either" ? methodByLength(eventSign) : app.pushSigning',
    "methodByLength(eventSign)",
  ),
  "a push names the app it is for": off(signatures, douyin, "if (app.appKey !== appId) continue;", ""),
  "a genuine push is whole": off(
    signatures,
    "connectors/shopify/verify.ts",
    "mandatory.every((name) => Boolean(headers[name]))",
    "mandatory.length > 0",
  ),
  "digests are compared whole, in constant time": off(
    signatures,
    digest,
    "timingSafeEqual(bytes, expected)",
    "bytes.equals(expected)",
  ),
  "no secret is empty": offEach(
    signatures,
    ["connectors/shopify/push.ts", 'typeof value !== "string" || value === ""', 'typeof value !== "string"'],
    [douyin, 'typeof appSecret !== "string" || appSecret.length < 16', 'typeof appSecret !== "string"'],
  ),
  "a secret that is taken away is forgotten": off(
    signatures,
    "shared/channel-settings.ts",
    "known && known.until > now()",
    "known",
  ),
  "a channel is one of those that push": offEach(signatures, [
    "connectors/push.ts",
    "Object.hasOwn(pushes, channel) ? pushes[channel] : undefined",
    "pushes[channel] ?? shopifyPush",
  ]),
  "what was sent twice has one id": off(
    signatures,
    "shared/lanes.ts",
    "digest(channel, shopId, about, topic, noticeId, via)",
    "digest(channel, shopId, about, topic, noticeId, via, String(process.hrtime.bigint()))",
  ),
};
