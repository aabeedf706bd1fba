import { expect, it } from "vitest";
import { demoTenant } from "../../local/stack.ts";
import { startRelay } from "./relay.ts";
import { functionOf, secretOf, useStack } from "./stack.ts";

// The channel is away for a while, or does not stand still. What was on its way must still arrive.

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
  const paid = () => douyin.ledger().filter(({ channelCaseId }) => channelCaseId === id);
  expect(paid()).toEqual([]);

  douyin.inject({});
  await runtime.advance(20 * minute);
  expect(await desk.caseOf(demoTenant, of)).toMatchObject({
    facts: { state: { value: "refunded" } },
    commands: [{ action: "agree_refund", status: "confirmed" }],
  });
  expect(await desk.caseOf(demoTenant, { ...of, channelCaseId: late.id })).toBeDefined();
  expect(paid()).toHaveLength(1);
  expect(runtime.queues().filter(({ name, visible }) => /dead|quarantine/.test(name) && visible > 0)).toEqual([]);
});

it("answers a case that the channel touched at the very moment when it was to be answered", async () => {
  const { douyin, shopOn, runtime, webhookUrl, desk } = stack();
  const shopId = shopOn("douyin");
  douyin.pushTo(undefined);
  const { id } = douyin.apply({ shopId, type: 0, seed: 5, reasonCode: 6 });
  await runtime.advance(5_000);
  let reads = 0;
  const relay = await startRelay({
    target: () => douyin.url,
    // The second reading is that of the writer. A touch gives the case a new version, and nothing else about it changes.
    before: async ({ path, body }) => {
      if (path.startsWith("/afterSale/Detail") && body.includes(id) && ++reads === 2) douyin.act(id, "force");
    },
  });
  const name = secretOf(runtime, "douyin");
  const callThrough = async (gateway: string) => {
    runtime.secrets.set(name, { current: { ...douyin.appSettings(), gateway } });
    // Workers that have run before remember the settings.
    for (const each of ["normalize-case", "act-on-channel"]) await runtime.killWorker(functionOf(runtime, each));
  };
  await callThrough(relay.url);
  douyin.pushTo(webhookUrl("douyin"));
  for (let minutes = 0; minutes < 3; minutes++) await runtime.advance(minute);

  const held = await desk.caseOf(demoTenant, { channel: "douyin", shopId, channelCaseId: id });
  await callThrough(douyin.url);
  await relay.stop();
  expect(held?.commands.map(({ action, status }) => `${action} ${status}`)).toEqual([
    "agree_return expired",
    "agree_return confirmed",
  ]);
  expect(held?.facts.state).toMatchObject({ value: "approved" });
});
