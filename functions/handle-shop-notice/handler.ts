import { SQSClient } from "@aws-sdk/client-sqs";
import { buildSessionDeps } from "#connectors/session/build.ts";
import { setting } from "#shared/config.ts";
import { onQueue } from "#shared/lambda/on-queue.ts";
import { asideMessages, send } from "#shared/queue.ts";
import { type Deps, handleShopNotice, shopMessageSchema } from "./handle-shop-notice.ts";

const client = new SQSClient();
const queueUrl = setting("SHOP_NOTICES_QUEUE_URL");
const quarantine = { client, queueUrl: setting("QUARANTINE_QUEUE_URL") };
const { store, ...session } = buildSessionDeps({ rememberShops: false });
const { timeline, privacyRequests } = store;
const deps: Deps = {
  ...{ ...session, timeline, privacyRequests },
  again: (messages) => send(messages, { client, queueUrl }),
};

export const handler = onQueue(shopMessageSchema, (message) => handleShopNotice(message, deps), {
  ...{ name: "handle-shop-notice", client, queueUrl },
  setAside: (body, fault) => send(asideMessages(body, fault), quarantine),
});
