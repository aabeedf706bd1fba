import { defineConnector } from "../contract.ts";
import { actions } from "./actions.ts";
import { refundFeeds } from "./adjustments.ts";
import { authorization } from "./authorization.ts";
import { clockTask } from "./clock-tasks.ts";
import { consoleLink } from "./console-link.ts";
import { explain } from "./explain.ts";
import { externalReturns } from "./external-returns.ts";
import { fbaReimbursements, fbaReturns } from "./fba.ts";
import { fetchCase } from "./fetch.ts";
import { refunds } from "./finances.ts";
import { normalize } from "./normalize.ts";
import { readNotification } from "./notification.ts";
import { returns } from "./returns.ts";
import { type AmazonApp, type AmazonCredentials, appSchema, credentialsSchema } from "./settings.ts";
import { subscribe } from "./subscriptions.ts";
import { tokens } from "./tokens.ts";

/** Amazon (Selling Partner API). Reports and Finances in, one feed out; the rest is work for a person in Seller Central. */
export const amazon = defineConnector<AmazonApp, AmazonCredentials>({
  id: "amazon",
  settings: { app: appSchema, credentials: credentialsSchema },
  notifications: { read: readNotification, subscribe },
  feeds: { returns, externalReturns, refunds, refundFeeds, fbaReturns, fbaReimbursements },
  fetch: fetchCase,
  normalize,
  actions,
  tokens,
  authorization,
  // The Data Protection Policy allows 30 days after the delivery. A case is about what comes after it, and is erased 30 days
  // after its own end; docs/channels.md says what of it would lead to anybody.
  consoleLink,
  clockTask,
  explain,
});
