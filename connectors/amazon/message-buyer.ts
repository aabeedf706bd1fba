import * as z from "zod";
import type { Case } from "#shared/case/case.ts";
import { SuiteError } from "#shared/errors.ts";
import type { ChannelAction } from "../contract.ts";
import { command as ask, query } from "./client.ts";
import { refusedHere } from "./refused-here.ts";
import type { AmazonApp, AmazonCredentials } from "./settings.ts";
import { marketplaceOf } from "./submit-feed.ts";

/** What Amazon allows for the order now; one may be there and disabled. Source: messaging.json, commit 34dc93f, read 2026-11-25. */
const allowedSchema = z.object({
  _links: z.object({
    actions: z.array(
      z.object({ name: z.string(), disabled: z.boolean().nullish(), disabledReason: z.string().nullish() }),
    ),
  }),
});

/**
 * Writes to the buyer of an order that has not left, by the one template that is meant for a problem with it. None of
 * Amazon's templates is meant for a return: those are a person's, with the text ready. In the buyer's language, without
 * links and addresses, at most 2000 characters.
 */
export function messageBuyer(taskOf: (subject: Case) => string): ChannelAction<AmazonApp, AmazonCredentials> {
  return {
    needs: ["note"],
    offered: (subject) => (isBeforeShipment(subject) ? { offered: true } : { offered: false, task: taskOf(subject) }),
    send: async ({ subject, command }, world) => {
      const orderId = subject.facts.orders[0]?.orderId;
      const { note: text } = command.args;
      if (orderId === undefined || !text) throw refusedHere("the order or the text is missing");
      const path = `/messaging/v1/orders/${encodeURIComponent(orderId)}`;
      const marketplaceIds = marketplaceOf(subject, world);
      const allowed = await query(
        world,
        { operation: "getMessagingActionsForOrder", method: "GET", path, query: { marketplaceIds } },
        allowedSchema,
      );
      const found = allowed._links.actions.find(({ name }) => name === "unexpectedProblem");
      if (!found || found.disabled) {
        const details = { channelCode: "template_not_allowed", manualOnly: true };
        throw new SuiteError("channel_refused", taskOf(subject), { details });
      }
      await ask(
        world,
        {
          operation: "createUnexpectedProblem",
          method: "POST",
          path: `${path}/messages/unexpectedProblem`,
          query: { marketplaceIds },
          body: { text },
        },
        z.looseObject({}),
      );
    },
  };
}

function isBeforeShipment({ facts }: Case): boolean {
  return facts.type.known && facts.type.value === "refund_only" && facts.shipped === false;
}
