import { ApiClient } from "taobao-sdk";
import TopClient from "topsdk";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { defaultSettings } from "./settings.ts";
import { startTaobao } from "./test-client.ts";
import { chinaTime } from "./wording.ts";

// `topsdk` and `taobao-sdk` from npm, unmodified. They tell the time of their machine, so the time is given; the hints of
// `topsdk` on parameters are off, because they know no parameter that came after 2018.
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

describe("topsdk", () => {
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

describe("taobao-sdk", () => {
  const { appKey: appkey, appSecret } = defaultSettings;
  /** Its callback gets the gateway's own error object. */
  const call = (method: string, params: Record<string, unknown>, appsecret: string = appSecret) =>
    new Promise<Record<string, unknown>>((resolve, reject) => {
      const sdk = new ApiClient({ appkey, appsecret, url: `${sim.taobao.url}/router/rest` });
      sdk.execute(method, { ...common(), ...params }, (error, answer) => (error ? reject(error) : resolve(answer)));
    });

  it("reads a refund by a signed call", async () => {
    const { id } = sim.taobao.apply({ shopId: sim.shop.shopId, kind: "return", seed: 11, paidFen: 15_900 });
    const { refund } = await call("taobao.refund.get", { refund_id: id, fields: "refund_id,status,refund_fee" });
    expect(refund).toEqual({ refund_id: id, status: "WAIT_SELLER_AGREE", refund_fee: "159.00" });
  });

  it("reads the list of refunds", async () => {
    const { id } = sim.taobao.apply({ shopId: sim.shop.shopId, kind: "refund", seed: 12 });
    const { refunds } = await call("taobao.refunds.receive.get", { fields: "refund_id,status" });
    expect(refunds).toMatchObject({ refund: expect.arrayContaining([{ refund_id: id, status: "WAIT_SELLER_AGREE" }]) });
  });

  it("is refused with a wrong secret", async () => {
    const refused = call("taobao.refunds.receive.get", { fields: "refund_id" }, "wrong");
    await expect(refused).rejects.toMatchObject({ code: 25 });
  });

  it("sends a picture in parts, which it does not sign", async () => {
    const { id } = sim.taobao.apply({ shopId: sim.shop.shopId, kind: "return", seed: 13 });
    const image = Buffer.from("89504e470d0a1a0a", "hex");
    const answer = await call("taobao.refund.message.add", { refund_id: id, content: "hello", image });
    expect(answer.refund_message).toHaveProperty("id");
  });
});
