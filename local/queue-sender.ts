import { SendMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import type { QueueSender } from "./marketplaces/contract.ts";

/** Puts messages into the stack's queues as somebody outside of it, the way a marketplace with an AWS account does. */
export function openQueueSender(gatewayUrl: string): QueueSender {
  const client = new SQSClient({
    endpoint: gatewayUrl,
    region: "us-east-1",
    credentials: { accessKeyId: "marketplace", secretAccessKey: "local" },
  });
  return async (queueArn, MessageBody) => {
    const [account = "", name = ""] = queueArn.split(":").slice(-2);
    await client.send(new SendMessageCommand({ QueueUrl: `${gatewayUrl}/${account}/${name}`, MessageBody }));
  };
}
