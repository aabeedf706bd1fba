import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { KMSClient } from "@aws-sdk/client-kms";
import { SQSClient } from "@aws-sdk/client-sqs";
import { systemClock } from "#shared/clock.ts";
import { setting } from "#shared/config.ts";
import { onHttp } from "#shared/lambda/on-http.ts";
import { send } from "#shared/queue.ts";
import { createStore } from "#shared/store/index.ts";
import { createVault } from "#shared/vault.ts";
import { type Deps, receiveInbound } from "./receive-inbound.ts";

const { cases, references, inbound } = createStore({
  client: new DynamoDBClient(),
  tableName: setting("TABLE_NAME"),
  clock: systemClock,
});
const queue = { client: new SQSClient(), queueUrl: setting("INBOUND_QUEUE_URL") };
const deps: Deps = {
  ...{ cases, references, inbound },
  vault: createVault({ client: new KMSClient(), keyId: setting("INBOUND_KEY_ID") }),
  clock: systemClock,
  enqueue: (messages) => send(messages, queue),
};

export const handler = onHttp((call) => receiveInbound(call, deps));
