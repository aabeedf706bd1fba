import * as z from "zod";
import { openSession, type SessionDeps } from "#connectors/session/session.ts";
import { instant, instantSchema } from "#shared/case/instant.ts";
import { type ShopNotice, shopNoticeSchema } from "#shared/case/shop-notice.ts";
import { isSuiteError, SuiteError } from "#shared/errors.ts";
import { log } from "#shared/log.ts";
import { count } from "#shared/metrics.ts";
import { fulfilRequest, type RequestDeps, stepSchema } from "./fulfil-request.ts";

/** `step` and `receivedAt` are of a request that takes several messages. */
export const shopMessageSchema = z.strictObject({
  notice: shopNoticeSchema,
  receivedAt: instantSchema.optional(),
  step: stepSchema.optional(),
});
export type ShopMessage = z.infer<typeof shopMessageSchema>;

export interface Deps extends SessionDeps, RequestDeps {}

/**
 * Does what a channel asks of us for a shop: parks it when our app was taken out, and fulfils rights to know and to be
 * forgotten. A removal and the erasure of a shop are believed only when the shop lets us in no more. Safe to repeat.
 * @throws SuiteError `payload_invalid` for the erasure of a shop that still lets us in: a person must look; else what a call
 * and the store throw.
 */
export async function handleShopNotice(message: ShopMessage, deps: Deps): Promise<void> {
  const { notice, step, receivedAt = instant(deps.clock.now()) } = message;
  const { channel, shopId, topic, what } = notice;
  const found = await deps.shops.find(channel, shopId);
  if (!found) {
    count("ShopUnknown", 1, { channel });
    log.warn("notice of an unknown shop let go: nothing is held of it", { channel, shopId, topic });
    return;
  }
  if (what.kind === "app_removed" || (what.kind === "shop_erasure" && step === undefined)) {
    const isIn = await letsUsIn(notice, deps);
    if (isIn && what.kind === "shop_erasure") {
      throw new SuiteError("payload_invalid", "a shop that still lets us in is not erased", {
        details: { channel, shopId },
      });
    }
    log.info(isIn ? "the shop still lets us in, and stays connected" : "shop parked: our app was removed", {
      ...{ channel, shopId, topic },
    });
    if (what.kind === "app_removed") return;
  }
  await fulfilRequest({ notice: { ...notice, what }, tenantId: found.shop.tenantId, receivedAt, step }, deps);
}

/** Whether the shop's grant still holds; the shop is parked when it does not. Anybody can write a topic on a message. */
async function letsUsIn(place: Pick<ShopNotice, "channel" | "shopId">, deps: SessionDeps): Promise<boolean> {
  try {
    const session = await openSession(place, deps);
    const { listAddresses } = session.connector;
    if (listAddresses) await session.call(listAddresses);
    return true;
  } catch (fault) {
    if (isSuiteError(fault, "credentials_rejected")) return false;
    // It was understood and refused, as without a scope: so we are in.
    if (isSuiteError(fault, "channel_refused")) return true;
    throw fault;
  }
}
