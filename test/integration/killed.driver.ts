import { createClock } from "../../local/clock.ts";
import { staffRound } from "../../local/demo-staff.ts";
import { startStack } from "../../local/stack.ts";

// A process for killed.test.ts to kill: opens cases and lets them go their way, with everything kept in a folder. Says
// a word on its output at each step.

const [dataDir = "", assemblyDir = ""] = process.argv.slice(2);
const wanted: Readonly<Record<string, readonly string[]>> = {
  douyin: ["return_no_reason", "refund_unshipped", "buyer_withdraws", "refund_only_shipped", "robot_refund"],
  shopify: ["return_needs_answer", "return_disputed"],
};

const clock = createClock({ start: new Date("2026-11-25T02:00:00.000Z"), mode: "moved" });
const stack = await startStack({ clock, dataDir, assemblyDir, channels: Object.keys(wanted), pace: 0.005 });
console.log("started");

for (;;) {
  // One more buyer in each shop, as long as there are plans left; then only time goes on.
  for (const { market, shopId } of stack.shops) {
    const plans = wanted[market.channel] ?? [];
    const plan = plans[market.truth().filter((each) => plans.includes(each.plan)).length];
    if (plan) await market.openCase({ shopId, plan, seed: 11 });
    console.log(`opened ${plan}`);
  }
  await stack.runtime.advance(60_000);
  const answered = await staffRound(stack);
  console.log(`minute ${clock.now().toISOString()} ${answered.length}`);
}
