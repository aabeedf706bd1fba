import { beforeAll, describe, expect, it } from "vitest";
import type { Case } from "#shared/case/case.ts";
import { demoTenant } from "../../local/stack.ts";
import { counted, useStack } from "./stack.ts";

// A shop's grant dies in the middle of its work, and days later its owner connects it again.

const stack = useStack();
const minute = 60_000;
const refundUnshipped = 2;
const ids = { waiting: "", meanwhile: "" };

beforeAll(async () => {
  const { douyin, shopOn, runtime, call } = stack();
  const shopId = shopOn("douyin");
  ids.waiting = douyin.apply({ shopId, type: refundUnshipped, seed: 1, reasonCode: 1 }).id;
  await runtime.advance(minute);
  douyin.changeShop(shopId, { isAuthorised: false });
  const { caseId } = await held(ids.waiting);
  const request = { tenantId: demoTenant, caseId, personId: "ann", action: "agree_refund" };
  expect(await call("plan-command", request)).toMatchObject({ ok: true });
  await runtime.advance(minute);
  ids.meanwhile = douyin.apply({ shopId, type: refundUnshipped, seed: 2, reasonCode: 1 }).id;
  for (let minutes = 0; minutes < 30; minutes++) await runtime.advance(minute);
});

async function find(channelCaseId: string): Promise<Case | undefined> {
  return stack().desk.caseOf(demoTenant, { channel: "douyin", shopId: stack().shopOn("douyin"), channelCaseId });
}

async function held(channelCaseId: string): Promise<Case> {
  const found = await find(channelCaseId);
  if (!found) throw new Error(`there is no case ${channelCaseId}`);
  return found;
}

const setAside = () =>
  stack()
    .runtime.queues()
    .filter(({ name, visible }) => /-dead(\.fifo)?$|quarantine/.test(name) && visible > 0)
    .map(({ name }) => name);

describe("a shop whose grant died", () => {
  it("is parked and alarmed, and its work waits without being lost or set aside", async () => {
    const { desk, shopOn, runtime, douyin } = stack();
    const shops = await desk.store.shops.list(demoTenant);
    expect(shops.find(({ shopId }) => shopId === shopOn("douyin"))?.status).toBe("parked");
    expect((await held(ids.waiting)).commands).toMatchObject([{ status: "planned", heldBecause: "parked" }]);
    expect(await find(ids.meanwhile)).toBeUndefined();
    expect(counted(runtime, "CredentialsRejected", "douyin")).toBe(1);
    expect(counted(runtime, "NoticeOfParkedShop", "douyin")).toBeGreaterThan(0);
    expect(douyin.ledger()).toEqual([]);
    expect(setAside()).toEqual([]);
  });

  it("does not hold up another", async () => {
    const { shopify, shopOn, runtime, desk } = stack();
    const shopId = shopOn("shopify");
    const { channelCaseId } = await shopify.openCase({ shopId, plan: "return_needs_answer", seed: 3 });
    await runtime.advance(minute);
    expect(await desk.caseOf(demoTenant, { channel: "shopify", shopId, channelCaseId })).toBeDefined();
  });

  it("resumes by itself when it is connected again: what waited is sent once, and what was missed is read", async () => {
    const { douyin, shopOn, runtime, call } = stack();
    const shopId = shopOn("douyin");
    douyin.changeShop(shopId, { isAuthorised: true });
    const { name, credentials } = await douyin.openShop("demo");
    await call("connect-shop", { tenantId: demoTenant, channel: "douyin", shopId, name, mode: "auto", credentials });
    for (let minutes = 0; minutes < 20; minutes++) await runtime.advance(minute);
    const paid = await held(ids.waiting);
    expect(paid.commands).toMatchObject([{ status: "confirmed", tries: 1 }]);
    expect(paid.facts.state).toMatchObject({ value: "refunded" });
    expect(douyin.ledger().filter(({ channelCaseId }) => channelCaseId === ids.waiting)).toHaveLength(1);
    expect((await held(ids.meanwhile)).facts.state).toMatchObject({ value: "requested" });
    expect(setAside()).toEqual([]);
  });
});
