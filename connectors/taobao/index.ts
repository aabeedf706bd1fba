import { defineConnector } from "../contract.ts";
import { actions } from "./actions.ts";
import { listAddresses } from "./addresses.ts";
import { authorization } from "./authorization.ts";
import { wordsOf } from "./case-words.ts";
import { explain } from "./explain.ts";
import { fetchCase } from "./fetch.ts";
import { messages } from "./messages.ts";
import { normalize } from "./normalize.ts";
import { appSchema, credentialsSchema, type TaobaoApp, type TaobaoCredentials } from "./settings.ts";
import { subscription } from "./subscription.ts";
import { disputes, exchanges, refunds, refundsDaily, specialRefunds } from "./sweeps.ts";
import { tokens } from "./tokens.ts";

/** Taobao and Tmall (淘宝、天猫). One message queue for the whole app and five sweeps per shop in, TOP calls out. */
export const taobao = defineConnector<TaobaoApp, TaobaoCredentials>({
  id: "taobao",
  settings: { app: appSchema, credentials: credentialsSchema },
  feeds: {
    messages,
    subscription,
    refunds,
    refunds_daily: refundsDaily,
    special_refunds: specialRefunds,
    exchanges,
    disputes,
  },
  fetch: fetchCase,
  normalize,
  actions,
  listAddresses,
  tokens,
  authorization,
  consoleLink: (subject) =>
    `https://refund2.${wordsOf(subject).shop}.com/dispute/detail.htm?disputeId=${subject.channelCaseId}`,
  explain,
});
