import type { Question } from "#connectors/contract.ts";
import type { Problem } from "#shared/api/problem.ts";
import {
  authorizationMinutes,
  hashOf,
  newAuthorizationId,
  newTicket,
  writeTicket,
} from "#shared/authorization-link.ts";
import { instant } from "#shared/case/instant.ts";
import type { Work } from "./works.ts";

/** A link that lets one shop be connected to the operator's tenant, and to no other. */
export const startAuthorization: Work<"start_authorization"> = async ({ operator, body }, deps) => {
  const { channel, shopId, asked } = body;
  const { tenantId, personId } = operator;
  const { authorization } = deps.connectorOf(channel);
  if (!authorization || deps.connectUrl === undefined)
    return { problem: "not_found", detail: `${channel} has no page of consent: connect the shop with connect-shop.` };
  if (shopId !== undefined && !(await deps.store.shops.get({ tenantId, channel, shopId })))
    return { problem: "not_found" };
  const wrong = problemOf(authorization.asks ?? [], asked);
  if (wrong) return wrong;

  const now = deps.clock.now();
  const ticket = newTicket({ tenantId, authorizationId: newAuthorizationId() });
  const { authorizationId } = ticket;
  const expiresAt = instant(new Date(now.getTime() + authorizationMinutes * 60_000));
  const linkHash = hashOf(ticket.secret);
  await deps.store.authorizations.open({
    ...{ tenantId, authorizationId, channel, personId, asked, linkHash, expiresAt },
    ...(shopId !== undefined && { shopId }),
  });
  return { url: `${deps.connectUrl}/${channel}?link=${writeTicket(ticket)}`, expiresAt };
};

/** Every question has its answer, in its form, and there is no answer without a question. */
function problemOf(asks: readonly Question[], asked: Readonly<Record<string, string>>): Problem | undefined {
  const unknown = Object.keys(asked).filter((name) => !asks.some((each) => each.name === name));
  const fields = [
    ...unknown.map((name) => ({ field: `asked.${name}`, says: "is not asked by this channel" })),
    ...asks.flatMap(({ name, label, example, pattern, choices }) => {
      const answer = asked[name];
      const fits = answer !== undefined && new RegExp(`^(?:${pattern.source})$`, pattern.flags).test(answer);
      if (fits && (!choices || choices.includes(answer))) return [];
      const form = choices ? `one of ${choices.join(", ")}` : `such as ${example}`;
      return [{ field: `asked.${name}`, says: `${label.en}, ${form}` }];
    }),
  ];
  return fields.length > 0 ? { problem: "request_invalid", fields } : undefined;
}
