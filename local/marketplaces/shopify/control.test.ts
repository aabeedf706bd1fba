import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type Stage, setStage } from "./testing.ts";

let stage: Stage;
beforeEach(async () => {
  stage = await setStage();
});
afterEach(() => stage.end());

async function control(path: string, method: "GET" | "POST" = "POST") {
  const response = await fetch(`${stage.shopify.url}/_control${path}`, { method });
  return (await response.json()) as Record<string, unknown>;
}

describe("the control surface", () => {
  it("lets a person be the buyer and the staff", async () => {
    const { channelCaseId } = await control("/cases?shop=demo.myshopify.com&plan=return_needs_answer&seed=3");
    const states = [];
    for (const move of ["approve", "label", "arrive", "pay", "close"]) {
      await control(`/${move}?case=${channelCaseId}`);
      await stage.clock.advance(2 * 60 * 60_000);
      states.push(stage.shopify.truth()[0]?.state);
    }
    expect(states).toEqual(["approved", "return_in_transit", "received", "refunded", "refunded"]);
    expect((await control("/approve?case=Return/1")).error).toContain("?case=");
    expect((await control("/cases?shop=demo.myshopify.com&plan=nonsense")).error).toContain("nonsense");
    expect(await control("/plans", "GET")).toContainEqual(
      expect.objectContaining({ name: "exchange", needsAnswer: false }),
    );
    expect(await control("/truth", "GET")).toHaveLength(1);
    expect(await control("/ledger", "GET")).toHaveLength(1);
  });
});
