import { createHash } from "node:crypto";
import { createClock } from "../local/clock.ts";
import { demoTenant, type LocalStack, startStack } from "../local/stack.ts";
import { report } from "./measure.ts";

/**
 * What one change costs in the table, counted at the gateway: requests and write units of the function that saves cases,
 * for a case heard of for the first time and for the same push again. Nothing is timed, so there is nothing to repeat.
 */
export async function benchWrites(): Promise<void> {
  const clock = createClock({ start: new Date("2026-11-25T00:00:00.000Z"), mode: "moved" });
  const stack = await startStack({ clock, mode: "observe" });
  const shop = stack.shops.find(({ market }) => market.channel === "douyin");
  if (!shop) throw new Error("there is no douyin shop");
  const open = async (seed: number) => {
    const { channelCaseId } = await shop.market.openCase({ shopId: shop.shopId, plan: "return_no_reason", seed });
    const of = { channel: "douyin", shopId: shop.shopId, channelCaseId };
    // A busy machine may answer the platform's probe late, and its push then comes later.
    for (let second = 0; second < 60 && !(await stack.desk.caseOf(demoTenant, of)); second++) {
      await stack.runtime.advance(1_000);
    }
    return channelCaseId;
  };
  await open(1); // the shop is then known to the worker, as it is in any busy minute

  const before = tableCost(stack);
  const channelCaseId = await open(2);
  const first = minus(tableCost(stack), before);
  await pushAgain(stack, shop, channelCaseId);
  const duplicate = minus(tableCost(stack), {
    requests: before.requests + first.requests,
    units: before.units + first.units,
  });
  await stack.stop();

  report({
    name: "writes.perChange.first.requests",
    value: first.requests,
    unit: "requests",
    floor: 1,
    ratio: first.requests,
  });
  report({
    name: "writes.perChange.first.units",
    value: first.units,
    unit: "write units",
    floor: 1,
    ratio: first.units,
  });
  report({
    name: "writes.perChange.duplicate.requests",
    value: duplicate.requests,
    unit: "requests",
    floor: 1,
    ratio: duplicate.requests,
  });
}

interface Cost {
  requests: number;
  units: number;
}

function tableCost({ runtime }: LocalStack): Cost {
  const own = runtime
    .counts()
    .filter(({ service, caller }) => service === "dynamodb" && caller.endsWith("normalize-case"));
  return {
    requests: own.reduce((sum, { calls }) => sum + calls, 0),
    units: own.reduce((sum, { writeUnits }) => sum + writeUnits, 0),
  };
}

const minus = (a: Cost, b: Cost): Cost => ({ requests: a.requests - b.requests, units: a.units - b.units });

/** The platform's message about the new case once more, under another message id, so that no queue drops it. */
async function pushAgain(stack: LocalStack, shop: LocalStack["shops"][number], channelCaseId: string): Promise<void> {
  const { appKey, appSecret } = shop.market.appSettings() as { appKey: string; appSecret: string };
  const data = `{"aftersale_id":${channelCaseId},"shop_id":${shop.shopId},"aftersale_status":6,"aftersale_type":0}`;
  const body = JSON.stringify([{ tag: "200", msg_id: "bench::200:1", data }]);
  const sign = createHash("md5").update(appKey).update(body).update(appSecret).digest("hex");
  const headers = { "content-type": "application/json", "app-id": appKey, "event-sign": sign };
  const answer = await fetch(stack.webhookUrl("douyin"), { method: "POST", headers, body });
  if (answer.status !== 200) throw new Error(`the push was answered with ${answer.status}`);
  await stack.runtime.advance(5_000);
}
