import { type Defences, off, offEach } from "./defence.ts";

const suite = "webhook-bodies";
const receive = "functions/receive-webhook/receive-webhook.ts";
const douyin = "connectors/douyin/push.ts";
const json = "shared/json.ts";

export const webhookBodyDefences: Defences = {
  "only JSON is taken": off(suite, receive, "/^application\\/json\\s*(;|$)/i", "/^/"),
  "a body is at most 1 MiB": off(suite, receive, "if (call.body.length > maxBodyBytes)", "if (maxBodyBytes < 0)"),
  "what cannot be read is refused by name": off(
    suite,
    receive,
    'if (!isSuiteError(fault, "payload_invalid")) throw fault;',
    "throw fault;",
  ),
  "text is UTF-8 or nothing": offEach(
    suite,
    [douyin, '"utf-8", { fatal: true }', '"utf-8"'],
    ["connectors/shopify/body.ts", '"utf-8", { fatal: true }', '"utf-8"'],
  ),
  "nesting is bounded": off(suite, json, "if (depth > maxDepth)", "if (depth > 1e6)"),
  "no key reaches a prototype": offEach(
    suite,
    [json, 'Reflect.deleteProperty(value, "__proto__")', "Object.assign(value, Object.values(value)[0])"],
    [douyin, "parseExactId(data) ?? parseLossless(data)", "parseLossless(data)"],
  ),
  "ids keep every digit": offEach(
    suite,
    [douyin, "parseExactId(data) ?? parseLossless(data)", "JSON.parse(data)"],
    [douyin, "Number.isSafeInteger(value) ? String(value)", 'typeof value === "number" ? BigInt(value).toString()'],
  ),
  "an id is digits, and nothing that a key could be made of": offEach(suite, [
    douyin,
    'typeof text === "string" && /^[1-9]\\d{0,24}$/.test(text) ? text : undefined',
    "String(text)",
  ]),
  "a shop is a domain of Shopify": off(
    suite,
    "connectors/shopify/push.ts",
    "if (!shopDomain.test(shop))",
    'if (shop === "")',
  ),
  "a request to erase is known by its signed body": off(
    suite,
    "connectors/shopify/shop-notices.ts",
    'if (message.shop_id === undefined || "customer" in message || "id" in message)',
    "if (message.shop_id === undefined)",
  ),
  "whose shop it is stands in the signed body": off(
    suite,
    "connectors/shopify/shop-notices.ts",
    ": message.shop_domain;",
    ': headers["x-shopify-shop-domain"];',
  ),
  "a bad record is set aside alone": off(
    suite,
    douyin,
    'if (typeof outcome === "string") rejected.push',
    'if (typeof outcome === "string") throw new SuiteError("payload_invalid", outcome);\n      else if (rejected.length > 1) rejected.push',
  ),
  "what is of no interest is acknowledged and counted": off(
    suite,
    receive,
    'count("WebhookIgnored", ignored.length, { channel });',
    "",
  ),
  "an answer is never taken for a page": off(
    suite,
    "shared/lambda/on-http.ts",
    '"x-content-type-options": "nosniff"',
    '"x-content-type-options": ""',
  ),
  "a fault says nothing of us": off(
    suite,
    "shared/channel-settings.ts",
    "// The text itself must not travel on in an error.",
    "throw Object.assign(cause, { code: cause.message, details: {} });",
  ),
};
