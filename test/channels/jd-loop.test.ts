import { describe, expect, it } from "vitest";
import { jd as connector } from "#connectors/jd/index.ts";
import { type Case, stateOf } from "#shared/case/case.ts";
import { createStore } from "#shared/store/index.ts";
import { useTable } from "../engine.ts";
import { startJdShop } from "./jd-shop.ts";

const table = useTable();
const hour = 3_600_000;
const day = 24 * hour;
const waybill = { carrier: "467 顺丰速运", trackingNo: "SF0000000000777" };
const switches = { readOrders: true, refundByApi: true };

/** Everything of a group, by id, as a person would see it as one request. */
const groupOf = (cases: Iterable<Case>, groupKey: string | undefined) =>
  [...cases].filter(({ facts }) => facts.groupKey === groupKey).map(({ channelCaseId }) => channelCaseId);

describe("a request for three units", () => {
  it("is one group, audited once, booked in with one unit damaged; two are paid, one goes back with evidence", async () => {
    const shop = await startJdShop({ credentials: { switches } });
    const { jd, clock, held, command } = shop;
    const tickets = jd.applyForService({ shopId: shop.shopId, plan: "by hand", seed: 1, expect: 10, units: 3 });
    await shop.pollAll();
    expect(shop.cases.size).toBe(3);
    const [first] = tickets;
    const ids = groupOf(shop.cases.values(), held(first.key).facts.groupKey);
    expect(ids.sort()).toEqual(tickets.map(({ key }) => key).sort());
    for (const { serviceId, orderId, applyId } of tickets) {
      expect(Number.isSafeInteger(Number(serviceId))).toBe(false);
      expect(held(`ticket-${serviceId}`).facts).toMatchObject({ groupKey: `apply-${applyId}`, orders: [{ orderId }] });
    }

    const [address] = (await connector.listAddresses?.(shop.world())) ?? [];
    const consent = { addressId: address?.addressId, note: "同意退货" };
    // One word of one person, and each ticket is audited with its own version.
    expect(await shop.commandOnRequest(first.key, "agree_return", consent)).toEqual(Array(3).fill("confirmed"));
    expect(jd.calls.filter(({ name }) => name === "jingdong.asc.audit.send")).toHaveLength(3);
    expect(ids.map((id) => stateOf(held(id)))).toEqual(["approved", "approved", "approved"]);
    expect(jd.case(first.key)).toMatchObject({
      approve: { notes: "同意退货；退货地址：北京市顺义区模拟仓 1 号 模拟店售后 010-00000000" },
    });
    expect(await command(first.key, "provide_address", consent)).toMatch(/^Check in the merchant's console/);

    await clock.advance(day);
    for (const id of ids) jd.act(id, "ship");
    await shop.pollAll();
    expect(ids.map((id) => stateOf(held(id)))).toEqual(Array(3).fill("return_in_transit"));
    expect(held(first.key).facts.goods).toMatchObject({ wayBack: { carrier: "顺丰速运" }, addressProvided: true });
    for (const id of ids) jd.act(id, "arrive");
    const [good = "", alsoGood = "", damaged = ""] = ids.map(String);
    for (const id of [good, alsoGood]) expect(await command(id, "confirm_receipt")).toBe("confirmed");
    expect(await command(damaged, "confirm_receipt", { reasonCode: "damaged", note: "壶嘴断裂" })).toBe("confirmed");

    const evidence = [{ kind: "photo", url: "https://evidence.example.com/1.jpg" }];
    expect(await command(damaged, "remark", { note: "壶嘴断裂", evidence })).toBe("sent");
    expect(await command(damaged, "refuse", { ...waybill, evidence })).toBe("confirmed");
    for (const id of [good, alsoGood]) expect(await command(id, "agree_refund")).toBe("sent");
    await clock.advance(hour);
    await shop.pollAll();

    expect([good, alsoGood].map((id) => held(id).facts.outcome)).toEqual(["refunded", "refunded"]);
    expect(held(damaged).facts).toMatchObject({
      state: { value: "closed" },
      outcome: "refused",
      money: { status: "none" },
    });
    const logged = jd.case(damaged);
    expect(JSON.stringify(logged)).toContain("https://evidence.example.com/1.jpg");
    expect(
      jd
        .ledger()
        .map(({ channelCaseId }) => channelCaseId)
        .sort(),
    ).toEqual([good, alsoGood].sort());
    for (const truth of jd.truth()) {
      const ours = held(truth.channelCaseId);
      expect({ state: stateOf(ours), settled: ours.facts.money.settled?.amountMinor ?? 0 }).toEqual({
        state: truth.state,
        settled: truth.settledMinor,
      });
    }
    await shop.stop();
  });

  it.each([
    "recent",
    "older",
  ] as const)("keeps every digit of ids above 2^53 from the wire to the table and back, in the %s vintage", async (vintage) => {
    const shop = await startJdShop({ settings: { vintage } });
    const [ticket] = shop.jd.applyForService({ shopId: shop.shopId, plan: "by hand", seed: 2, expect: 10 });
    await shop.pollAll();
    const { cases } = createStore(table());
    const seen = shop.held(ticket.key);
    await cases.create(seen);
    const stored = await cases.get(seen.tenantId, seen.caseId);
    expect(stored).toMatchObject({
      channelCaseId: `ticket-${ticket.serviceId}`,
      facts: {
        groupKey: `apply-${ticket.applyId}`,
        orders: [{ orderId: ticket.orderId }],
        goods: { lines: [{ lineId: ticket.lineId }] },
      },
    });
    for (const id of [ticket.serviceId, ticket.applyId, ticket.orderId, ticket.lineId])
      expect(BigInt(id) > 2n ** 53n).toBe(true);

    const sent: string[] = [];
    shop.useHttp((send) => async (request) => {
      sent.push(new URLSearchParams(String(request.body)).get("360buy_param_json") ?? "");
      return send(request);
    });
    if (!stored) throw new Error("the case is gone");
    shop.cases.set(stored.channelCaseId, stored);
    expect(await shop.command(ticket.key, "agree_return")).toBe("confirmed");
    expect(shop.jd.case(ticket.key)).toMatchObject({ status: 10005 });
    const consent = sent.find((json) => json.includes("applyDetailIdList"));
    for (const id of [ticket.serviceId, ticket.orderId]) expect(consent).toMatch(new RegExp(`:${id}[,}]`));
    expect(consent).toContain(`"applyDetailIdList":[${ticket.applyDetailId}]`);
    await shop.stop();
  });
});

describe("a shop that keeps its goods with the channel", () => {
  const channelStock = { deliveryCenterId: 6, deliveryCenterName: "模拟配送中心", storeId: 71 };

  it("swaps at the door, sends again without return, and replaces what came back, by calls without a waybill", async () => {
    const shop = await startJdShop({ credentials: { channelStock } });
    const apply = (seed: number, expect: number, way = 40) =>
      shop.jd.applyForService({ shopId: shop.shopId, plan: "by hand", seed, expect, way })[0].key;
    const [atDoor, again, comesBack] = [apply(21, 20, 5), apply(22, 80), apply(23, 20)];
    await shop.pollAll();
    const [address] = (await connector.listAddresses?.(shop.world())) ?? [];
    const consent = { addressId: address?.addressId };

    expect(await shop.command(atDoor, "agree_exchange", consent)).toBe("confirmed");
    expect(await shop.command(again, "agree_reissue")).toBe("confirmed");
    expect(await shop.command(comesBack, "agree_exchange", consent)).toBe("confirmed");
    shop.jd.act(comesBack, "ship");
    shop.jd.act(comesBack, "staff-register");
    await shop.pollAll();
    expect(await shop.command(comesBack, "ship_replacement", { note: "换同款" })).toBe("confirmed");

    for (const key of [atDoor, again, comesBack]) shop.jd.act(key, "confirm");
    await shop.pollAll();
    for (const key of [atDoor, again, comesBack]) {
      expect([stateOf(shop.held(key)), shop.held(key).facts.outcome]).toEqual(["closed", "replaced"]);
    }
    const writes = ["audit.doorRenew", "audit.compensate", "process.renew"].map((name) => `jingdong.asc.${name}`);
    const called = shop.jd.calls.map(({ name }) => name).filter((name) => writes.includes(name));
    expect(called).toEqual(writes);
    expect(shop.jd.ledger()).toEqual([]);
    await shop.stop();
  });

  it("without it, leaves all three to a person or to a waybill", async () => {
    const shop = await startJdShop();
    const key = shop.jd.applyForService({ shopId: shop.shopId, plan: "by hand", seed: 21, expect: 20, way: 5 })[0].key;
    const again = shop.jd.applyForService({ shopId: shop.shopId, plan: "by hand", seed: 22, expect: 80 })[0].key;
    await shop.pollAll();
    expect(await shop.command(key, "agree_exchange", { reasonCode: "101" })).toMatch(/channelStock/);
    expect(await shop.command(again, "agree_reissue")).toMatch(/^Ship first/);
    await shop.stop();
  });
});

describe("a refusal with nothing to send back", () => {
  it("closes the ticket of an empty parcel, and cancels one whose buyer was asked and is silent", async () => {
    const shop = await startJdShop({ credentials: { switches: { cancelUnanswered: true } } });
    const apply = (seed: number) =>
      shop.jd.applyForService({ shopId: shop.shopId, plan: "by hand", seed, expect: 10 })[0].key;
    const [empty, silent] = [apply(31), apply(32)];
    await shop.pollAll();
    await shop.command(empty, "agree_return");
    for (const act of ["ship", "staff-register"] as const) shop.jd.act(empty, act);
    await shop.command(silent, "message_buyer", { note: "请补充照片", reasonCode: "101" });
    await shop.pollAll();
    expect(await shop.command(empty, "refuse", { reasonCode: "close", note: "空包裹" })).toBe("confirmed");
    expect(await shop.command(silent, "refuse", { note: "多次联系未获回复" })).toBe("confirmed");
    expect([empty, silent].map((key) => stateOf(shop.held(key)))).toEqual(["closed", "closed"]);
    expect(shop.jd.ledger()).toEqual([]);
    await shop.stop();
  });
});

describe("a cancellation before shipping", () => {
  it("is agreed to before its 24 hours end, and paid once", async () => {
    const shop = await startJdShop();
    const { key, amountFen } = shop.jd.applyForRefund({
      shopId: shop.shopId,
      plan: "by hand",
      seed: 3,
      isShipped: false,
    });
    await shop.clock.advance(20 * hour);
    await shop.pollAll();
    expect(shop.held(key).facts).toMatchObject({ shipped: false, state: { value: "requested" }, deadlines: [] });
    expect(await shop.command(key, "agree_refund", {}, "policy:unshipped")).toBe("confirmed");
    await shop.clock.advance(10 * hour);
    await shop.pollAll();
    expect(shop.held(key).facts).toMatchObject({ outcome: "refunded", money: { settled: { amountMinor: amountFen } } });
    expect(shop.jd.truth()[0]).toMatchObject({ state: "refunded", missedDeadlines: 0 });
    expect(shop.jd.ledger()).toMatchObject([{ amountMinor: amountFen, executedBy: "merchant_api" }]);
    await shop.stop();
  });

  it("that nobody answers is agreed to by the platform after 24 hours", async () => {
    const shop = await startJdShop();
    const { key } = shop.jd.applyForRefund({ shopId: shop.shopId, plan: "by hand", seed: 4, isShipped: false });
    await shop.clock.advance(25 * hour);
    await shop.pollAll();
    expect(shop.held(key).facts.outcome).toBe("refunded");
    expect(shop.jd.ledger()).toMatchObject([{ executedBy: "platform_timer" }]);
    await shop.stop();
  });
});

describe("a holiday", () => {
  it("moves the clock of the audit, though nothing else of the ticket changes", async () => {
    const shop = await startJdShop();
    const { jd, clock, held } = shop;
    const [{ key }] = jd.applyForService({ shopId: shop.shopId, plan: "by hand", seed: 5, expect: 10 });
    await shop.pollAll();
    const before = held(key);
    expect(before.deadlines).toMatchObject([{ kind: "respond", dueAt: "2026-02-03T02:00:00.000Z" }]);
    for (const _ of [1, 2]) jd.pause(new Date("2026-02-02T16:00:00Z"), new Date("2026-02-09T16:00:00Z"));
    await clock.advance(10 * 60_000);
    expect(await shop.poll("audits")).toBe(1);
    expect(held(key).deadlines).toMatchObject([{ kind: "respond", dueAt: "2026-02-10T02:00:00.000Z" }]);
    expect(held(key).versions.case?.version).toBe(before.versions.case?.version);
    expect(held(key).news.map(({ name }) => name)).toEqual(["deadline.moved"]);
    expect(await shop.poll("audits")).toBe(0);

    await clock.advance(7 * day);
    expect(jd.truth()[0]).toMatchObject({ state: "requested", missedDeadlines: 0 });
    await clock.advance(2 * day);
    expect(jd.truth()[0]).toMatchObject({ state: "approved", missedDeadlines: 1 });
    await shop.stop();
  });
});

describe("a lost answer", () => {
  it("to a refund pays once: the call is not made again, and the ticket shows it", async () => {
    const shop = await startJdShop({ credentials: { switches } });
    const { jd, clock, held, command } = shop;
    const [{ key, pricePaidFen }] = jd.applyForService({ shopId: shop.shopId, plan: "by hand", seed: 6, expect: 10 });
    await shop.pollAll();
    await command(key, "agree_return");
    jd.act(key, "ship");
    await shop.pollAll();
    await command(key, "confirm_receipt");
    // The platform carries the call out, and its connection breaks.
    shop.useHttp((send) => async (request) => {
      const isRefund = String(request.body).includes("afsRefundApply");
      if (isRefund) jd.inject({ answersLost: 1 });
      try {
        return await send(request);
      } finally {
        jd.inject({});
      }
    });
    expect(await command(key, "agree_refund")).toBe("answer_unclear");
    expect(stateOf(held(key))).toBe("received");
    expect(await command(key, "agree_refund")).toBe("already_asked");
    await clock.advance(hour);
    await shop.pollAll();
    expect(held(key).commands.find(({ action }) => action === "agree_refund")?.status).toBe("confirmed");
    expect(held(key).facts).toMatchObject({ outcome: "refunded", money: { settled: { amountMinor: pricePaidFen } } });
    expect(jd.ledger()).toMatchObject([{ channelCaseId: key, amountMinor: pricePaidFen }]);
    expect(jd.calls.filter(({ name }) => name.endsWith("afsRefundApply"))).toHaveLength(1);
    await shop.stop();
  });

  it("shows what it guards against: a second call would be accepted and paid", async () => {
    const shop = await startJdShop({ credentials: { switches } });
    const [{ key }] = shop.jd.applyForService({ shopId: shop.shopId, plan: "by hand", seed: 6, expect: 10 });
    await shop.pollAll();
    for (const act of ["staff-register", "staff-refund", "staff-refund"] as const) shop.jd.act(key, act);
    await shop.clock.advance(hour);
    expect(shop.jd.ledger()).toHaveLength(2);
    await shop.stop();
  });
});

describe("a poll that fails half-way through a page", () => {
  it("loses nothing and repeats nothing that anybody sees", async () => {
    const shop = await startJdShop();
    for (let seed = 1; seed <= 20; seed++) {
      shop.jd.applyForService({ shopId: shop.shopId, plan: "by hand", seed, expect: 10 });
      await shop.clock.advance(1000);
    }
    await shop.clock.advance(120_000);
    let taken = 0;
    const failing = shop.poll("tickets", async (notice) => {
      if (taken++ === 7) throw new Error("the queue is down");
      await shop.handle(notice);
    });
    await expect(failing).rejects.toThrow("the queue is down");
    expect(shop.cases.size).toBe(7);
    await shop.poll("tickets");
    await shop.pollAll();
    expect(shop.cases.size).toBe(20);
    const openings = shop.story.filter(({ news }) => news.name === "case.opened").map(({ caseId }) => caseId);
    expect(openings).toHaveLength(20);
    expect(new Set(openings).size).toBe(20);
    for (const held of shop.cases.values()) expect(held.revision).toBe(1);
    await shop.stop();
  });

  it("walks a second with more than a page while its rows move, and still finds every one", async () => {
    const shop = await startJdShop();
    const tickets = Array.from({ length: 120 }, (_, seed) => {
      return shop.jd.applyForService({ shopId: shop.shopId, plan: "by hand", seed, expect: 10 })[0];
    });
    await shop.clock.advance(120_000);
    const seen = new Set<string>();
    let calls = 0;
    await shop.poll("tickets", async ({ subject }) => {
      if (subject.kind === "case") seen.add(subject.channelCaseId);
      // Rows leave the window while it is read: those move forward that would come next.
      const moving = tickets[calls++ * 7];
      if (moving && calls < 10) shop.jd.act(moving.key, "cancel");
    });
    await shop.clock.advance(120_000);
    await shop.poll("tickets", async ({ subject }) => {
      if (subject.kind === "case") seen.add(subject.channelCaseId);
    });
    expect(seen.size).toBe(120);
    await shop.stop();
  });
});
