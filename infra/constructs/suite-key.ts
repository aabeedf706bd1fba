import { Duration, RemovalPolicy } from "aws-cdk-lib";
import { AnyPrincipal, PolicyStatement } from "aws-cdk-lib/aws-iam";
import { Key } from "aws-cdk-lib/aws-kms";
import type { Construct } from "constructs";
import { SuiteStack } from "./suite-stack.ts";

/** A yearly rotated key that outlives its stack, because what it encrypts does. */
export class SuiteKey extends Key {
  constructor(scope: Construct, id: string, { name, description }: { name: string; description: string }) {
    super(scope, id, {
      alias: `alias/${SuiteStack.of(scope).nameOf(name)}`,
      description,
      enableKeyRotation: true,
      pendingWindow: Duration.days(30),
      removalPolicy: RemovalPolicy.RETAIN,
    });
  }

  /**
   * Whoever in this account may use a table or bucket may use the key through that service, and in no other way. It is
   * how AWS's own keys work; granting each role the key itself would allow more.
   */
  useThrough(...services: string[]): void {
    const { region, account } = SuiteStack.of(this);
    // In China some services name themselves by the suffix of the region, some by that of the world.
    const hosts = services.flatMap((service) => [
      `${service}.${region}.amazonaws.com`,
      `${service}.${region}.amazonaws.com.cn`,
    ]);
    const through = { StringEquals: { "kms:CallerAccount": account, "kms:ViaService": hosts } };
    this.addToResourcePolicy(
      new PolicyStatement({
        sid: "UseThroughServices",
        principals: [new AnyPrincipal()],
        actions: ["Encrypt", "Decrypt", "ReEncryptFrom", "ReEncryptTo", "GenerateDataKey", "DescribeKey"].map(
          (action) => `kms:${action}`,
        ),
        resources: ["*"],
        conditions: through,
      }),
    );
    this.addToResourcePolicy(
      new PolicyStatement({
        sid: "GrantToServices",
        principals: [new AnyPrincipal()],
        actions: ["kms:CreateGrant"],
        resources: ["*"],
        conditions: { ...through, Bool: { "kms:GrantIsForAWSResource": "true" } },
      }),
    );
  }
}
