import { defineConnector } from "../contract.ts";
import { actions } from "./actions.ts";
import { listAddresses } from "./addresses.ts";
import { authorization } from "./authorization.ts";
import { evidence } from "./evidence.ts";
import { explain } from "./explain.ts";
import { deadlines, updates } from "./feeds.ts";
import { fetchCase } from "./fetch.ts";
import { normalize } from "./normalize.ts";
import { douyinPush } from "./push.ts";
import { appSchema, credentialsSchema, type DouyinApp, type DouyinCredentials } from "./settings.ts";
import { tokens } from "./tokens.ts";

/** Douyin E-commerce (抖店). Push and two sweeps in, `/afterSale/operate` out. */
export const douyin = defineConnector<DouyinApp, DouyinCredentials>({
  id: "douyin",
  settings: { app: appSchema, credentials: credentialsSchema },
  push: douyinPush,
  feeds: { updates, deadlines },
  fetch: fetchCase,
  normalize,
  actions,
  evidence,
  listAddresses,
  tokens,
  authorization,
  consoleLink: ({ channelCaseId }) =>
    `https://fxg.jinritemai.com/ffa/maftersale/aftersale/detail-v3?aftersale_id=${channelCaseId}`,
  explain,
});
