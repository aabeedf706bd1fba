import { Duration, RemovalPolicy } from "aws-cdk-lib";
import type { ISecurityGroup, IVpc } from "aws-cdk-lib/aws-ec2";
import { PolicyStatement, Role, ServicePrincipal } from "aws-cdk-lib/aws-iam";
import {
  Architecture,
  Function as LambdaFunction,
  LoggingFormat,
  Runtime,
  SystemLogLevel,
  Tracing,
} from "aws-cdk-lib/aws-lambda";
import { LogGroup, RetentionDays } from "aws-cdk-lib/aws-logs";
import type { Construct } from "constructs";
import { metricNamespaceOf, metricNamespaceSetting } from "#shared/metrics.ts";
import { bundle } from "../bundling/bundle.ts";
import { excuse } from "./excuse.ts";
import { SuiteStack } from "./suite-stack.ts";

/** Where calls to channels leave from, when they must come from a constant address. */
export interface Outbound {
  vpc: IVpc;
  securityGroup: ISecurityGroup;
}

export interface SuiteFunctionProps {
  /** Its folder in functions/, where several functions are made of one and the name is another. */
  folder?: string;
  description: string;
  environment: Record<string, string>;
  timeout?: Duration;
  memoryMiB?: number;
  /** Set for functions that call channels. */
  outbound?: Outbound | undefined;
}

/**
 * One of our functions: `name` is its folder in functions/, unless the folder is given. Its role starts with its own log stream, its traces and
 * nothing else; stacks add single actions with `may`.
 */
export class SuiteFunction extends LambdaFunction {
  readonly timeoutLimit: Duration;
  /** The name in AWS, as plain text. */
  readonly plainName: string;
  readonly executionRole: Role;

  constructor(scope: Construct, name: string, props: SuiteFunctionProps) {
    const stack = SuiteStack.of(scope);
    const timeout = props.timeout ?? Duration.seconds(30);
    const logGroup = new LogGroup(scope, `${name}-log`, {
      logGroupName: `/casebridge/${stack.settings.stage}/${name}`,
      retention: RetentionDays.ONE_MONTH,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    const role = new Role(scope, `${name}-role`, { assumedBy: new ServicePrincipal("lambda.amazonaws.com") });
    super(scope, name, {
      functionName: stack.nameOf(name),
      description: props.description,
      runtime: Runtime.NODEJS_24_X,
      architecture: stack.settings.architecture === "arm64" ? Architecture.ARM_64 : Architecture.X86_64,
      handler: "index.handler",
      code: bundle(props.folder ?? name),
      memorySize: props.memoryMiB ?? 256,
      timeout,
      tracing: Tracing.ACTIVE,
      logGroup,
      // Lambda's own lines around each invocation would be most of what the logs cost; failures and timeouts stay.
      loggingFormat: LoggingFormat.JSON,
      systemLogLevelV2: SystemLogLevel.WARN,
      role,
      ...(props.outbound ? { vpc: props.outbound.vpc, securityGroups: [props.outbound.securityGroup] } : {}),
      environment: {
        [metricNamespaceSetting]: metricNamespaceOf(stack.settings.stage),
        ...props.environment,
      },
    });
    this.executionRole = role;
    this.timeoutLimit = timeout;
    this.plainName = stack.nameOf(name);
    this.may(["logs:CreateLogStream", "logs:PutLogEvents"], [logGroup.logGroupArn]);
    if (props.outbound) {
      // The network interfaces of a function in a VPC; replaces a managed policy that allows the same.
      this.may(
        ["CreateNetworkInterface", "DescribeNetworkInterfaces", "DescribeSubnets", "DeleteNetworkInterface"].map(
          (action) => `ec2:${action}`,
        ),
        ["*"],
      );
    }
    excuse(
      role,
      "AwsSolutions-IAM5[Resource::*]",
      "X-Ray segments, and network interfaces that do not exist yet, have no name that a policy could give.",
    );
  }

  /** Allows single actions on named resources. */
  may(actions: string[], resources: string[], conditions: Record<string, unknown> = {}): void {
    this.addToRolePolicy(new PolicyStatement({ actions, resources, conditions }));
  }
}
