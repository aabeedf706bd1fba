import { describe, expect, it } from "vitest";
import { douyinHeaders, douyinRecord, post, sendRaw, shopifyHeaders } from "./send.ts";
import { counted, demoApps, useIntake, written } from "./stack.ts";

// What a stranger, a broken proxy or a platform in trouble may send. Nothing is consumed here, so whatever a request
// leaves behind lies in a queue or in the table and would be seen.

const intake = useIntake();
const shop = "demo.myshopify.com";
const shopSecret = demoApps.shopify.clientSecret;

/** Words that stand in for buyers' data and secrets: none may come back in an answer or stand in a log. */
const canaries = [
  "Erika Mustermann",
  "+49 151 0000",
  "收货人王小明",
  ...Object.values(demoApps).flatMap(Object.values),
].filter((each) => !/^\d+$|integration-test-app/.test(each));

const orderBody = JSON.stringify({
  id: 5196600000101,
  admin_graphql_api_id: "gid://shopify/Return/7700110001",
  order: { customer: { name: "Erika Mustermann", phone: "+49 151 0000" } },
});
const record = () => douyinRecord({ shop_id: 10437917, aftersale_id: "7301234567890123403", remark: '"收货人王小明"' });
const pushBody = () => JSON.stringify([record()]);

type Channel = keyof typeof demoApps;
const genuine: Record<Channel, (body: string | Uint8Array) => Record<string, string>> = {
  shopify: (body) => shopifyHeaders(body, { topic: "returns/update", shop, secret: shopSecret }),
  douyin: (body) => douyinHeaders(body, demoApps.douyin),
};
const example: Record<Channel, () => string> = { shopify: () => orderBody, douyin: pushBody };

/** The platform's own form of a refusal. */
function refusal(channel: Channel, status: number): { contentType: string; body: unknown } {
  if (channel === "shopify") return { contentType: "text/plain; charset=utf-8", body: "" };
  const [code, msg] = { 400: [40041, "unreadable"], 401: [40044, "unauthorized"], 413: [40041, "too large"] }[
    status
  ] ?? [40041, "unsupported media type"];
  return { contentType: "application/json", body: { code, msg } };
}

const utf16 = (text: string) => new Uint8Array(Buffer.from(text, "utf16le"));
/** 售后 in GBK, which is no UTF-8. */
const gbk = (text: string) =>
  new Uint8Array(
    Buffer.concat([Buffer.from(text.slice(0, -2)), Buffer.from([0xca, 0xdb, 0xba, 0xf3]), Buffer.from(text.slice(-2))]),
  );

interface Bad {
  what: string;
  status: number;
  metric: "WebhookRefused" | "WebhookUnreadable";
  body?: (body: string) => string | Uint8Array;
  headers?: (headers: Record<string, string>) => Record<string, string | undefined>;
}

const signature: Record<Channel, string> = { shopify: "x-shopify-hmac-sha256", douyin: "event-sign" };
const forged = (change: (value: string) => string | undefined) => (headers: Record<string, string>) => {
  const name = Object.keys(headers).find((each) => Object.values(signature).includes(each)) ?? "";
  return { ...headers, [name]: change(headers[name] ?? "") };
};

const bad: readonly Bad[] = [
  { what: "no signature", status: 401, metric: "WebhookRefused", headers: forged(() => undefined) },
  { what: "an empty signature", status: 401, metric: "WebhookRefused", headers: forged(() => "") },
  {
    what: "a forged signature",
    status: 401,
    metric: "WebhookRefused",
    headers: forged((value) => [...value].reverse().join("")),
  },
  {
    what: "a signature cut short",
    status: 401,
    metric: "WebhookRefused",
    headers: forged((value) => value.slice(0, -4)),
  },
  {
    what: "the signature twice",
    status: 401,
    metric: "WebhookRefused",
    headers: forged((value) => `${value},${value}`),
  },
  {
    what: "a signature that is no digest",
    status: 401,
    metric: "WebhookRefused",
    headers: forged(() => "\u00e9".repeat(40)),
  },
  { what: "a body that is not JSON", status: 400, metric: "WebhookUnreadable", body: () => "<xml>1</xml>" },
  { what: "an empty body", status: 400, metric: "WebhookUnreadable", body: () => "" },
  { what: "null", status: 400, metric: "WebhookUnreadable", body: () => "null" },
  { what: "a truncated body", status: 400, metric: "WebhookUnreadable", body: (body) => body.slice(0, -9) },
  { what: "a body in GBK", status: 400, metric: "WebhookUnreadable", body: gbk },
  { what: "a body in UTF-16", status: 400, metric: "WebhookUnreadable", body: utf16 },
  {
    what: "100,000 brackets",
    status: 400,
    metric: "WebhookUnreadable",
    body: () => "[".repeat(100_000) + "]".repeat(100_000),
  },
  { what: "100,000 open braces", status: 400, metric: "WebhookUnreadable", body: () => '{"a":'.repeat(100_000) },
  { what: "5 MB", status: 413, metric: "WebhookUnreadable", body: (body) => body + " ".repeat(5_000_000) },
  {
    what: "another content type",
    status: 415,
    metric: "WebhookUnreadable",
    headers: (headers) => ({ ...headers, "content-type": "text/xml" }),
  },
  {
    what: "a form",
    status: 415,
    metric: "WebhookUnreadable",
    headers: (headers) => ({ ...headers, "content-type": "multipart/form-data; boundary=x" }),
  },
];

describe.each(Object.keys(genuine) as Channel[])("%s", (channel) => {
  it.each(bad)("answers $status to $what in the platform's own form, and keeps nothing but a count", async (each) => {
    const { runtime, urlOf } = intake();
    const before = written(runtime);
    const count = counted(runtime, each.metric, channel);
    const body = each.body?.(example[channel]()) ?? example[channel]();
    const headers = genuine[channel](body);
    const answer = await post(urlOf(channel), each.headers?.(headers) ?? headers, body);
    const expected = refusal(channel, each.status);
    const given = answer.contentType.includes("json") ? JSON.parse(answer.body) : answer.body;
    expect({ ...answer, body: given }).toEqual({ status: each.status, ...expected });
    expect(written(runtime)).toEqual(before);
    expect(counted(runtime, each.metric, channel)).toBe(count + 1);
  });

  it.each(["GET", "PUT", "DELETE", "OPTIONS"])("answers %s with 404 and calls no function", async (method) => {
    const { runtime, urlOf } = intake();
    const lines = runtime.logs.lines.length;
    const body = example[channel]();
    expect((await post(urlOf(channel), genuine[channel](body), body, method)).status).toBe(404);
    expect(runtime.logs.lines.length).toBe(lines);
  });

  it("takes a genuine push twice and queues it once", async () => {
    const { urlOf, take } = intake();
    const body = example[channel]();
    const headers = genuine[channel](body);
    expect((await post(urlOf(channel), headers, body)).status).toBe(200);
    expect((await post(urlOf(channel), headers, body)).status).toBe(200);
    const messages = await take("-intake.fifo");
    expect(messages).toHaveLength(1);
    expectNoCanary(messages.join());
  });
});

describe("the door", () => {
  it("answers a missing content type with 415", async () => {
    const { urlOf } = intake();
    const { pathname } = new URL(urlOf("shopify"));
    const headers = Object.entries(genuine.shopify(orderBody)).filter(([name]) => name !== "content-type");
    const lines = headers.map(([name, value]) => `${name}: ${value}`);
    expect(await sendRaw(urlOf("shopify"), [`POST ${pathname} HTTP/1.1`, ...lines], orderBody)).toMatch(
      /^HTTP\/1.1 415 /,
    );
  });

  it.each([
    ["x-shopify-hmac-sha256", "shopify"],
    ["event-sign", "douyin"],
    ["app-id", "douyin"],
  ] as const)("answers a doubled %s with 401", async (name, channel) => {
    const { urlOf, runtime } = intake();
    const before = written(runtime);
    const body = example[channel]();
    const headers = genuine[channel](body);
    const lines = Object.entries(headers).map(([each, value]) => `${each}: ${value}`);
    const sent = [`POST ${new URL(urlOf(channel)).pathname} HTTP/1.1`, ...lines, `${name}: ${headers[name]}`];
    expect(await sendRaw(urlOf(channel), sent, body)).toMatch(/^HTTP\/1.1 401 /);
    expect(written(runtime)).toEqual(before);
  });

  it.each([
    "/webhooks/amazon",
    "/webhooks/constructor",
    "/webhooks/__proto__",
    "/webhooks/shopify/../douyin/..",
    "/webhooks/..%2fshopify",
    "/webhooks/%2e%2e%2f%2e%2e%2fetc%2fpasswd",
    "/webhooks/shopify%00",
    "/webhooks/Shopify",
    "/webhooks/",
    "/",
  ])("answers 404 to %s", async (path) => {
    const { urlOf, runtime } = intake();
    const before = written(runtime);
    const lines = Object.entries(genuine.shopify(orderBody)).map(([name, value]) => `${name}: ${value}`);
    const answer = await sendRaw(urlOf("shopify"), [`POST ${path} HTTP/1.1`, ...lines], orderBody);
    expect(answer).toMatch(/^HTTP\/1.1 404 /);
    expect(answer).toContain('{"message":"Not Found"}');
    expect(written(runtime)).toEqual(before);
  });

  it("acknowledges an unknown topic and counts it", async () => {
    const { urlOf, runtime } = intake();
    const [before, ignored] = [written(runtime), counted(runtime, "WebhookIgnored", "shopify")];
    const headers = { ...genuine.shopify(orderBody), "x-shopify-topic": "carts/update" };
    expect((await post(urlOf("shopify"), headers, orderBody)).status).toBe(200);
    const tag = JSON.stringify([douyinRecord({ shop_id: 10437917 }, { tag: 9999 })]);
    expect((await post(urlOf("douyin"), genuine.douyin(tag), tag)).status).toBe(200);
    expect(written(runtime)).toEqual(before);
    expect(counted(runtime, "WebhookIgnored", "shopify")).toBe(ignored + 1);
  });

  it.each([
    "not a domain",
    "evil.example/..",
    "a.myshopify.com.evil.example",
  ])("refuses the shop %s, which is none of Shopify's", async (domain) => {
    const { urlOf, runtime } = intake();
    const before = written(runtime);
    const headers = { ...genuine.shopify(orderBody), "x-shopify-shop-domain": domain };
    expect((await post(urlOf("shopify"), headers, orderBody)).status).toBe(400);
    expect(written(runtime)).toEqual(before);
  });

  it("keeps the others of a batch with one bad record, and the bad one aside with its reason", async () => {
    const { urlOf, take, runtime } = intake();
    const count = counted(runtime, "RecordQuarantined", "douyin");
    const good = ["7301234567890123403", "7301234567890123404"].map((aftersale_id) =>
      douyinRecord({ shop_id: 10437917, aftersale_id }),
    );
    const body = JSON.stringify([good[0], { tag: "200", msg_id: "m", data: '{"shop_id":10437917}' }, good[1]]);
    const answer = await post(urlOf("douyin"), genuine.douyin(body), body);
    expect([answer.status, JSON.parse(answer.body)]).toEqual([200, { code: 0, msg: "success" }]);
    const queued = await take("-intake.fifo");
    expect(queued.map((text) => JSON.parse(text).subject.channelCaseId).sort()).toEqual([
      "7301234567890123403",
      "7301234567890123404",
    ]);
    const aside = await take("-quarantine");
    expect(aside.map((text) => JSON.parse(text))).toEqual([
      { channel: "douyin", from: "push", why: "no aftersale_id", record: expect.stringContaining('"msg_id":"m"') },
    ]);
    expect(counted(runtime, "RecordQuarantined", "douyin")).toBe(count + 1);
  });

  it("answers 503 in the platform's own form while a secret is missing, and takes the push once it is there", async () => {
    const { urlOf, runtime, take } = intake();
    const name = runtime.secrets.names.find((each) => each.endsWith("/douyin")) ?? "";
    const webhook = runtime.functions.find((each) => each.name.endsWith("-receive-webhook"))?.name ?? "";
    const before = written(runtime);
    const body = pushBody();
    runtime.secrets.set(name, { current: "" });
    await runtime.killWorker(webhook); // it remembers settings for five minutes
    const answer = await post(urlOf("douyin"), genuine.douyin(body), body);
    runtime.secrets.set(name, { current: demoApps.douyin });
    expect([answer.status, JSON.parse(answer.body)]).toEqual([503, { code: 40044, msg: "unavailable" }]);
    expect(written(runtime)).toEqual(before);
    expect((await post(urlOf("douyin"), genuine.douyin(body), body)).status).toBe(200);
    expect(await take("-intake.fifo")).toHaveLength(1);
  });

  it("answers 503 in the platform's own form when the queue takes nothing", async () => {
    const { urlOf, runtime, take } = intake();
    runtime.inject({ failing: 1, services: ["sqs"] });
    const answers = [];
    for (const channel of Object.keys(genuine) as Channel[]) {
      const body = example[channel]();
      const { status, contentType } = await post(urlOf(channel), genuine[channel](body), body);
      answers.push([status, contentType === refusal(channel, 400).contentType]);
    }
    runtime.inject({});
    expect(answers).toEqual([
      [503, true],
      [503, true],
    ]);
    expect(await take("-intake.fifo")).toEqual([]);
  });

  it("puts no secret, no buyer and no stack trace into a log", async () => {
    const { runtime, urlOf } = intake();
    const body = "{".repeat(5);
    await post(urlOf("shopify"), genuine.shopify(body), body);
    const lines = runtime.logs.lines.map(({ text }) => text).join("\n");
    expect(lines).toContain("webhook refused");
    expectNoCanary(lines);
    expect(lines).not.toMatch(/^\s+at .+:\d+:\d+/m);
  });
});

function expectNoCanary(text: string): void {
  for (const word of canaries) expect(text.includes(word), `${word} has left`).toBe(false);
}
