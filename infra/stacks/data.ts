import { type App, CfnOutput, Duration, RemovalPolicy } from "aws-cdk-lib";
import { BlockPublicAccess, Bucket, BucketEncryption } from "aws-cdk-lib/aws-s3";
import { type Channel, channels } from "#shared/case/channel.ts";
import { otherTerms } from "#shared/case/retention.ts";
import { CaseTable } from "../constructs/case-table.ts";
import { ChannelSecret, channelSecretPrefix } from "../constructs/channel-secret.ts";
import { excuse } from "../constructs/excuse.ts";
import { FixedEgress } from "../constructs/fixed-egress.ts";
import type { Outbound, SuiteFunction } from "../constructs/suite-function.ts";
import { SuiteKey } from "../constructs/suite-key.ts";
import { SuiteStack } from "../constructs/suite-stack.ts";
import type { Settings } from "../settings.ts";

/** What must outlive everything else: cases, evidence, keys, secrets, and the address that channels allow-list. */
export class DataStack extends SuiteStack {
  readonly table: CaseTable;
  /** Files given to a channel, and payloads too large for a queue. */
  readonly evidence: Bucket;
  /** Stream records that could not be published, whole, until they are replayed. */
  readonly failures: Bucket;
  /** Seals the tokens of shops. */
  readonly credentialsKey: SuiteKey;
  readonly channelSecrets: Record<Channel, ChannelSecret>;
  /** Functions that call channels run here when the address must be constant. */
  readonly outbound: Outbound | undefined;

  constructor(app: App, id: string, settings: Settings) {
    super(app, id, settings, "Casebridge: cases, evidence, keys and secrets");
    const key = new SuiteKey(this, "DataKey", { name: "data", description: "Casebridge's table and buckets" });
    key.useThrough("dynamodb", "s3");
    this.credentialsKey = new SuiteKey(this, "CredentialsKey", {
      name: "credentials",
      description: "Seals the tokens of connected shops; its context names the shop",
    });

    this.table = new CaseTable(this, "Cases", { key });

    const common = {
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      enforceSSL: true,
      minimumTLSVersion: 1.2,
      removalPolicy: RemovalPolicy.RETAIN,
    };
    const accessLogs = new Bucket(this, "AccessLogs", {
      ...common,
      // The log delivery service cannot write to a bucket with a key of ours.
      encryption: BucketEncryption.S3_MANAGED,
      lifecycleRules: [{ expiration: Duration.days(otherTerms.bucketAccess.days) }],
    });
    excuse(accessLogs, "AwsSolutions-S1", "It holds the access logs; its own would never end.");
    const kept = { ...common, encryption: BucketEncryption.KMS, encryptionKey: key, bucketKeyEnabled: true };
    this.evidence = new Bucket(this, "Evidence", {
      ...kept,
      versioned: true,
      serverAccessLogsBucket: accessLogs,
      serverAccessLogsPrefix: "evidence/",
      lifecycleRules: [
        {
          expiration: Duration.days(otherTerms.evidence.days),
          noncurrentVersionExpiration: Duration.days(otherTerms.replaced.days),
          abortIncompleteMultipartUploadAfter: Duration.days(1),
        },
      ],
    });
    this.failures = new Bucket(this, "Failures", {
      ...kept,
      serverAccessLogsBucket: accessLogs,
      serverAccessLogsPrefix: "failures/",
      // Long enough to replay, short enough for the buyers' data in it.
      lifecycleRules: [
        { expiration: Duration.days(otherTerms.failures.days), abortIncompleteMultipartUploadAfter: Duration.days(1) },
      ],
    });

    this.channelSecrets = Object.fromEntries(
      channels.map((channel) => [channel, new ChannelSecret(this, channel)]),
    ) as Record<Channel, ChannelSecret>;

    if (settings.egress === "fixed") {
      const egress = new FixedEgress(this, "FixedEgress");
      this.outbound = egress.outbound;
      new CfnOutput(this, "EgressAddress", {
        value: egress.address,
        description: "Register it where callers are listed",
      });
    }
  }

  /** What a function needs to know to talk to channels in the name of shops. Goes with `shopsServedBy`. */
  get channelEnvironment() {
    return {
      TABLE_NAME: this.table.name,
      CHANNEL_SECRET_PREFIX: channelSecretPrefix(this),
      CREDENTIALS_KEY_ID: this.credentialsKey.keyId,
    };
  }

  /** Lets a function read the app-level secrets of all channels. */
  channelSecretsReadBy(reader: SuiteFunction): void {
    for (const secret of Object.values(this.channelSecrets)) secret.readBy(reader);
  }

  /**
   * Lets a function talk to channels: read shops, open their tokens, and store renewed ones. Tokens open only with the
   * context that says whose they are, never by the bare key. `named`: whether the function is told the tenant, or must
   * find it by what the channel calls the shop.
   */
  shopsServedBy(server: SuiteFunction, { named }: { named: "by tenant" | "by channel" }): void {
    this.channelSecretsReadBy(server);
    this.table.usedBy(server, ["GetItem"], {
      keys: ["tenants", ...(named === "by channel" ? ["shopBindings" as const] : [])],
    });
    this.table.usedBy(server, ["UpdateItem"], { keys: ["tenants"] });
    server.may(["kms:Decrypt", "kms:GenerateDataKey"], [this.credentialsKey.keyArn], {
      "ForAllValues:StringEquals": { "kms:EncryptionContextKeys": ["tenantId", "channel", "shopId"] },
      Null: { "kms:EncryptionContext:tenantId": "false" },
    });
  }
}
