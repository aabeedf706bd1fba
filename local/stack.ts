import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { Marketplace, SimulatedShop } from "./marketplaces/contract.ts";
import { marketplaces } from "./marketplaces/index.ts";
import { openQueueSender } from "./queue-sender.ts";
import { type Suite, type SuiteOptions, startSuite } from "./suite.ts";

export { apiIn, demoTenant } from "./suite.ts";

/** The channels that have a simulated marketplace. */
export const simulatedChannels: readonly string[] = Object.keys(marketplaces);

export interface DemoShop extends SimulatedShop {
  market: Marketplace;
}

export interface LocalStack extends Omit<Suite, "introduce" | "connect"> {
  markets: readonly Marketplace[];
  shops: readonly DemoShop[];
}

export interface StackOptions extends SuiteOptions {
  /** Marketplaces to open; every one there is when left out. */
  channels?: readonly string[];
  /** See MarketplaceOptions. */
  pace?: number;
}

/** Starts the whole of Casebridge on this machine: marketplaces, the synthesized stack, and a connected shop on each. */
export async function startStack(options: StackOptions): Promise<LocalStack> {
  const { clock, dataDir, pace, tell = () => {} } = options;
  const channels = options.channels ?? simulatedChannels;
  if (dataDir) makeFolders(dataDir);
  for (const each of channels)
    if (!simulatedChannels.includes(each))
      throw new Error(`No marketplace is called ${each}. There are: ${simulatedChannels.join(", ")}.`);
  const suite = await startSuite(options);
  const { runtime, webhookUrl } = suite;

  tell("opening the marketplaces");
  const marketDir = dataDir && join(dataDir, "marketplaces");
  const markets = Object.entries(marketplaces)
    .filter(([channel]) => channels.includes(channel))
    .map(([, create]) => create({ clock, dataDir: marketDir, pace }));
  await Promise.all(markets.map((market) => market.start()));
  for (const market of markets) suite.introduce(market.channel, market.appSettings());

  tell("connecting a demo shop on each marketplace");
  runtime.open();
  const sendToQueue = openQueueSender(runtime.gatewayUrl);
  const shops: DemoShop[] = [];
  for (const market of markets) {
    const shop = await market.openShop("demo");
    shops.push({ ...shop, market });
    await suite.connect(market.channel, shop);
    market.pushTo(webhookUrl(market.channel));
    market.sendTo?.(sendToQueue);
  }

  return {
    ...suite,
    markets,
    shops,
    async stop() {
      await Promise.all(markets.map((market) => market.stop()));
      await suite.stop();
    },
  };
}

function makeFolders(dataDir: string): void {
  try {
    mkdirSync(join(dataDir, "marketplaces"), { recursive: true });
  } catch (cause) {
    throw new Error(`Nothing can be kept in ${dataDir}. Set --data to a folder that can be written.`, { cause });
  }
}
