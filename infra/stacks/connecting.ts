import { CfnOutput, Duration } from "aws-cdk-lib";
import { HttpMethod, HttpRoute, HttpRouteKey } from "aws-cdk-lib/aws-apigatewayv2";
import { HttpLambdaIntegration } from "aws-cdk-lib/aws-apigatewayv2-integrations";
import { Construct } from "constructs";
import { excuse } from "../constructs/excuse.ts";
import type { QueueWithDlq } from "../constructs/queue-with-dlq.ts";
import { SuiteFunction } from "../constructs/suite-function.ts";
import type { DataStack } from "./data.ts";
import type { IntakeStack } from "./intake.ts";

interface Parts {
  data: DataStack;
  intake: IntakeStack;
  resumes: QueueWithDlq;
}

/** The two ways to connect a shop: credentials by name, and the browser by OAuth. */
export class Connecting extends Construct {
  constructor(scope: Construct, id: string, { data, intake, resumes }: Parts) {
    super(scope, id);
    const environment = {
      ...data.channelEnvironment,
      NOTIFICATION_QUEUES: intake.notificationQueues,
      RESUMES_QUEUE_URL: resumes.url,
    };
    // People: an operator invokes it by name.
    const connectShop = new SuiteFunction(this, "connect-shop", {
      description: "Connects a shop to a tenant, with its credentials sealed",
      timeout: Duration.seconds(30),
      outbound: data.outbound,
      environment,
    });
    const authorizeShop = new SuiteFunction(this, "authorize-shop", {
      description: "Takes a merchant through a channel's consent in the browser and connects the shop",
      timeout: Duration.seconds(28), // the gateway waits for 30
      memoryMiB: 512, // somebody is looking at the screen
      outbound: data.outbound,
      environment: { ...environment, CONNECT_URL: `${intake.api.apiEndpoint}/connect` },
    });
    for (const connector of [connectShop, authorizeShop]) {
      data.shopsServedBy(connector, { named: "by tenant" });
      resumes.takesFrom(connector);
      data.table.usedBy(connector, ["UpdateItem"], { keys: ["shopBindings", "appFeeds"] });
    }

    const integration = new HttpLambdaIntegration("AuthorizeShop", authorizeShop);
    const routes = [
      HttpRouteKey.with("/connect/{channel}", HttpMethod.GET),
      HttpRouteKey.with("/connect/{channel}", HttpMethod.POST),
      HttpRouteKey.with("/connect/{channel}/callback", HttpMethod.GET),
      HttpRouteKey.with("/connect/{channel}/result", HttpMethod.GET),
    ];
    for (const routeKey of routes) {
      const route = new HttpRoute(this, routeKey.key, { httpApi: intake.api, routeKey, integration });
      excuse(
        route,
        "AwsSolutions-APIG4",
        "A merchant has no account with us: the link of an operator, then state and cookie prove the browser, in the function.",
      );
    }
    new CfnOutput(this, "RedirectUri", {
      value: `${intake.api.apiEndpoint}/connect/<channel>/callback`,
      description: "Register it at each channel's app, with the channel's name",
    });
  }
}
