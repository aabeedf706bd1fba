import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Push, PushReading } from "#connectors/contract.ts";
import type { Notice } from "#shared/case/notice.ts";
import type { ShopNotice } from "#shared/case/shop-notice.ts";
import { SuiteError } from "#shared/errors.ts";
import { noticeMessage } from "#shared/lanes.ts";
import type { Message } from "#shared/queue.ts";
import { atNoon, listen } from "../../test/builders/fakes.ts";
import { type Deps, receiveWebhook } from "./receive-webhook.ts";

let heard: ReturnType<typeof listen>;
beforeEach(() => {
  heard = listen();
});
afterEach(() => heard.end());

const notice: Notice = {
  channel: "douyin",
  shopId: "1" as Notice["shopId"],
  subject: { kind: "lookup", by: "order", id: "9" },
  topic: "200",
  noticeId: "m1",
  opens: true,
  via: "push",
};
const nothing: PushReading = { notices: [], ignored: [], rejected: [] };

/** Receives a push on a channel that reads `reading` out of every message; parts of both may be replaced. */
async function receive({
  reading = { ...nothing, notices: [notice] },
  push = {},
  deps = {},
  call = {},
}: {
  reading?: PushReading;
  push?: Partial<Push<unknown>>;
  deps?: Partial<Deps>;
  call?: { channel?: string; contentType?: string | undefined; body?: Uint8Array };
} = {}) {
  const intake: Message[] = [];
  const quarantine: Message[] = [];
  const shops: Message[] = [];
  const own: Push<unknown> = {
    app: (settings) => settings,
    verify: () => ({ ok: true, live: 0 }),
    read: () => reading,
    reply: (outcome) => ({ status: outcome === "accepted" ? 200 : 400, contentType: "text/x-channel", body: outcome }),
    ...push,
  };
  const { channel = "douyin", contentType = "application/json", body = Buffer.from("{}") } = call;
  const answer = await receiveWebhook(
    { method: "POST", params: { channel }, headers: { "content-type": contentType }, body },
    {
      pushOf: (name) => (name === "douyin" ? own : undefined),
      channelSettings: async () => ["newest", "older"],
      clock: atNoon,
      enqueue: async (messages) => void intake.push(...messages),
      quarantine: async (messages) => void quarantine.push(...messages),
      tellShops: async (messages) => void shops.push(...messages),
      ...deps,
    },
  );
  return { answer, intake, quarantine, shops };
}

describe("a genuine push", () => {
  it("is queued as one notice per case, counted, and answered in the platform's form", async () => {
    const { answer, intake } = await receive();
    expect(answer).toEqual({ status: 200, contentType: "text/x-channel", body: "accepted" });
    expect(intake).toEqual([noticeMessage(notice)]);
    expect(heard.metric("WebhookAccepted")).toEqual([1]);
  });

  it("is checked with every live version of the settings, the clock and the untouched bytes", async () => {
    const body = Buffer.from([0xff, 0x00]);
    let seen: unknown[] = [];
    const verify: Push<unknown>["verify"] = (request, apps, now) => {
      seen = [request.body, apps, now];
      return { ok: true, live: 1 };
    };
    await receive({ push: { verify }, call: { body } });
    expect(seen).toEqual([body, ["newest", "older"], atNoon.now()]);
  });

  it.each([
    ["the newest secret", 0, []],
    ["the one before", 1, [1]],
  ])("tells the operator who rotates whether the old secret is still in use: signed with %s", async (_, live, told) => {
    const { intake } = await receive({ push: { verify: () => ({ ok: true, live }) } });
    expect([intake.length, heard.metric("OldSecretInUse")]).toEqual([1, told]);
  });

  it("keeps a bad record aside with its reason, and the others go on", async () => {
    const rejected = [{ why: "no id", record: '{"a":9007199254740993}' }];
    const { answer, intake, quarantine } = await receive({ reading: { ...nothing, notices: [notice], rejected } });
    expect([answer.status, intake.length]).toEqual([200, 1]);
    expect(quarantine.map(({ body }) => JSON.parse(body))).toEqual([
      { channel: "douyin", from: "push", ...rejected[0] },
    ]);
    expect(heard.metric("RecordQuarantined")).toEqual([1]);
  });

  it("about the shop itself goes a way of its own", async () => {
    const shopNotice = {
      ...{ channel: "shopify", shopId: "a.myshopify.com", topic: "shop/redact", noticeId: "1" },
      what: { kind: "shop_erasure" },
    } as ShopNotice;
    const { answer, intake, shops } = await receive({ reading: { ...nothing, shopNotices: [shopNotice] } });
    expect([answer.status, intake, shops.map(({ body }) => JSON.parse(body))]).toEqual([
      200,
      [],
      [{ notice: shopNotice }],
    ]);
  });

  it("is acknowledged and counted when it is of no interest", async () => {
    const { answer, intake } = await receive({ reading: { ...nothing, ignored: [{ topic: "x", why: "no case" }] } });
    expect([answer.status, intake]).toEqual([200, []]);
    expect(heard.metric("WebhookIgnored")).toEqual([1]);
  });
});

const unreadable = (): PushReading => {
  throw new SuiteError("payload_invalid", "no");
};

describe("a push that cannot be taken", () => {
  it.each([
    [
      "of a channel nobody knows",
      { call: { channel: "nobody" } },
      { status: 404, body: '{"message":"Not Found"}' },
      [],
    ],
    ["that is too large", { call: { body: new Uint8Array(1_048_577) } }, { body: "too_large" }, ["WebhookUnreadable"]],
    ["of another type", { call: { contentType: "text/xml" } }, { body: "unsupported_media" }, ["WebhookUnreadable"]],
    [
      "whose type only begins like JSON",
      { call: { contentType: "application/jsonp" } },
      { body: "unsupported_media" },
      ["WebhookUnreadable"],
    ],
    [
      "that is forged",
      { push: { verify: () => ({ ok: false, reason: "signature_mismatch" }) } },
      { body: "unauthorized" },
      ["WebhookRefused"],
    ],
    ["that cannot be read", { push: { read: unreadable } }, { body: "unreadable" }, ["WebhookUnreadable"]],
  ] as const)("%s leaves nothing behind but a count", async (_, parts, expected, metrics) => {
    const { answer, intake, quarantine } = await receive(parts as Parameters<typeof receive>[0]);
    expect(answer).toMatchObject(expected);
    expect([intake, quarantine]).toEqual([[], []]);
    for (const name of metrics) expect(heard.metric(name)).toEqual([1]);
  });

  it.each([
    [
      "a secret is missing",
      { channelSettings: async () => Promise.reject(new SuiteError("misconfigured", "fill the secret")) },
    ],
    ["the queue takes nothing", { enqueue: async () => Promise.reject(new SuiteError("queue_unavailable", "away")) }],
    ["we have a mistake", { enqueue: async () => Promise.reject(new TypeError("buyer Erika")) }],
  ])("asks the platform to come again when %s, and says what is wrong without quoting", async (_, deps) => {
    const { answer } = await receive({ deps });
    expect(answer).toMatchObject({ contentType: "text/x-channel", body: "unavailable" });
    expect(heard.said()).toMatchObject([{ level: "error", message: "webhook not taken", channel: "douyin" }]);
    expect(JSON.stringify(heard.said())).not.toContain("Erika");
  });

  it("is not answered with success when its bad record could not be kept", async () => {
    const quarantine = async () => Promise.reject(new SuiteError("queue_unavailable", "away"));
    const { answer } = await receive({
      reading: { ...nothing, rejected: [{ why: "x", record: "{}" }] },
      deps: { quarantine },
    });
    expect(answer.body).toBe("unavailable");
  });
});
