import { describe, expect, it } from "vitest";
import { stateOf } from "#shared/case/case.ts";
import { startAmazonShop } from "./amazon-shop.ts";

const hour = 3_600_000;
const day = 24 * hour;
type Shop = Awaited<ReturnType<typeof startAmazonShop>>;

const feedsMade = ({ amazon }: Shop) => amazon.calls.filter(({ name }) => name === "createFeed").length;
const commandOf = (shop: Shop, key: string) => shop.held(key).commands.map(({ status }) => status);

/** A return whose goods are back, as our side knows it. */
async function delivered(shop: Shop, seed = 1) {
  const { key } = shop.amazon.ask({ shopId: shop.shopId, plan: "by hand", seed });
  for (const act of ["scan", "deliver"] as const) {
    await shop.clock.advance(day);
    shop.amazon.act(key, act);
  }
  await shop.pollAll();
  return key;
}

describe("a return in the US", () => {
  it("is requested, authorised by a person, delivered, refunded by our feed in time, and proven by Finances", async () => {
    const shop = await startAmazonShop();
    const { amazon, clock, held } = shop;
    const { key, principalMinor, taxMinor } = amazon.ask({
      shopId: shop.shopId,
      plan: "by hand",
      seed: 1,
      isInPolicy: false,
    });
    await shop.pollAll();
    expect(held(key).facts).toMatchObject({ state: { value: "requested" }, waitingOn: "merchant", market: "US" });
    amazon.act(key, "staff-authorise");
    await shop.pollAll();
    expect(held(key).facts).toMatchObject({ state: { value: "approved" }, waitingOn: "buyer" });
    await clock.advance(day);
    amazon.act(key, "deliver");
    await shop.pollAll();
    const paid = { amountMinor: principalMinor + taxMinor, currency: "USD" };
    expect(held(key).facts).toMatchObject({
      state: { value: "received" },
      waitingOn: "merchant",
      goods: { status: "returned" },
      money: { status: "pending", claimed: paid },
      returnedAt: "2026-02-02T08:00:00.000Z",
    });

    await clock.advance(day);
    expect(await shop.refund(key)).toBe("sent");
    expect(amazon.ledger()).toEqual([]);
    await clock.advance(hour);
    expect(amazon.ledger()).toMatchObject([{ amountMinor: paid.amountMinor, executedBy: "merchant_api" }]);
    // Finances lags: the money has moved, and nothing proves it yet but the report.
    await clock.advance(10 * hour);
    await shop.pollAll();
    expect(held(key).facts).toMatchObject({ outcome: "refunded", money: { status: "paid", settled: paid }, flags: [] });
    expect(held(key).facts.money.settledAt).toBeDefined();
    expect(commandOf(shop, key)).toEqual(["confirmed"]);
    expect(amazon.truth()).toMatchObject([{ state: "refunded", settledMinor: paid.amountMinor, missedDeadlines: 0 }]);
    await clock.advance(10 * day);
    expect(amazon.ledger()).toHaveLength(1);
    await shop.stop();
  });

  it("that Amazon refunds first is not refunded again", async () => {
    const shop = await startAmazonShop({ settings: { reportShowsRefunds: false } });
    const key = await delivered(shop);
    await shop.clock.advance(5 * day);
    expect(await shop.refund(key)).toBe("not_allowed_from_state");
    expect(stateOf(shop.held(key))).toBe("refunded");
    expect(feedsMade(shop)).toBe(0);
    expect(shop.amazon.ledger()).toMatchObject([{ executedBy: "platform_timer" }]);
    await shop.stop();
  });

  it("that is paid at the first scan is blocked before Finances shows it", async () => {
    const shop = await startAmazonShop({ settings: { reportShowsRefunds: false } });
    const { key } = shop.amazon.ask({ shopId: shop.shopId, plan: "by hand", seed: 2, resolution: "RefundAtFirstScan" });
    await shop.clock.advance(day);
    shop.amazon.act(key, "scan");
    shop.amazon.act(key, "deliver");
    await shop.pollAll();
    expect(shop.held(key).facts).toMatchObject({ state: { value: "received" }, waitingOn: "channel" });
    expect(await shop.refund(key)).toBe("already_paid");
    await shop.clock.advance(day);
    await shop.pollAll();
    expect(shop.held(key).facts).toMatchObject({ outcome: "refunded", money: { executedBy: "platform_robot" } });
    await shop.stop();
  });

  it("whose A-to-z claim is granted is a dispute decided for the buyer, and never paid by us", async () => {
    const shop = await startAmazonShop();
    const { key } = shop.amazon.ask({ shopId: shop.shopId, plan: "by hand", seed: 3 });
    shop.amazon.act(key, "claim");
    await shop.pollAll();
    expect(shop.held(key).facts).toMatchObject({
      dispute: { status: { value: "evidence_due" } },
      waitingOn: "merchant",
    });
    expect(await shop.refund(key)).toBe("disputed");
    shop.amazon.act(key, "grant-claim");
    await shop.clock.advance(day);
    await shop.pollAll();
    expect(shop.held(key).facts).toMatchObject({
      state: { value: "refunded" },
      dispute: { status: { value: "decided_for_buyer" } },
      money: { executedBy: "platform_robot" },
    });
    expect(feedsMade(shop)).toBe(0);
    await shop.stop();
  });
});

describe("a refund feed", () => {
  it("that ends FATAL though it was applied is not sent again, and Finances settles it", async () => {
    const shop = await startAmazonShop({ settings: { reportShowsRefunds: false } });
    const key = await delivered(shop);
    shop.amazon.endNextFeed("FATAL_APPLIED");
    expect(await shop.refund(key)).toBe("sent");
    await shop.clock.advance(2 * hour);
    await shop.pollAll();
    expect(stateOf(shop.held(key))).toBe("received");
    expect(await shop.refund(key)).toBe("already_asked");
    await shop.clock.advance(12 * hour);
    await shop.pollAll();
    expect(shop.held(key).facts.outcome).toBe("refunded");
    expect(commandOf(shop, key)).toEqual(["confirmed"]);
    expect(shop.amazon.ledger()).toHaveLength(1);
    expect(feedsMade(shop)).toBe(1);
    await shop.stop();
  });

  it("whose answer is lost is unclear, is not made again, and is settled by Finances", async () => {
    const shop = await startAmazonShop();
    const key = await delivered(shop);
    shop.useHttp((send) => async (request) => {
      if (request.method === "POST" && request.url.endsWith("/feeds")) shop.amazon.inject({ answersLost: 1 });
      try {
        return await send(request);
      } finally {
        shop.amazon.inject({});
      }
    });
    expect(await shop.refund(key)).toBe("answer_unclear");
    expect(await shop.refund(key)).toBe("already_asked");
    await shop.clock.advance(12 * hour);
    await shop.pollAll();
    expect(commandOf(shop, key)).toEqual(["confirmed"]);
    expect(shop.amazon.ledger()).toHaveLength(1);
    await shop.stop();
  });

  it("that ends FATAL and was not applied settles nothing until Finances would show it, and is then refused", async () => {
    const shop = await startAmazonShop({ settings: { reportShowsRefunds: false, automatedRefundMs: 30 * day } });
    const key = await delivered(shop);
    shop.amazon.endNextFeed("FATAL_NOT_APPLIED");
    expect(await shop.refund(key)).toBe("sent");
    await shop.clock.advance(2 * hour);
    await shop.reread(key);
    expect(shop.held(key).facts).toMatchObject({ money: { status: "pending" }, flags: ["needs_review"] });
    expect(await shop.refund(key)).toBe("already_asked");
    await shop.clock.advance(60 * hour);
    await shop.reread(key);
    expect(commandOf(shop, key)).toEqual(["refused"]);
    expect(shop.held(key).facts).toMatchObject({ money: { status: "failed" } });
    // Now it may be asked for again; the end of the first feed is not taken for the second's.
    expect(await shop.refund(key)).toBe("sent");
    await shop.poll("refundFeeds");
    expect(commandOf(shop, key)).toEqual(["refused", "sent"]);
    await shop.clock.advance(hour);
    await shop.reread(key);
    expect(commandOf(shop, key)).toEqual(["refused", "confirmed"]);
    expect(shop.amazon.ledger()).toHaveLength(1);
    await shop.stop();
  });

  it("that went through is known by its own end, long before Finances prove it", async () => {
    const shop = await startAmazonShop({ settings: { reportShowsRefunds: false } });
    const key = await delivered(shop);
    expect(await shop.refund(key)).toBe("sent");
    await shop.clock.advance(hour / 2);
    await shop.reread(key);
    expect(commandOf(shop, key)).toEqual(["confirmed"]);
    expect(shop.held(key).facts.money.status).toBe("moving");
    expect(await shop.refund(key)).toBe("already_paid");
    await shop.poll("returns");
    expect(shop.held(key).facts).toMatchObject({ state: { value: "received" }, money: { status: "moving" } });
    await shop.stop();
  });

  it("that Amazon refuses by its processing report says that the refund failed", async () => {
    const shop = await startAmazonShop({ settings: { reportShowsRefunds: false } });
    const key = await delivered(shop);
    // A person was faster, and Finances does not show it yet.
    shop.amazon.act(key, "staff-refund");
    expect(await shop.refund(key)).toBe("sent");
    await shop.clock.advance(hour);
    await shop.poll("refundFeeds");
    expect(shop.held(key).facts).toMatchObject({ money: { status: "failed" }, flags: ["refund_failed"] });
    expect(shop.held(key).commands).toMatchObject([{ status: "refused", problem: expect.stringContaining("failed") }]);
    await shop.clock.advance(12 * hour);
    await shop.pollAll();
    expect(shop.held(key).facts).toMatchObject({ outcome: "refunded", flags: [] });
    expect(shop.amazon.ledger()).toMatchObject([{ executedBy: "merchant_console" }]);
    await shop.stop();
  });
});

describe("reports", () => {
  it.each([
    ["the flat file", "na", "flat"],
    ["the flat file in ISO-8859-1", "eu", "flat"],
    ["the XML", "na", "xml"],
    ["the flat file in yen", "fe", "flat"],
  ] as const)("bring every return of a month: %s", async (_, region, returnsReport) => {
    const shop = await startAmazonShop({ region, credentials: { returnsReport } });
    for (let seed = 1; seed <= 30; seed++) {
      shop.amazon.ask({ shopId: shop.shopId, plan: "by hand", seed });
      await shop.clock.advance(day);
    }
    expect(await shop.poll("returns")).toBe(30);
    expect([...shop.cases.keys()].sort()).toEqual(
      shop.amazon
        .truth()
        .map(({ channelCaseId }) => channelCaseId)
        .sort(),
    );
    await shop.stop();
  });

  it("of a seller without returns are empty, and of one whose grant has ended refused", async () => {
    const shop = await startAmazonShop();
    for (const name of ["returns", "fbaReturns", "fbaReimbursements", "refunds", "refundFeeds"])
      expect(await shop.poll(name)).toBe(0);
    shop.amazon.authorise(shop.shopId, false);
    await shop.clock.advance(2 * hour);
    await expect(shop.poll("returns")).rejects.toMatchObject({ code: "credentials_rejected" });
    await shop.stop();
  });
});

describe("every plan", () => {
  it("ends where the marketplace says, whether or not anybody answers", async () => {
    const shop = await startAmazonShop();
    const { amazon, clock } = shop;
    for (const plan of Object.keys(amazon.plans)) {
      for (const seed of [1, 2]) await amazon.openCase({ shopId: shop.shopId, plan, seed });
    }
    for (let days = 0; days < 20; days++) {
      await clock.advance(day);
      await shop.pollAll();
    }
    for (const { channelCaseId, state, settledMinor, settled } of amazon.truth()) {
      const { facts } = shop.held(channelCaseId);
      expect(settled).toBe(true);
      expect([stateOf({ facts }), facts.money.settled?.amountMinor ?? 0]).toEqual([state, settledMinor]);
    }
    await shop.stop();
  });
});
