import { defineConnector } from "../contract.ts";
import { actions } from "./actions.ts";
import { listAddresses } from "./addresses.ts";
import { authorization } from "./authorization.ts";
import { explain } from "./explain.ts";
import { fetchCase } from "./fetch.ts";
import { normalize } from "./normalize.ts";
import { openRefunds, refunds } from "./refund-feeds.ts";
import { appSchema, credentialsSchema, type JdApp, type JdCredentials } from "./settings.ts";
import { audits, tickets, waybills } from "./ticket-feeds.ts";
import { tokens } from "./tokens.ts";

/** JD (京东, POP merchants). Five polls in, the audit, receive, process and refund calls out; it pushes nothing. */
export const jd = defineConnector<JdApp, JdCredentials>({
  id: "jd",
  settings: { app: appSchema, credentials: credentialsSchema },
  feeds: { tickets, waybills, audits, refunds, open_refunds: openRefunds },
  fetch: fetchCase,
  normalize,
  actions,
  listAddresses,
  tokens,
  authorization,
  // The address of a single ticket's page is not published; this is the merchants' back office.
  consoleLink: () => "https://shop.jd.com/",
  explain,
});
