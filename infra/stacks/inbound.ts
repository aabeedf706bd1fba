import { CfnOutput, Duration } from "aws-cdk-lib";
import { type HttpApi, HttpMethod } from "aws-cdk-lib/aws-apigatewayv2";
import { HttpLambdaIntegration } from "aws-cdk-lib/aws-apigatewayv2-integrations";
import { Construct } from "constructs";
import { excuse } from "../constructs/excuse.ts";
import { QueueWithDlq } from "../constructs/queue-with-dlq.ts";
import { SuiteFunction } from "../constructs/suite-function.ts";
import type { DataStack } from "./data.ts";

/** The door for merchants' own warehouses and finance, and the way from it to their cases. */
export class Inbound extends Construct {
  constructor(scope: Construct, id: string, { data, api }: { data: DataStack; api: HttpApi }) {
    super(scope, id);
    const { table, credentialsKey } = data;
    const applyWithin = Duration.seconds(30);
    const queue = new QueueWithDlq(this, "inbound", { fifo: true, handledWithin: applyWithin });

    const receiveInbound = new SuiteFunction(this, "receive-inbound", {
      description: "Checks what a merchant's own warehouse or finance reports and queues it for its case",
      timeout: Duration.seconds(10),
      environment: {
        TABLE_NAME: table.name,
        INBOUND_QUEUE_URL: queue.url,
        INBOUND_KEY_ID: credentialsKey.keyId,
      },
    });
    queue.takesFrom(receiveInbound);
    table.usedBy(receiveInbound, ["GetItem", "PutItem"], { keys: ["inbound"] });
    table.usedBy(receiveInbound, ["GetItem"], { keys: ["cases"] });
    table.usedBy(receiveInbound, ["Query"], { keys: ["references"] });
    inboundKeysFor(receiveInbound, ["kms:Decrypt"], data);
    const [route] = api.addRoutes({
      path: "/inbound/{tenantId}",
      methods: [HttpMethod.POST],
      integration: new HttpLambdaIntegration("ReceiveInbound", receiveInbound),
    });
    if (route) {
      excuse(
        route,
        "AwsSolutions-APIG4",
        "Senders prove themselves by an HMAC over time and raw bytes with a key of their tenant, which the function checks.",
      );
    }

    const applyInbound = new SuiteFunction(this, "apply-inbound", {
      description: "Writes what a merchant's own systems report onto the case",
      timeout: applyWithin,
      environment: { TABLE_NAME: table.name, INBOUND_QUEUE_URL: queue.url },
    });
    queue.feed(applyInbound, { batchSize: 10 });
    table.usedBy(applyInbound, ["GetItem"], { keys: ["tenants"] });
    table.usedBy(applyInbound, ["PutItem"], { keys: ["cases"] });

    // People: an operator invokes it by name, and hands the key on.
    const connectWarehouse = new SuiteFunction(this, "connect-warehouse", {
      description: "Gives a tenant's warehouse or finance a key to sign with",
      environment: { TABLE_NAME: table.name, INBOUND_KEY_ID: credentialsKey.keyId },
    });
    table.usedBy(connectWarehouse, ["GetItem", "PutItem"], { keys: ["inbound"] });
    inboundKeysFor(connectWarehouse, ["kms:GenerateDataKey"], data);
    new CfnOutput(this, "InboundUrl", {
      value: `${api.apiEndpoint}/inbound/`,
      description: "Add the tenant's id and give it to the merchant's warehouse",
    });
  }
}

/** Only what is sealed as an inbound key: these functions can open no shop's tokens. */
function inboundKeysFor(user: SuiteFunction, actions: string[], { credentialsKey }: DataStack): void {
  user.may(actions, [credentialsKey.keyArn], {
    StringEquals: { "kms:EncryptionContext:channel": "inbound" },
    "ForAllValues:StringEquals": { "kms:EncryptionContextKeys": ["tenantId", "channel", "shopId"] },
    Null: { "kms:EncryptionContext:tenantId": "false" },
  });
}
