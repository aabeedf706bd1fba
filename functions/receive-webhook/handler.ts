import { SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { SQSClient } from "@aws-sdk/client-sqs";
import { pushOf } from "#connectors/push.ts";
import { createChannelSettings } from "#shared/channel-settings.ts";
import { systemClock } from "#shared/clock.ts";
import { setting } from "#shared/config.ts";
import { onHttp } from "#shared/lambda/on-http.ts";
import { send } from "#shared/queue.ts";
import { type Deps, receiveWebhook } from "./receive-webhook.ts";

const client = new SQSClient();
const intake = { client, queueUrl: setting("INTAKE_QUEUE_URL") };
const quarantine = { client, queueUrl: setting("QUARANTINE_QUEUE_URL") };

const shops = { client, queueUrl: setting("SHOP_NOTICES_QUEUE_URL") };

const deps: Deps = {
  pushOf,
  channelSettings: createChannelSettings({
    client: new SecretsManagerClient(),
    prefix: setting("CHANNEL_SECRET_PREFIX"),
  }),
  clock: systemClock,
  enqueue: (messages) => send(messages, intake),
  quarantine: (messages) => send(messages, quarantine),
  tellShops: (messages) => send(messages, shops),
};

export const handler = onHttp((call) => receiveWebhook(call, deps));
