import { drawBoard } from "./board.ts";
import { createClock } from "./clock.ts";
import { staffRound } from "./demo-staff.ts";
import { announce } from "./running.ts";
import { demoTenant, type LocalStack, type StackOptions, startStack } from "./stack.ts";

/** In life a return takes days; here a day of the people's time takes three minutes. Clocks of the platform keep their length. */
const pace = 1 / 480;
const buyerEveryMs = 15_000;
const staffEveryMs = 10_000;
const boardEveryMs = 2_000;

/** Runs the stack with the wall clock until Ctrl-C, with buyers who keep opening cases and a board that shows them. */
export async function runLive({ dataDir, channels }: Pick<StackOptions, "dataDir" | "channels">): Promise<void> {
  const startedAt = Date.now();
  const tell = (step: string) => console.log(`[${((Date.now() - startedAt) / 1000).toFixed(1)} s] ${step}`);
  const clock = createClock({ mode: "wall" });
  const stack = await startStack({ clock, dataDir, channels, pace, tell });
  const { operatorUrl, issuer } = stack;
  const webhooks = Object.fromEntries(
    stack.shops.map(({ market: { channel }, shopId }) => [channel, { url: stack.webhookUrl(channel), shopId }]),
  );
  const leave = announce({
    pid: process.pid,
    operatorUrl,
    issuerUrl: issuer.url,
    gatewayUrl: stack.runtime.gatewayUrl,
    tenantId: demoTenant,
    webhooks,
  });
  tell("running; Ctrl-C stops it; `npm run cli` speaks with it");

  let stopping = false;
  const rounds = [
    every(buyerEveryMs, () => openOne(stack)),
    every(staffEveryMs, async () => void (await staffRound(stack))),
    every(boardEveryMs, () => drawBoard(stack)),
  ];
  await new Promise<void>((resolve) => {
    const stop = () => {
      if (stopping) process.exit(130); // asked twice: at once
      stopping = true;
      resolve();
    };
    process.on("SIGINT", stop);
    process.on("SIGTERM", stop);
  });
  for (const end of rounds) end();
  console.log("\nstopping");
  leave();
  await stack.stop();
  console.log(dataDir ? `stopped; everything is in ${dataDir}` : "stopped");

  function every(ms: number, work: () => Promise<void>): () => void {
    let ended = false;
    const round = async () => {
      try {
        await work();
      } catch (fault) {
        if (!ended) console.error(fault instanceof Error ? fault.message : fault);
      }
      if (!ended) setTimeout(round, ms);
    };
    void round();
    return () => {
      ended = true;
    };
  }
}

/** A buyer somewhere opens a case. Its seed follows from how many there are, so a kept run goes on with new ones. */
async function openOne({ shops }: LocalStack): Promise<void> {
  const total = shops.reduce((sum, { market }) => sum + market.truth().length, 0);
  const shop = shops[total % shops.length];
  if (!shop) return;
  const plans = Object.keys(shop.market.plans);
  const plan = plans[Math.floor(total / shops.length) % plans.length];
  if (plan) await shop.market.openCase({ shopId: shop.shopId, plan, seed: total + 1 });
}
