import { expect, it } from "vitest";
import { demoTenant } from "../../local/stack.ts";
import { useStack } from "./stack.ts";

// The channel is away for a while, longer than a few quick tries. What was on its way must still arrive.

const stack = useStack();
const minute = 60_000;

it("sends an answer that was planned before an outage of twenty minutes once the channel is back", async () => {
  const { douyin, shopOn, runtime, call, desk } = stack();
  const shopId = shopOn("douyin");
  const { id } = douyin.apply({ shopId, type: 2, seed: 3, reasonCode: 1 });
  await runtime.advance(minute);
  const of = { channel: "douyin", shopId, channelCaseId: id };
  const caseId = (await desk.caseOf(demoTenant, of))?.caseId;

  douyin.inject({ serverError: 1 });
  const request = { tenantId: demoTenant, caseId, personId: "erika", action: "agree_refund" };
  expect(await call("plan-command", request)).toMatchObject({ ok: true });
  // A buyer who comes meanwhile is told of by a push, and cannot be read.
  const late = douyin.apply({ shopId, type: 2, seed: 4, reasonCode: 1 });
  await runtime.advance(20 * minute);
  expect(douyin.ledger()).toEqual([]);

  douyin.inject({});
  await runtime.advance(40 * minute);
  expect(await desk.caseOf(demoTenant, of)).toMatchObject({
    facts: { state: { value: "refunded" } },
    commands: [{ action: "agree_refund", status: "confirmed" }],
  });
  expect(await desk.caseOf(demoTenant, { ...of, channelCaseId: late.id })).toBeDefined();
  expect(douyin.ledger()).toHaveLength(1);
  expect(runtime.queues().filter(({ name, visible }) => /dead|quarantine/.test(name) && visible > 0)).toEqual([]);
});
