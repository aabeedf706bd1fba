import { RemovalPolicy } from "aws-cdk-lib";
import { CfnSecret } from "aws-cdk-lib/aws-secretsmanager";
import { Construct } from "constructs";
import type { Channel } from "#shared/case/channel.ts";
import { excuse } from "./excuse.ts";
import type { SuiteFunction } from "./suite-function.ts";
import { SuiteStack } from "./suite-stack.ts";

/** Name of every channel secret up to the channel. */
export const channelSecretPrefix = (part: Construct) => `casebridge/${SuiteStack.of(part).settings.stage}/channel/`;

/**
 * What the operator has from a channel for the whole app: key and secret. It is created without a value, so that a
 * deployment nobody has set up fails with a plain error and not with signatures that never match. The key is AWS's own:
 * all use is inside this account, and a key of ours would add cost and no wall.
 */
export class ChannelSecret extends Construct {
  readonly #secret: CfnSecret;

  constructor(scope: Construct, channel: Channel) {
    super(scope, `${channel}-secret`);
    this.#secret = new CfnSecret(this, "Secret", {
      name: `${channelSecretPrefix(this)}${channel}`,
      description: `Casebridge's app on ${channel}. Put a new version to rotate; the one before it stays valid.`,
    });
    this.#secret.applyRemovalPolicy(RemovalPolicy.RETAIN);
    excuse(
      this,
      "AwsSolutions-SMG4",
      "The channel issues this value on its own console. The operator puts it; the last two versions are accepted.",
    );
  }

  readBy(reader: SuiteFunction): void {
    reader.may(["secretsmanager:GetSecretValue"], [this.#secret.ref]);
  }
}
