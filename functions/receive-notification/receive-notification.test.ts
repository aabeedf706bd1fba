import { afterEach, beforeEach, expect, it } from "vitest";
import type { PushReading } from "#connectors/contract.ts";
import { rereadNotice } from "#connectors/session/reread.ts";
import type { ShopNotice } from "#shared/case/shop-notice.ts";
import { SuiteError } from "#shared/errors.ts";
import type { Message } from "#shared/queue.ts";
import { someCase } from "../../test/builders/case-builder.ts";
import { listen } from "../../test/builders/fakes.ts";
import { receiveNotification } from "./receive-notification.ts";

let heard: ReturnType<typeof listen>;
beforeEach(() => {
  heard = listen();
});
afterEach(() => heard.end());

const nothing: PushReading = { notices: [], ignored: [], rejected: [] };

async function receive(reading: Partial<PushReading>) {
  const queued: Message[] = [];
  const aside: Message[] = [];
  const shops: Message[] = [];
  await receiveNotification("a message", {
    channel: "amazon",
    read: (body) => {
      if (body !== "a message") throw new SuiteError("payload_invalid", "another body");
      return { ...nothing, ...reading };
    },
    enqueue: async (messages) => void queued.push(...messages),
    quarantine: async (messages) => void aside.push(...messages),
    tellShops: async (messages) => void shops.push(...messages),
  });
  return { queued, aside, shops };
}

it("queues one notice for each case, under the message's own id", async () => {
  const notice = rereadNotice(someCase(), "n-1");
  const { queued } = await receive({ notices: [notice] });
  expect(queued.map(({ body }) => JSON.parse(body))).toEqual([notice]);
  expect((await receive({ notices: [notice] })).queued).toEqual(queued);
  expect(heard.metric("WebhookAccepted")).toEqual([1, 1]);
});

it("counts what is of no interest, and sets aside what it does not understand", async () => {
  const { queued, aside } = await receive({
    ignored: [{ topic: "ORDER_CHANGE", why: "no buyer asks to cancel" }],
    rejected: [{ why: "no order", record: "{}" }],
  });
  expect(queued).toEqual([]);
  expect(aside.map(({ body }) => JSON.parse(body))).toEqual([
    { channel: "amazon", from: "notifications", why: "no order", record: "{}" },
  ]);
  expect(heard.metric("WebhookIgnored")).toEqual([1]);
  expect(heard.metric("RecordQuarantined")).toEqual([1]);
});

it("hands on what concerns the shop itself", async () => {
  const notice = {
    ...{ channel: "shopify", shopId: "a.myshopify.com", topic: "shop/redact", noticeId: "1" },
    what: { kind: "shop_erasure" },
  } as ShopNotice;
  const { queued, shops } = await receive({ shopNotices: [notice] });
  expect([queued, shops.map(({ body }) => JSON.parse(body))]).toEqual([[], [{ notice }]]);
});
