import { tenantIdSchema } from "#shared/case/ids.ts";
import { createClock, type MovableClock } from "../../local/clock.ts";
import { caseIdIn } from "../../local/desk.ts";
import type { Marketplace } from "../../local/marketplaces/contract.ts";
import { demoTenant, type LocalStack, startStack } from "../../local/stack.ts";
import type { PlannedPush } from "./open-loop.ts";

export interface LoadShop {
  shopId: string;
  tenantId: string;
  market: Marketplace;
}

/** A case that its marketplace knows, and the signed push that tells of it. */
export interface LoadCase {
  caseId: string;
  shop: LoadShop;
  push: Omit<PlannedPush, "atMs">;
}

export interface World {
  stack: LocalStack;
  clock: MovableClock;
  /** Connects shops of one channel; the same names again are the same shops. */
  shops(channel: string, count: number, of?: { tenantId?: string; named?: string }): Promise<LoadShop[]>;
  /** New cases, dealt out to the shops in turn. */
  cases(shops: readonly LoadShop[], count: number): Promise<LoadCase[]>;
  stop(): Promise<void>;
}

export interface WorldOptions {
  assemblyDir: string;
  channels?: readonly string[];
  mode?: "wall" | "moved";
  maxThreads?: number;
  watch?: boolean;
}

/** The local stack with marketplaces that push nothing by themselves: what is sent, the benchmark sends. */
export async function openWorld(options: WorldOptions): Promise<World> {
  const { assemblyDir, channels = ["douyin", "shopify"], mode = "wall", maxThreads, watch = false } = options;
  // Just past a minute: a clock that is moved has most of one before the sweeps come.
  const clock = createClock({ mode, ...(mode === "moved" && { start: new Date("2026-11-25T04:00:01.000Z") }) });
  const stack = await startStack({ clock, assemblyDir, mode: "observe", channels, maxThreads, watch });
  for (const market of stack.markets) market.pushTo(undefined);
  let made = 0;

  return {
    stack,
    clock,
    async shops(channel, count, { tenantId = demoTenant, named = "load" } = {}) {
      const market = stack.markets.find((each) => each.channel === channel);
      if (!market) throw new Error(`no marketplace ${channel} is open`);
      const shops: LoadShop[] = [];
      for (let index = 0; index < count; index++) {
        const { shopId, name, credentials } = await market.openShop(`${named} ${index}`);
        await stack.call("connect-shop", {
          ...{ tenantId: tenantIdSchema.parse(tenantId), channel, shopId, name, credentials },
          mode: "observe",
        });
        shops.push({ shopId, tenantId, market });
      }
      return shops;
    },
    async cases(shops, count) {
      const cases: LoadCase[] = [];
      for (let index = 0; index < count; index++) {
        const shop = shops[index % shops.length];
        if (!shop) throw new Error("there is no shop");
        cases.push(await openCase(shop, ++made, stack));
      }
      return cases;
    },
    stop: () => stack.stop(),
  };
}

const planOf: Readonly<Record<string, string>> = {
  douyin: "return_quality",
  shopify: "return_requested_staff_approves",
};

async function openCase(shop: LoadShop, seed: number, stack: LocalStack): Promise<LoadCase> {
  const { market, shopId } = shop;
  const { channel } = market;
  const { channelCaseId } = await market.openCase({ shopId, plan: planOf[channel] ?? "", seed });
  const body = channel === "shopify" ? returnRequested(channelCaseId) : messageOf200(shopId, channelCaseId, seed);
  const headers = market.signPush?.(body, { shopId, topic: "returns/request" });
  if (!headers) throw new Error(`${channel} pushes nothing`);
  const push = { url: stack.webhookUrl(channel), headers, body };
  return { caseId: caseIdIn({ channel, shopId, channelCaseId }), shop, push };
}

/** Douyin's message of a new application. Ids are 64 bits wide, so they are written as text. */
function messageOf200(shopId: string, channelCaseId: string, serial: number): string {
  const data =
    `{"p_id":69${channelCaseId.slice(-17)},"s_id":69${channelCaseId.slice(-17)},"shop_id":${shopId},"store_id":0,` +
    `"aftersale_id":${channelCaseId},"aftersale_status":6,"aftersale_type":0,"refund_amount":15900,` +
    `"refund_post_amount":0,"refund_voucher_num":0,"reason_code":6}`;
  return JSON.stringify([{ tag: "200", msg_id: `${channelCaseId}::200:${serial}`, data }]);
}

function returnRequested(channelCaseId: string): string {
  const number = channelCaseId.split("/").at(-1) ?? "";
  return `{"id":${number},"admin_graphql_api_id":"gid://shopify/Return/${number}","status":"requested"}`;
}
