import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { channelSchema } from "#shared/case/channel.ts";
import { shopIdSchema, tenantIdSchema } from "#shared/case/ids.ts";
import type { ShopMode } from "#shared/case/shop.ts";
import type { MovableClock } from "./clock.ts";
import { type Desk, openDesk } from "./desk.ts";
import { type Issuer, startIssuer } from "./issuer.ts";
import type { SimulatedShop } from "./marketplaces/contract.ts";
import { findDynamo } from "./runtime/engines/dynoxide.ts";
import { type Runtime, startRuntime } from "./runtime/runtime.ts";
import { synthesize } from "./synthesize.ts";
import { checkTokens } from "./token-check.ts";

export const demoTenant = tenantIdSchema.parse("demo");

/** Casebridge alone, with no marketplace: whoever has one introduces it. */
export interface Suite {
  runtime: Runtime;
  desk: Desk;
  webhookUrl(channel: string): string;
  /** Where the operator API is, and who gives tokens for it. */
  operatorUrl: string;
  issuer: Issuer;
  /** Invokes a function by its name in functions/. @throws Error with what the function threw. */
  call(functionName: string, request: unknown): Promise<unknown>;
  /** Stores the app settings of a channel, as an operator would in Secrets Manager. */
  introduce(channel: string, appSettings: Record<string, unknown>): void;
  /** Connects the shop to the demo tenant, unless it is. */
  connect(channel: string, shop: SimulatedShop): Promise<void>;
  stop(): Promise<void>;
}

export interface SuiteOptions {
  clock: MovableClock;
  /** Keeps everything for the next start; in memory only when left out. */
  dataDir?: string;
  /** An assembly made before; made anew when left out. */
  assemblyDir?: string;
  /** Settings of the deployment, as `-c name=value` would give them. */
  context?: Record<string, string>;
  mode?: ShopMode;
  /** See RuntimeOptions. */
  maxThreads?: number;
  watch?: boolean;
  tell?: (step: string) => void;
}

/** Starts the synthesized stack on this machine. It takes nothing from queues and schedules before `runtime.open`. */
export async function startSuite(options: SuiteOptions): Promise<Suite> {
  const { clock, dataDir, maxThreads, watch, mode = "auto", tell = () => {} } = options;
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
  const desk = openDesk({ gatewayUrl: runtime.gatewayUrl, tableName: tableOf(runtime), clock });
  const call = async (functionName: string, request: unknown): Promise<unknown> => {
    const outcome = await runtime.invoke(functionIn(runtime, functionName), request);
    if (!outcome.ok) throw new Error(`${functionName}: ${outcome.error.errorMessage}`);
    return outcome.payload === undefined ? undefined : JSON.parse(outcome.payload);
  };

  return {
    runtime,
    desk,
    webhookUrl: (channel) => `${apiIn(runtime, "webhooks")}/webhooks/${channel}`,
    operatorUrl: apiIn(runtime, "operators"),
    issuer,
    call,
    introduce(channel, appSettings) {
      const name = runtime.secrets.names.find((each) => each.endsWith(`/${channel}`));
      if (!name) throw new Error(`The stack has no secret for the app settings of ${channel}.`);
      runtime.secrets.set(name, { current: appSettings });
    },
    async connect(named, { shopId, name, credentials }) {
      const channel = channelSchema.parse(named);
      if (await desk.store.shops.find(channel, shopIdSchema.parse(shopId))) return;
      await call("connect-shop", { tenantId: demoTenant, channel, shopId, name, mode, credentials });
    },
    async stop() {
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

function functionIn(runtime: Runtime, name: string): string {
  const found = runtime.functions.find((each) => each.name.endsWith(`-${name}`) || each.name === name);
  if (!found) throw new Error(`The stack has no function ${name}.`);
  return found.name;
}

/** The one table of the template. */
export function tableOf(runtime: Runtime): string {
  const [name] = runtime.tables;
  if (!name) throw new Error("The stack has no table.");
  return name;
}
