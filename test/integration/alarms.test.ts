import { describe, expect, it } from "vitest";
import type { Case } from "#shared/case/case.ts";
import { createClock } from "../../local/clock.ts";
import { demoTenant } from "../../local/stack.ts";
import { startsAt, useStack } from "./stack.ts";

// A merchant who approves a return and then forgets the money: the law's clock runs out, people are told until they pay.

const clock = createClock({ start: startsAt, mode: "moved" });
const stack = useStack({ clock, mode: "assist" });
const minute = 60_000;

describe("one late case", () => {
  it("raises the alarms of its channel within two minutes and clears them within two minutes of the answer", async () => {
    const { runtime, call, shopify, shopOn } = stack();
    const shopId = shopOn("shopify");
    const rules = { tenantId: demoTenant, personId: "erika", onVersion: 0, rules: { laws: ["EU"] } };
    expect(await call("set-rules", rules)).toMatchObject({ ok: true });
    const { channelCaseId } = await shopify.openCase({ shopId, plan: "return_needs_answer", seed: 7 });
    const opened = await waitFor(channelCaseId, ({ facts }) => facts.state.known && facts.state.value === "requested");
    await agree(opened, "agree_return");
    const back = await waitFor(channelCaseId, ({ facts }) => facts.state.known && facts.state.value === "received");

    const running = back.deadlines.find(({ kind }) => kind === "refund");
    if (!running) throw new Error("no clock runs for the refund");
    const dueAt = Date.parse(running.dueAt);
    expect(running).toMatchObject({ status: "running", source: { policyId: "law.eu.refund" }, onExpiry: "penalty" });
    await skipTo(dueAt - 8 * minute);
    expect(raised()).toEqual([]);

    await runtime.advanceTo(new Date(dueAt + 2 * minute));
    const late = ["cases-late-shopify", "deadlines-at-risk-shopify"];
    expect(raised()).toEqual(expect.arrayContaining(late));
    const missed = runtime.alarms.changes.find(
      ({ name, to }) => name.endsWith("deadline-missed-shopify") && to === "ALARM",
    );
    expect(missed?.at.getTime()).toBeLessThanOrEqual(dueAt + 2 * minute);
    await runtime.advance(5 * minute);
    expect(raised()).toEqual(late); // and they stay for as long as nobody answers

    await agree(back, "agree_refund");
    const settled = await waitFor(channelCaseId, ({ facts }) => facts.state.known && facts.state.value === "refunded");
    expect(settled.deadlines).toEqual([]);
    await runtime.advance(2 * minute);
    expect(raised()).toEqual([]);
  });
});

/** The names of the alarms that are on, without the deployment's. */
function raised(): string[] {
  const on = stack()
    .runtime.alarms.list()
    .filter(({ state }) => state === "ALARM");
  return on.map(({ name }) => name.slice("casebridge-dev-".length)).sort();
}

/** Lets time pass without a sweep for each of its minutes. */
async function skipTo(at: number): Promise<void> {
  const { runtime } = stack();
  clock.jumpTo(new Date(at));
  // What fell due on the way is worked off, and the metrics of it grow old.
  await runtime.advance(6 * minute);
}

async function agree({ caseId }: Case, action: string): Promise<void> {
  const request = { tenantId: demoTenant, caseId, personId: "erika", action };
  expect(await stack().call("plan-command", request)).toMatchObject({ ok: true });
}

/** Lets time pass, a minute and then more and more at once, until the case is as wished. */
async function waitFor(channelCaseId: string, isSo: (subject: Case) => boolean): Promise<Case> {
  const { desk, shopOn, runtime } = stack();
  for (let round = 0; round < 40; round++) {
    if (round > 3) clock.jumpTo(new Date(clock.now().getTime() + 12 * 60 * minute));
    await runtime.advance(minute);
    const held = await desk.caseOf(demoTenant, { channel: "shopify", shopId: shopOn("shopify"), channelCaseId });
    if (held && isSo(held)) return held;
  }
  throw new Error("the case never came so far");
}
