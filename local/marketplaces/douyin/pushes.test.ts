import { createHash, createHmac } from "node:crypto";
import { afterEach, describe, expect, it } from "vitest";
import { defaultSettings } from "./settings.ts";
import { minuteMs, startDouyin, startReceiver } from "./test-client.ts";
import { parseJson } from "./wire.ts";

const { appKey, appSecret } = defaultSettings;
const stops: (() => unknown)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0)) await stop();
});

async function pushing(settings = {}, reply?: (nth: number) => string | undefined) {
  const sim = await startDouyin({ settings });
  const receiver = await startReceiver(reply);
  stops.push(() => sim.douyin.stop(), receiver.stop);
  sim.douyin.pushTo(receiver.url);
  await sim.clock.settle();
  return { ...sim, receiver };
}

describe("a push", () => {
  it("comes only after the address has answered the probe", async () => {
    const { receiver, douyin, shop, clock } = await pushing({}, (nth) => (nth === 1 ? '{"code":40041}' : '{"code":0}'));
    douyin.apply({ shopId: shop.shopId, type: 2 });
    await clock.advance(1000);
    expect(receiver.records()).toEqual([]);
    await clock.advance(5000);
    expect(receiver.received.map(({ records }) => records[0]?.tag)).toEqual(["0", "0", "200"]);
    expect(receiver.received[0]?.records[0]?.msg_id).toBe("0");
  });

  it("is signed with MD5 over app key, raw body and secret", async () => {
    const { receiver } = await pushing();
    const [probe] = receiver.received;
    const expected = createHash("md5").update(`${appKey}${probe?.body}${appSecret}`).digest("hex");
    expect(probe?.headers).toMatchObject({ "app-id": appKey, "event-sign": expected });
  });

  it("is signed with HMAC where the app is set to it", async () => {
    const { receiver } = await pushing({ pushSigning: "hmac-sha256" });
    const [probe] = receiver.received;
    const expected = createHmac("sha256", appSecret).update(`${appKey}${probe?.body}${appSecret}`).digest("hex");
    expect(probe?.headers).toMatchObject({ "event-sign": expected, "sign-method": "hmac-sha256" });
  });

  it("carries several cases, ids as bare integers inside a string, and the time as text", async () => {
    const { receiver, douyin, shop, clock } = await pushing();
    const cases = [2, 0].map((type) => douyin.apply({ shopId: shop.shopId, type, seed: type }));
    await clock.advance(1000);
    const [, batch] = receiver.received;
    expect(batch?.records.map(({ tag }) => tag)).toEqual(["200", "200"]);
    expect(batch?.records[0]?.msg_id).toMatch(new RegExp(`^${cases[0]?.id}::200:1767225600:\\d{19}$`));
    expect(parseJson(batch?.records[0]?.data ?? "")).toMatchObject({
      aftersale_id: BigInt(cases[0]?.id ?? 0),
      aftersale_status: 6,
      aftersale_type: 2,
      apply_time: 1767225600,
      update_time: "2026-01-01T08:00:00+08:00",
      refund_amount: cases[0]?.refundAmount,
    });
  });

  it("is sent again, with growing gaps, until it is answered with code 0", async () => {
    const at: string[] = [];
    const { douyin, shop, clock } = await pushing({}, (nth) => {
      if (nth > 1) at.push(clock.now().toISOString().slice(14, 19));
      return nth === 1 || nth > 4 ? '{"code":0}' : nth === 2 ? "not json" : '{"code":40044}';
    });
    douyin.apply({ shopId: shop.shopId, type: 2 });
    await clock.advance(60 * minuteMs);
    expect(at).toEqual(["00:00", "00:10", "00:40", "02:40"]);
    expect(douyin.waitingPushes()).toEqual([]);
  });

  it("is sent again when the receiver is slower than the limit", async () => {
    const { douyin, shop, clock } = await pushing({ receiverTimeLimitMs: 300 }, (nth) =>
      nth === 2 ? undefined : '{"code":0}',
    );
    douyin.apply({ shopId: shop.shopId, type: 2 });
    await clock.advance(1000);
    expect(douyin.calls.at(-1)).toMatchObject({ name: "push 200", outcome: "no answer in time" });
    await clock.advance(60 * minuteMs);
    expect(douyin.waitingPushes()).toEqual([]);
  });

  it("keeps its message id when it is doubled, and is gone when dropped", async () => {
    const { receiver, douyin, shop, clock } = await pushing();
    douyin.inject({ pushesDoubled: 1 });
    douyin.apply({ shopId: shop.shopId, type: 2 });
    douyin.inject({ pushesDropped: 1 });
    douyin.apply({ shopId: shop.shopId, type: 2 });
    await clock.advance(minuteMs);
    const ids = receiver.records().map(({ msg_id }) => msg_id);
    expect(ids).toHaveLength(2);
    expect(new Set(ids).size).toBe(1);
  });
});

describe("own fields of a tag", () => {
  const sent = async (tag: number, prepare: Record<string, unknown> = {}) => {
    const { receiver, douyin, shop, clock } = await pushing();
    const { id } = douyin.apply({ shopId: shop.shopId, type: 7 });
    douyin.act(id, "appeal");
    douyin.act(id, "force", prepare);
    douyin.act(id, "announce", { tag });
    await clock.advance(1000);
    const record = receiver.records().find((each) => each.tag === String(tag));
    return parseJson(record?.data ?? "{}") as Record<string, unknown>;
  };

  it("spells the status of 227 its own way", async () => {
    expect(await sent(227)).toMatchObject({ after_sale_status: 6 });
    expect(await sent(227)).not.toHaveProperty("aftersale_status");
  });

  it("has only ids and the deadline in 209", async () => {
    expect(Object.keys(await sent(209))).toEqual([
      "p_id",
      "s_id",
      "shop_id",
      "store_id",
      "aftersale_id",
      "aftersale_status",
      "aftersale_type",
      "status_deadline",
    ]);
  });

  it("names the round of an arbitration and has no update time there", async () => {
    const data = await sent(212);
    expect(data.arbitrate_id).toMatch(/^\d{19}_001$/);
    expect(data).not.toHaveProperty("update_time");
  });
});
