import type { Duration, Stack } from "aws-cdk-lib";
import { AccountPrincipal } from "aws-cdk-lib/aws-iam";
import { RegionInfo } from "aws-cdk-lib/region-info";
import type { Construct } from "constructs";
import type { Channel } from "#shared/case/channel.ts";
import { QueueWithDlq } from "./queue-with-dlq.ts";

/**
 * Channels that put their messages into a queue of the merchant's, and the AWS account from which each writes. Amazon:
 * developer-docs.amazon.com/sp-api/docs/set-up-notifications-with-amazon-sqs, read 2026-11-25.
 */
export const queueWriters: Readonly<Partial<Record<Channel, string>>> = { amazon: "437568002678" };

/** Such accounts live in AWS's own partition; a policy in another cannot name them. */
export function mayWriteTo(stack: Stack): boolean {
  return RegionInfo.get(stack.region).partition === "aws";
}

/** A queue that one channel may write to from its own account, and may look at; nobody else outside of ours. */
export class ChannelQueue extends QueueWithDlq {
  constructor(
    scope: Construct,
    channel: Channel,
    { writer, handledWithin }: { writer: string; handledWithin: Duration },
  ) {
    super(scope, `notifications-${channel}`, { handledWithin });
    const account = new AccountPrincipal(writer);
    this.queue.grant(account, "sqs:SendMessage", "sqs:GetQueueAttributes");
  }
}
