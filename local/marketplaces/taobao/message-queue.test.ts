import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { dayMs, minuteMs, startTaobao } from "./test-client.ts";

let sim: Awaited<ReturnType<typeof startTaobao>>;
beforeEach(async () => {
  sim = await startTaobao();
});
afterEach(() => sim.taobao.stop());

interface Message {
  topic: string;
  content: string;
}
const consume = async (params = {}) => {
  const answer = await sim.call("taobao.tmc.messages.consume", { session: undefined, quantity: 200, ...params });
  const { messages } = answer.tmc_messages_consume_response as { messages?: { tmc_message: Message[] } };
  return messages?.tmc_message ?? [];
};
const topics = async () => (await consume()).map(({ topic }) => topic);
const permit = (params = {}) => sim.ask("taobao.tmc.user.permit", params);
const apply = (seed: number, kind: "return" | "exchange" | "reissue" = "return") =>
  sim.taobao.apply({ shopId: sim.shop.shopId, kind, seed });

describe("the message queue", () => {
  it("has nothing of a shop that did not ask for it, and everything after", async () => {
    apply(1);
    expect(await topics()).toEqual([]);
    await permit();
    apply(2);
    expect(await topics()).toEqual(["taobao_refund_RefundCreated", "taobao_dispute_RefundCreated"]);
  });

  it("drops the topics that a new list does not name", async () => {
    await permit();
    await permit({ topics: "taobao_refund_RefundClosed" });
    const { id } = apply(1);
    expect(await topics()).toEqual([]);
    sim.taobao.act(id, "withdraw");
    expect(await topics()).toEqual(["taobao_refund_RefundClosed"]);
  });

  it("gives a message again when it was not confirmed, and forgets it after a day", async () => {
    await permit();
    apply(1, "reissue");
    expect(await topics()).toHaveLength(1);
    expect(await topics()).toHaveLength(0);
    await sim.clock.advance(10 * minuteMs);
    expect(await topics()).toHaveLength(1);
    await sim.clock.advance(dayMs);
    expect(await topics()).toHaveLength(0);
    expect(sim.taobao.waitingMessages()).toEqual([]);
  });

  it("does not give a confirmed message again", async () => {
    await permit();
    apply(1, "reissue");
    await consume();
    const [message] = sim.taobao.waitingMessages();
    await sim.call("taobao.tmc.messages.confirm", { session: undefined, s_message_ids: message?.id });
    await sim.clock.advance(10 * minuteMs);
    expect(await topics()).toEqual([]);
  });

  it("writes ids as text where goods are sent again, and as numbers elsewhere", async () => {
    await permit();
    const { id } = apply(1, "reissue");
    const other = apply(2, "exchange");
    const [first, second] = await consume();
    expect(first?.content).toContain(`"refund_id":"${id}"`);
    expect(second?.content).toContain(`"refund_id":${other.id}`);
    expect(second?.content).toContain('"biz_claim_type":4');
  });

  it("says nothing of an exchange's goods on their way back", async () => {
    await permit();
    const { id } = apply(1, "exchange");
    sim.taobao.act(id, "staff-agrees");
    await consume();
    sim.taobao.act(id, "send-back");
    expect(await topics()).toEqual([]);
  });

  it.each([
    [{ quantity: 9 }, 41],
    [{ quantity: 201 }, 41],
    [{ group_name: "nobody" }, 15],
  ])("refuses %j", async (params, code) => {
    const answer = await sim.call("taobao.tmc.messages.consume", { session: undefined, ...params });
    expect(answer.error_response?.code).toBe(code);
  });

  it("keeps the messages of a group apart", async () => {
    await permit();
    await sim.call("taobao.tmc.group.add", { session: undefined, group_name: "warehouse", nicks: "模拟旗舰店" });
    apply(1, "reissue");
    expect(await consume()).toHaveLength(0);
    expect(await consume({ group_name: "warehouse" })).toHaveLength(1);
  });

  it("drops, doubles and delays when told to", async () => {
    await permit();
    sim.taobao.inject({ pushesDropped: 1 });
    apply(1, "reissue");
    sim.taobao.inject({ pushesDoubled: 1 });
    apply(2, "reissue");
    expect(await consume()).toHaveLength(2);
    sim.taobao.inject({ pushesLate: 1, lateMs: minuteMs });
    apply(3, "reissue");
    expect(await consume()).toHaveLength(0);
    await sim.clock.advance(minuteMs);
    expect(await consume()).toHaveLength(1);
  });

  it("tells that a shop has ended its authorisation, and its token is dead", async () => {
    await permit();
    sim.taobao.endAuthorisation(sim.shop.shopId);
    expect(await topics()).toEqual(["taobao_top_AuthCancel"]);
    expect((await permit()) ?? "refused").toBe("refused");
  });
});
