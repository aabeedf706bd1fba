import { describe, expect, it } from "vitest";
import { amazon as connector } from "#connectors/amazon/index.ts";
import { startAmazonShop } from "./amazon-shop.ts";

const queueArn = "arn:aws:sqs:us-east-1:111122223333:casebridge-dev-notifications-amazon";

/** A seller whose notifications reach us, with a buyer who asks to cancel an order. */
async function asked(seed: number) {
  const shop = await startAmazonShop();
  const { notifications } = connector;
  await notifications?.subscribe?.(queueArn, await shop.world());
  shop.amazon.sendTo(async (_, body) => {
    for (const notice of notifications?.read(body).notices ?? []) await shop.handle(notice);
  });
  const { orderId } = shop.amazon.askToCancel({ shopId: shop.shopId, seed });
  await shop.clock.advance(60_000);
  return { shop, orderId, key: `${orderId}/cancel` };
}

it("a buyer who asks before the order leaves is told, and the order cancelled by feed as a whole", async () => {
  const { shop, key } = await asked(1);
  expect(shop.held(key).facts).toMatchObject({ type: { value: "refund_only" }, state: { value: "requested" } });
  expect(shop.held(key).facts.deadlines).toMatchObject([{ kind: "respond", dueAt: "2026-02-04T02:00:00.000Z" }]);
  expect(JSON.stringify(shop.held(key))).not.toContain("48110");
  expect(await shop.ask(key, "message_buyer", { note: "We cancel your order." })).toBe("sent");
  expect(await shop.ask(key, "cancel_order")).toBe("sent");
  await shop.clock.advance(3_600_000);
  expect(shop.held(key).facts.state).toMatchObject({ value: "closed", raw: "Canceled" });
  expect(shop.held(key).commands.at(-1)).toMatchObject({ action: "cancel_order", status: "confirmed" });
  expect(shop.amazon.ledger()).toEqual([]);
  await shop.stop();
});

it("an order that leaves all the same is not cancelled, and no template is left for its buyer", async () => {
  const { shop, key, orderId } = await asked(2);
  shop.amazon.shipAllTheSame(orderId);
  await shop.clock.advance(60_000);
  expect(shop.held(key).facts).toMatchObject({ state: { value: "rejected" }, shipped: true });
  expect(await shop.ask(key, "cancel_order")).toMatch(/^Nothing can be cancelled any more: the goods have left/);
  expect(shop.held(key).facts.state).toMatchObject({ value: "rejected" });
  await shop.stop();
});

it("a message that Amazon allows no more becomes a person's, with its place and text", async () => {
  const { shop, key, orderId } = await asked(3);
  // The order leaves, and its notification is still on the way.
  shop.amazon.sendTo(async () => {});
  shop.amazon.shipAllTheSame(orderId);
  const action = connector.actions?.message_buyer;
  const command = { commandId: "message_buyer-2", action: "message_buyer", args: { note: "Hello" }, status: "sent" };
  const more = { askedBy: "person:anna", plannedAt: "2026-02-02T02:00:00.000Z", decidedOnVersion: 1 };
  const sending = action?.send(
    { subject: shop.held(key), command: { ...command, ...more } as never },
    await shop.world(),
  );
  await expect(sending).rejects.toMatchObject({ code: "channel_refused", details: { manualOnly: true } });
  await shop.stop();
});

/** A cancellation that Amazon took, and what became of it. The order's own notifications are lost. */
async function taken(
  seed: number,
  fate: Parameters<Awaited<ReturnType<typeof asked>>["shop"]["amazon"]["endNextFeed"]>[0],
) {
  const about = await asked(seed);
  const { shop, key } = about;
  shop.amazon.endNextFeed(fate);
  expect(await shop.ask(key, "cancel_order")).toBe("sent");
  shop.amazon.sendTo(async () => {});
  const feedId = shop.held(key).commands.at(-1)?.channelReference ?? "none";
  const result = () => {
    const { commands, tasks } = shop.held(key);
    const { status, problem } = commands.at(-1) ?? {};
    return { status, problem, tasks: tasks.map(({ taskId, what, link }) => ({ taskId, what, link })) };
  };
  return { ...about, feedId, result };
}

const consoleOf = (orderId: string) => `https://sellercentral.amazon.com/orders-v3/order/${orderId}`;

describe("a cancellation by feed that fails", () => {
  it("by an error of its message is refused with Amazon's reason, and a person's to do", async () => {
    const { shop, key, orderId, result } = await taken(4, "DONE");
    shop.amazon.shipAllTheSame(orderId);
    await shop.clock.advance(60_000);
    // While the feed is at work nothing is said of it.
    await shop.reread(key);
    expect(result()).toEqual({ status: "sent", problem: undefined, tasks: [] });
    await shop.clock.advance(900_000);
    await shop.reread(key);
    const reason = "0: The order cannot be cancelled any more.";
    expect(result()).toEqual({
      status: "refused",
      problem: reason,
      tasks: [{ taskId: "do_cancel_order", what: expect.stringContaining(reason), link: consoleOf(orderId) }],
    });
    // Read again, it says nothing new.
    const { revision } = shop.held(key);
    await shop.reread(key);
    expect(shop.held(key).revision).toBe(revision);
    await shop.stop();
  });

  it.each([
    ["FATAL_NOT_APPLIED", "FATAL, it was stopped and may have been carried out all the same"],
    ["CANCELLED", "CANCELLED, it was withdrawn before it began"],
  ] as const)("as a whole is refused with what that means, and a person's to do: %s", async (fate, reason) => {
    const { shop, key, orderId, result } = await taken(5, fate);
    await shop.clock.advance(960_000);
    await shop.reread(key);
    expect(result()).toEqual({
      status: "refused",
      problem: reason,
      tasks: [{ taskId: "do_cancel_order", what: expect.stringContaining(reason), link: consoleOf(orderId) }],
    });
    expect(await shop.ask(key, "cancel_order")).toContain("by feed");
    expect(shop.amazon.calls.filter(({ name }) => name === "createFeed")).toHaveLength(1);
    await shop.stop();
  });

  it("though it was carried out: the order says so, and nothing is left to do", async () => {
    const { shop, key } = await asked(6);
    shop.amazon.endNextFeed("FATAL_APPLIED");
    await shop.ask(key, "cancel_order");
    await shop.clock.advance(960_000);
    await shop.reread(key);
    expect(shop.held(key).facts.state).toMatchObject({ value: "closed", raw: "Canceled" });
    expect(shop.held(key).tasks).toEqual([]);
    await shop.stop();
  });

  it("is told by the feed's own notification as well, to the case that asked for it and no other", async () => {
    const { shop, key, orderId, feedId, result } = await taken(7, "DONE");
    shop.amazon.shipAllTheSame(orderId);
    await shop.clock.advance(960_000);
    const read = (id: string) => {
      const finished = { sellerId: shop.shopId, feedId: id, feedType: "POST_ORDER_ACKNOWLEDGEMENT_DATA" };
      const [notice] =
        connector.notifications?.read(
          JSON.stringify({
            notificationType: "FEED_PROCESSING_FINISHED",
            payload: { feedProcessingFinishedNotification: { ...finished, processingStatus: "DONE" } },
            notificationMetadata: { notificationId: "n1" },
          }),
        ).notices ?? [];
      if (!notice) throw new Error("no notice");
      return notice;
    };
    await shop.handle(read(feedId));
    expect(result()).toMatchObject({ status: "refused", tasks: [{ taskId: "do_cancel_order" }] });
    expect(shop.held(key).facts.refusedAnswer).toMatchObject({ reference: feedId });
    await shop.stop();
  });
});
