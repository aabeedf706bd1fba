import { apiDefences } from "./api.ts";
import type { Defences } from "./defence.ts";
import { webhookBodyDefences } from "./webhook-bodies.ts";
import { webhookDefences } from "./webhooks.ts";

/** Every defence that a book of attacks names, and how it is switched off. */
export const defences: Defences = { ...webhookDefences, ...webhookBodyDefences, ...apiDefences };
