import type { TenantId } from "#shared/case/ids.ts";
import { type Instant, instant } from "#shared/case/instant.ts";
import type { ShopAuthorization } from "#shared/case/shop-authorization.ts";
import { authorizationItemSchema, readItem, schemaVersion, writeItem } from "./item.ts";
import { authorizationKey } from "./keys.ts";
import { getItem } from "./query.ts";
import type { Place } from "./request.ts";
import { putIf, updateIf } from "./write.ts";

export type Authorizations = ReturnType<typeof createAuthorizations>;

type Id = Pick<ShopAuthorization, "tenantId" | "authorizationId">;

export function createAuthorizations(place: Place) {
  const change = async (id: Id, update: string, condition: string, values: Record<string, unknown>) =>
    (await updateIf(place, authorizationKey(id.tenantId, id.authorizationId), { update, condition, values })).written;

  return {
    async open(authorization: ShopAuthorization): Promise<void> {
      const { tenantId, authorizationId, expiresAt } = authorization;
      const item = writeItem({
        ...authorizationKey(tenantId, authorizationId),
        entity: "authorization",
        schemaVersion,
        authorization,
        expiresAtSeconds: Math.ceil(Date.parse(expiresAt) / 1000),
      });
      await putIf(place, item, { condition: "attribute_not_exists(#pk)" });
    },

    /** Undefined when it is over: the table takes its time to forget. */
    async get(tenantId: TenantId, authorizationId: string, now: Date): Promise<ShopAuthorization | undefined> {
      const item = await getItem(place, authorizationKey(tenantId, authorizationId));
      const found = item && readItem(authorizationItemSchema, item).authorization;
      return found && found.expiresAt > instant(now) ? found : undefined;
    },

    /** Somebody sets out with the link; whoever did before can come back no more. False once a shop is connected. */
    setOut(id: Id, round: { stateHash: string; browserHash: string }): Promise<boolean> {
      const update = "SET #authorization.#round = :round REMOVE #authorization.#outcome";
      const open = "attribute_exists(#pk) AND NOT #authorization.#outcome.#code IN (:connected, :bare)";
      return change(id, update, `${open}`, {
        round,
        connected: "connected",
        bare: "connected_without_addresses",
      });
    },

    /**
     * Spends the state, before anything is asked of the channel. Of two that come with the same one, one gets true.
     *
     *   A   spends: not spent yet, so it is now, and exchanges the code
     *   B   replays: spent: no
     *   C   set out later with the same link: A's hash is gone, so A can no longer spend
     */
    spend(id: Id, stateHash: string, now: Instant): Promise<boolean> {
      return change(
        id,
        "SET #authorization.#round.#spentAt = :now",
        "#authorization.#round.#stateHash = :stateHash AND attribute_not_exists(#authorization.#round.#spentAt)",
        { now, stateHash },
      );
    },

    /** Writes down how the round ended, unless another has begun since. */
    end(id: Id, stateHash: string, outcome: NonNullable<ShopAuthorization["outcome"]>): Promise<boolean> {
      return change(id, "SET #authorization.#outcome = :outcome", "#authorization.#round.#stateHash = :stateHash", {
        outcome,
        stateHash,
      });
    },
  };
}
