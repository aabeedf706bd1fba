import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { channelSchema } from "#shared/case/channel.ts";
import { shopIdSchema, tenantIdSchema } from "#shared/case/ids.ts";
import type { ShopMode } from "#shared/case/shop.ts";
import type { MovableClock } from "./clock.ts";
import { type Desk, openDesk } from "./desk.ts";
import { type Issuer, startIssuer } from "./issuer.ts";
import type { Marketplace, SimulatedShop } from "./marketplaces/contract.ts";
import { marketplaces } from "./marketplaces/index.ts";
import { openQueueSender } from "./queue-sender.ts";
import { findDynamo } from "./runtime/engines/dynoxide.ts";
import { type Runtime, startRuntime } from "./runtime/runtime.ts";
import { synthesize } from "./synthesize.ts";
import { checkTokens } from "./token-check.ts";

/** The channels that have a simulated marketplace. */
export const simulatedChannels: readonly string[] = Object.keys(marketplaces);

export const demoTenant = tenantIdSchema.parse("demo");

export interface DemoShop extends SimulatedShop {
  market: Marketplace;
}

export interface LocalStack {
  runtime: Runtime;
  markets: readonly Marketplace[];
  shops: readonly DemoShop[];
  desk: Desk;
  webhookUrl(channel: string): string;
  /** Where the operator API is, and who gives tokens for it. */
  operatorUrl: string;
  issuer: Issuer;
  /** Invokes a function by its name in functions/. @throws Error with what the function threw. */
  call(functionName: string, request: unknown): Promise<unknown>;
  stop(): Promise<void>;
}

export interface StackOptions {
  clock: MovableClock;
  /** Keeps everything for the next start; in memory only when left out. */
  dataDir?: string;
  /** An assembly made before; made anew when left out. */
  assemblyDir?: string;
  /** Settings of the deployment, as `-c name=value` would give them. */
  context?: Record<string, string>;
  mode?: ShopMode;
  /** Marketplaces to open; every one there is when left out. */
  channels?: readonly string[];
  /** See MarketplaceOptions. */
  pace?: number;
  /** See RuntimeOptions. */
  maxThreads?: number;
  watch?: boolean;
  tell?: (step: string) => void;
}

/** Starts the whole of Casebridge on this machine: marketplaces, the synthesized stack, and a connected shop on each. */
export async function startStack(options: StackOptions): Promise<LocalStack> {
  const { clock, dataDir, pace, maxThreads, watch, mode = "auto", tell = () => {} } = options;
  const channels = options.channels ?? simulatedChannels;
  if (dataDir) makeFolders(dataDir);
  for (const each of channels)
    if (!simulatedChannels.includes(each))
      throw new Error(`No marketplace is called ${each}. There are: ${simulatedChannels.join(", ")}.`);
  await findDynamo(); // before the work of half a minute, not after it
  const assemblyDir = options.assemblyDir ?? mkdtempSync(join(tmpdir(), "casebridge-"));
  if (!options.assemblyDir) {
    tell("synthesizing the stack");
    await synthesize(assemblyDir, options.context);
  }

  tell("starting the table, the queues and the functions");
  const issuer = await startIssuer(clock);
  const authorizeRequest = checkTokens(issuer, clock);
  const runtime = await startRuntime({ assemblyDir, clock, dataDir, maxThreads, watch, authorizeRequest });
  tell("opening the marketplaces");
  const marketDir = dataDir && join(dataDir, "marketplaces");
  const markets = Object.entries(marketplaces)
    .filter(([channel]) => channels.includes(channel))
    .map(([, create]) => create({ clock, dataDir: marketDir, pace }));
  await Promise.all(markets.map((market) => market.start()));

  const webhookUrl = (channel: string) => `${apiIn(runtime, "webhooks")}/webhooks/${channel}`;
  for (const market of markets) {
    const name = runtime.secrets.names.find((each) => each.endsWith(`/${market.channel}`));
    if (!name) throw new Error(`The stack has no secret for the app settings of ${market.channel}.`);
    runtime.secrets.set(name, { current: market.appSettings() });
  }
  const desk = openDesk({ gatewayUrl: runtime.gatewayUrl, tableName: tableOf(runtime), clock });
  const call = async (functionName: string, request: unknown): Promise<unknown> => {
    const outcome = await runtime.invoke(functionIn(runtime, functionName), request);
    if (!outcome.ok) throw new Error(`${functionName}: ${outcome.error.errorMessage}`);
    return outcome.payload === undefined ? undefined : JSON.parse(outcome.payload);
  };

  tell("connecting a demo shop on each marketplace");
  runtime.open();
  const sendToQueue = openQueueSender(runtime.gatewayUrl);
  const shops: DemoShop[] = [];
  for (const market of markets) {
    const shop = await market.openShop("demo");
    shops.push({ ...shop, market });
    const channel = channelSchema.parse(market.channel);
    if (!(await desk.store.shops.find(channel, shopIdSchema.parse(shop.shopId)))) {
      const { shopId, name, credentials } = shop;
      await call("connect-shop", { tenantId: demoTenant, channel, shopId, name, mode, credentials });
    }
    market.pushTo(webhookUrl(market.channel));
    market.sendTo?.(sendToQueue);
  }

  return {
    runtime,
    markets,
    shops,
    desk,
    webhookUrl,
    operatorUrl: apiIn(runtime, "operators"),
    issuer,
    call,
    async stop() {
      await Promise.all(markets.map((market) => market.stop()));
      await runtime.stop();
      await issuer.stop();
      clock.stop();
      // What was made for this run alone goes with it.
      if (!options.assemblyDir) rmSync(assemblyDir, { recursive: true, force: true });
    },
  };
}

/** The base URL of an HTTP API. */
export function apiIn({ httpApis }: Runtime, name: string): string {
  const [, url] = Object.entries(httpApis).find(([each]) => each.endsWith(`-${name}`)) ?? [];
  if (!url) throw new Error(`The stack has no API ${name}.`);
  return url;
}

function makeFolders(dataDir: string): void {
  try {
    mkdirSync(join(dataDir, "marketplaces"), { recursive: true });
  } catch (cause) {
    throw new Error(`Nothing can be kept in ${dataDir}. Set --data to a folder that can be written.`, { cause });
  }
}

function functionIn(runtime: Runtime, name: string): string {
  const found = runtime.functions.find((each) => each.name.endsWith(`-${name}`) || each.name === name);
  if (!found) throw new Error(`The stack has no function ${name}.`);
  return found.name;
}

function tableOf(runtime: Runtime): string {
  const [name] = runtime.tables;
  if (!name) throw new Error("The stack has no table.");
  return name;
}
