import { describe, expect, it } from "vitest";
import { startDouyin } from "./test-client.ts";

describe("the control surface", () => {
  it("lets a person play the buyer and the staff over HTTP", async () => {
    const { douyin, shop } = await startDouyin();
    const control = async (path: string, body?: unknown) => {
      const request = body === undefined ? {} : { method: "POST", body: JSON.stringify(body) };
      const response = await fetch(`${douyin.url}/_control/${path}`, request);
      return { status: response.status, answer: (await response.json()) as Record<string, unknown> };
    };
    const { answer } = await control("cases", { shopId: shop.shopId, type: 1, payAmount: 5000, postAmount: 0 });
    const id = String(answer.id);
    await control(`cases/${id}/edit`, { refundAmount: 3000 });
    expect((await control(`cases/${id}`)).answer).toMatchObject({ refundAmount: 3000, status: 6 });
    expect(await control(`cases/${id}/ship`, {})).toMatchObject({ status: 400 });
    await control(`cases/${id}/staff`, { type: 201 });
    expect((await control("truth")).answer).toMatchObject([{ channelCaseId: id, state: "refunding" }]);
    expect((await control("cases", { shopId: shop.shopId, plan: "exchange", seed: 1 })).answer).toMatchObject({
      type: 3,
    });
    expect((await control("nothing")).status).toBe(400);
    await douyin.stop();
  });
});
