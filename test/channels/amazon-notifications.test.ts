import { expect, it } from "vitest";
import { amazon as connector } from "#connectors/amazon/index.ts";
import { startAmazonShop } from "./amazon-shop.ts";

const queueArn = "arn:aws:sqs:us-east-1:111122223333:casebridge-dev-notifications-amazon";
type Shop = Awaited<ReturnType<typeof startAmazonShop>>;

const made = ({ amazon }: Shop, name: string) => amazon.calls.filter((call) => call.name === name).length;

it("subscribes a seller to a queue of ours once, and again to the queue of a later deployment", async () => {
  const shop = await startAmazonShop();
  const subscribe = async (arn: string) => {
    await connector.notifications?.subscribe?.(arn, await shop.world());
    await shop.clock.advance(10_000); // so that the usage plan allows the next
  };
  await subscribe(queueArn);
  await subscribe(queueArn);
  expect([made(shop, "createDestination"), made(shop, "createSubscription")]).toEqual([1, 3]);
  await subscribe(`${queueArn}-2`);
  expect([made(shop, "createDestination"), made(shop, "deleteSubscriptionById")]).toEqual([2, 3]);
  const sent: string[] = [];
  shop.amazon.sendTo(async (arn) => void sent.push(arn));
  const { key } = shop.amazon.ask({ shopId: shop.shopId, plan: "by hand", seed: 1 });
  shop.amazon.act(key, "staff-refund");
  await shop.clock.advance(9 * 3_600_000);
  expect(sent).toEqual([`${queueArn}-2`]);
  await shop.stop();
});

it("is told of money that moved and of feeds that ended, long before a poll would ask", async () => {
  const shop = await startAmazonShop({ settings: { reportShowsRefunds: false } });
  await connector.notifications?.subscribe?.(queueArn, await shop.world());
  shop.amazon.sendTo(async (_, body) => {
    for (const notice of connector.notifications?.read(body).notices ?? []) await shop.handle(notice);
  });
  const { key } = shop.amazon.ask({ shopId: shop.shopId, plan: "by hand", seed: 1 });
  shop.amazon.act(key, "scan");
  shop.amazon.act(key, "deliver");
  await shop.pollAll();
  expect(await shop.refund(key)).toBe("sent");
  await shop.clock.advance(9 * 3_600_000);
  expect(shop.held(key).facts).toMatchObject({ outcome: "refunded", money: { status: "paid" } });
  expect(shop.held(key).commands.map(({ status }) => status)).toEqual(["confirmed"]);
  await shop.stop();
});

it("names in its own words the role that a call lacks", async () => {
  const shop = await startAmazonShop({ settings: { rolesMissing: ["createReport"] } });
  await expect(shop.poll("returns")).rejects.toMatchObject({
    code: "misconfigured",
    message: expect.stringContaining('add the role "Inventory and Order Tracking"'),
  });
  await shop.stop();
});

it("keeps on working with the old secret of our app for the days in which both are good", async () => {
  const shop = await startAmazonShop();
  const day = 86_400_000;
  shop.amazon.rotateSecret();
  await shop.clock.advance(2 * day);
  expect(await shop.poll("returns")).toBe(0);
  await shop.clock.advance(6 * day);
  await expect(shop.poll("returns")).rejects.toMatchObject({ code: "misconfigured" });
  await shop.stop();
});
