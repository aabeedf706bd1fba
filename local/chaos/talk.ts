import type { SimulatedShop } from "../marketplaces/contract.ts";
import type { FaultKind, Faults } from "../runtime/gateway/faults.ts";

/** What the parent asks of the process that runs the suite, one at a time; each is answered once. */
export type Ask =
  | { what: "start"; options: ProcessOptions }
  | { what: "advance"; toMs: number }
  | { what: "inject"; faults: Faults }
  | { what: "cut-off"; functionName: string }
  | { what: "call"; functionName: string; request: unknown }
  | { what: "look" }
  | { what: "stop" };

export interface ProcessOptions {
  assemblyDir: string;
  dataDir: string;
  startMs: number;
  maxThreads: number;
  /** What an operator has set up: the channels' app settings, and a shop on each. */
  channels: { channel: string; settings: Record<string, unknown>; shop: SimulatedShop }[];
}

export interface Started {
  gatewayUrl: string;
  tableName: string;
  webhookUrls: Record<string, string>;
}

export type Injected = Partial<Record<FaultKind, number>>;

/** What an operator sees of it. */
export interface Look {
  /** Names of alarms that are in alarm now, and of those that were since this process began. */
  alarms: string[];
  raised: string[];
  queues: { name: string; visible: number; waiting: number }[];
  /** What AWS would have refused. */
  refusals: string[];
}

export type Told = { id: number; value: unknown } | { id: number; fault: string };
