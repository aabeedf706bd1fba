import type { Owner } from "./vault.ts";

/** Whose secret an inbound key is: no shop's, so that who may open these may open no shop's tokens. */
export function inboundOwner(tenantId: string): Owner {
  return { tenantId, channel: "inbound", shopId: "warehouse" };
}
