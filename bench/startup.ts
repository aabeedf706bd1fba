import { createClock } from "../local/clock.ts";
import { demoTenant, type LocalStack, startStack } from "../local/stack.ts";
import { report } from "./measure.ts";

/** From nothing to the first case answered by us and shown by its marketplace; the floor is the synthesis alone. */
export async function benchStartup(): Promise<void> {
  const startedAt = performance.now();
  let synthesizedAt = startedAt;
  const clock = createClock({ mode: "wall" });
  const stack = await startStack({
    clock,
    tell: (step) => {
      if (step.startsWith("starting")) synthesizedAt = performance.now();
    },
  });
  const actedAfter = (await firstAnswer(stack)) - startedAt;
  await stack.stop();
  const floor = synthesizedAt - startedAt;
  report({ name: "startup", value: actedAfter, unit: "ms", floor, ratio: actedAfter / floor });
}

async function firstAnswer({ shops, desk }: LocalStack): Promise<number> {
  const shop = shops.find(({ market }) => market.channel === "douyin");
  if (!shop) throw new Error("there is no douyin shop");
  const { channelCaseId } = await shop.market.openCase({ shopId: shop.shopId, plan: "return_no_reason", seed: 1 });
  for (let tries = 0; tries < 3_000; tries++) {
    const held = await desk.caseOf(demoTenant, { channel: "douyin", shopId: shop.shopId, channelCaseId });
    if (held?.commands.some(({ status }) => status === "confirmed")) return performance.now();
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error("the case was not answered within a minute");
}
