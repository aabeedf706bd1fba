import { SQSClient } from "@aws-sdk/client-sqs";
import { connectorOf } from "#connectors/registry.ts";
import { channelSchema } from "#shared/case/channel.ts";
import { setting } from "#shared/config.ts";
import { onTexts } from "#shared/lambda/on-queue.ts";
import { asideMessages, send } from "#shared/queue.ts";
import { type Deps, reader, receiveNotification } from "./receive-notification.ts";

const client = new SQSClient();
const intake = { client, queueUrl: setting("INTAKE_QUEUE_URL") };
const quarantine = { client, queueUrl: setting("QUARANTINE_QUEUE_URL") };
const shops = { client, queueUrl: setting("SHOP_NOTICES_QUEUE_URL") };
const channel = channelSchema.parse(setting("CHANNEL"));

const deps: Deps = {
  channel,
  read: reader(connectorOf(channel)),
  enqueue: (messages) => send(messages, intake),
  quarantine: (messages) => send(messages, quarantine),
  tellShops: (messages) => send(messages, shops),
};

export const handler = onTexts((body) => receiveNotification(body, deps), {
  name: "receive-notification",
  client,
  queueUrl: setting("NOTIFICATIONS_QUEUE_URL"),
  setAside: (body, fault) => send(asideMessages(body, fault), quarantine),
});
