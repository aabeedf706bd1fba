import { apiDefences } from "./api.ts";
import { connectingDefences } from "./connecting.ts";
import type { Defences } from "./defence.ts";
import { evidenceDefences } from "./evidence.ts";
import { inboundDefences } from "./inbound.ts";
import { outboundDefences } from "./outbound.ts";
import { renderingDefences } from "./rendering.ts";
import { templateDefences } from "./template.ts";
import { tokenDefences } from "./tokens.ts";
import { vaultDefences } from "./vault.ts";
import { webhookBodyDefences } from "./webhook-bodies.ts";
import { webhookDefences } from "./webhooks.ts";

/** Every defence that a book of attacks names, and how it is switched off. */
export const defences: Defences = {
  ...webhookDefences,
  ...webhookBodyDefences,
  ...apiDefences,
  ...tokenDefences,
  ...connectingDefences,
  ...inboundDefences,
  ...evidenceDefences,
  ...outboundDefences,
  ...vaultDefences,
  ...renderingDefences,
  ...templateDefences,
};
