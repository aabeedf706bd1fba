import type { Turn } from "../acts/turn.ts";
import type { BulkOperations } from "../bulk/operations.ts";
import type { View } from "../views/view.ts";
import type { Subscriptions } from "../webhooks/subscriptions.ts";
import type { Idempotency } from "./idempotency.ts";
import type { Version } from "./versions.ts";

/** The context every resolver gets. */
export interface GraphRequest {
  view: View;
  version: Version;
  /** One thing done by the app: changes and webhooks are kept together when `work` returns. */
  act<T>(work: (turn: Turn) => T): T;
  subscriptions: Subscriptions;
  idempotency: Idempotency;
  bulk: BulkOperations;
  /** Base URL of this platform for upload targets. */
  baseUrl: string;
}
