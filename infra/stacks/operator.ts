import { type App, CfnOutput, Duration, RemovalPolicy } from "aws-cdk-lib";
import { AccessLogFormat } from "aws-cdk-lib/aws-apigateway";
import { HttpApi, HttpMethod, HttpStage, LogGroupLogDestination } from "aws-cdk-lib/aws-apigatewayv2";
import { HttpJwtAuthorizer } from "aws-cdk-lib/aws-apigatewayv2-authorizers";
import { HttpLambdaIntegration } from "aws-cdk-lib/aws-apigatewayv2-integrations";
import { LogGroup, RetentionDays } from "aws-cdk-lib/aws-logs";
import { routeNames, routes } from "#shared/api/routes.ts";
import { excuseObjects } from "../constructs/excuse.ts";
import { OperatorPool } from "../constructs/operator-pool.ts";
import { SuiteFunction } from "../constructs/suite-function.ts";
import { SuiteStack } from "../constructs/suite-stack.ts";
import type { Settings } from "../settings.ts";
import type { DataStack } from "./data.ts";
import type { IntakeStack } from "./intake.ts";

/** A person clicks a few times a second; a script that lists everything has to wait now and then. */
const requestsPerSecond = 50;

/** Whether there is anybody to say who an operator is. AWS China has no Cognito user pools, so an issuer must be given. */
export function hasOperators({ oidcIssuer, region }: Settings): boolean {
  return oidcIssuer !== undefined || !region.startsWith("cn-");
}

/** The door for the merchant's people: every route wants a token, and the gateway checks it before any code of ours. */
export class OperatorStack extends SuiteStack {
  readonly api: HttpApi;

  constructor(app: App, id: string, settings: Settings, { data, intake }: { data: DataStack; intake: IntakeStack }) {
    super(app, id, settings, "Casebridge: the operators' API");
    const { table, evidence } = data;
    const operatorApi = new SuiteFunction(this, "operator-api", {
      description: "Answers the merchant's people, each in their tenant and role",
      timeout: Duration.seconds(25), // the gateway waits for 30
      memoryMiB: 512, // somebody is looking at the screen
      environment: {
        TABLE_NAME: table.name,
        TENANT_CLAIM: settings.tenantClaim,
        ROLE_CLAIM: settings.roleClaim,
        CONNECT_URL: `${intake.api.apiEndpoint}/connect`,
      },
    });
    table.usedBy(operatorApi, ["GetItem", "BatchGetItem", "Query", "PutItem", "UpdateItem"], { keys: ["tenants"] });
    table.queriedBy(operatorApi, "worklist", { keys: ["tenants"] });
    // What a case shows is opened by links that this function signs; they can do what it can.
    operatorApi.addEnvironment("EVIDENCE_BUCKET", evidence.bucketName);
    operatorApi.may(["s3:GetObject"], [evidence.arnForObjects("*")]);
    excuseObjects(operatorApi.executionRole, evidence, "*", "Which files people will open is not known beforehand.");

    this.api = new HttpApi(this, "Operators", {
      apiName: this.nameOf("operators"),
      createDefaultStage: false,
      defaultAuthorizer: this.authorizer(),
    });
    const integration = new HttpLambdaIntegration("OperatorApi", operatorApi);
    for (const name of routeNames) {
      const { path, method } = routes[name];
      this.api.addRoutes({ path, methods: [HttpMethod[method]], integration });
    }
    this.openStage();
    new CfnOutput(this, "OperatorUrl", { value: this.api.apiEndpoint, description: "CASEBRIDGE_URL of the CLI" });
  }

  /** Signature, issuer, audience and times are the gateway's to check; tenant and role are read by the function. */
  private authorizer(): HttpJwtAuthorizer {
    const { oidcIssuer, oidcAudience } = this.settings;
    if (oidcIssuer && oidcAudience) {
      return new HttpJwtAuthorizer("Issuer", oidcIssuer, { jwtAudience: [oidcAudience] });
    }
    const { pool, client } = new OperatorPool(this, "People");
    new CfnOutput(this, "OperatorPoolId", { value: pool.userPoolId, description: "Add the merchant's people here" });
    new CfnOutput(this, "OperatorClientId", { value: client.userPoolClientId, description: "For signing in" });
    return new HttpJwtAuthorizer("Issuer", pool.userPoolProviderUrl, { jwtAudience: [client.userPoolClientId] });
  }

  private openStage(): void {
    const accessLog = new LogGroup(this, "AccessLog", {
      logGroupName: `/casebridge/${this.settings.stage}/operators`,
      retention: RetentionDays.ONE_YEAR, // who looked at what is asked for long after
      removalPolicy: RemovalPolicy.RETAIN,
    });
    new HttpStage(this, "OperatorsStage", {
      httpApi: this.api,
      stageName: "$default",
      autoDeploy: true,
      throttle: { rateLimit: requestsPerSecond, burstLimit: requestsPerSecond * 2 },
      accessLogSettings: {
        destination: new LogGroupLogDestination(accessLog),
        // Who, what and how it ended. No query string: an order number is somebody's.
        format: AccessLogFormat.custom(
          JSON.stringify({
            requestId: "$context.requestId",
            at: "$context.requestTime",
            route: "$context.routeKey",
            path: "$context.path",
            person: "$context.authorizer.claims.sub",
            sourceIp: "$context.identity.sourceIp",
            status: "$context.status",
            responseBytes: "$context.responseLength",
            latencyMs: "$context.responseLatency",
            error: "$context.integrationErrorMessage",
            tokenError: "$context.authorizer.error",
          }),
        ),
      },
    });
  }
}
