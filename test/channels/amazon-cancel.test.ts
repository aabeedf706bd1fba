import { expect, it } from "vitest";
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
  expect(await shop.ask(key, "cancel_order")).toBe("not_allowed_from_state");
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
