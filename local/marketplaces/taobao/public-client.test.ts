import TopClient from "topsdk";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { defaultSettings } from "./settings.ts";
import { startTaobao } from "./test-client.ts";
import { chinaTime } from "./wording.ts";

// `topsdk` from npm, unmodified. It tells the time of its machine, so the time is given; its hints on parameters are off,
// because they know no parameter that came after 2018.
let sim: Awaited<ReturnType<typeof startTaobao>>;
beforeAll(async () => {
  sim = await startTaobao();
});
afterAll(() => sim.taobao.stop());

const client = (secret = defaultSettings.appSecret) =>
  new TopClient(defaultSettings.appKey, secret, `${sim.taobao.url}/router/rest`, { useValidators: false });
const common = () => ({
  session: String(sim.shop.credentials.accessToken),
  timestamp: chinaTime(sim.clock.now().getTime()),
});

describe("a public client", () => {
  it("reads the list of refunds, ids with every digit", async () => {
    const { id, order } = sim.taobao.apply({ shopId: sim.shop.shopId, kind: "return" });
    const answer = await client().execute("taobao.refunds.receive.get", {
      ...common(),
      fields: "refund_id,tid,status",
    });
    expect(answer.refunds.refund).toContainEqual({ refund_id: id, tid: order.tid, status: "WAIT_SELLER_AGREE" });
  });

  it("is refused with a wrong secret", async () => {
    const call = client("wrong").execute("taobao.refunds.receive.get", { ...common(), fields: "refund_id" });
    await expect(call).rejects.toMatchObject({ name: "TOPClientError", code: 25 });
  });

  it("sends a picture in parts", async () => {
    const { id } = sim.taobao.apply({ shopId: sim.shop.shopId, kind: "return", seed: 2 });
    const image = {
      value: Buffer.from("89504e470d0a1a0a", "hex"),
      options: { filename: "a.png", contentType: "image/png" },
    };
    const args = { ...common(), refund_id: id, content: "hello", image };
    const answer = await client().execute("taobao.refund.message.add", args, "file_upload");
    expect(answer.refund_message).toHaveProperty("id");
  });
});
