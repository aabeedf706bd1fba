import { RemovalPolicy } from "aws-cdk-lib";
import {
  CfnEIP,
  FlowLogDestination,
  GatewayVpcEndpointAwsService,
  NatProvider,
  Peer,
  Port,
  SecurityGroup,
  SubnetType,
  Vpc,
} from "aws-cdk-lib/aws-ec2";
import { LogGroup, RetentionDays } from "aws-cdk-lib/aws-logs";
import { Construct } from "constructs";
import type { Outbound } from "./suite-function.ts";

/**
 * A private network whose calls leave from one constant address, for channels that allow-list their callers. One NAT
 * gateway: a second would be a second address to register at every channel. While its zone is down, calls wait in queues.
 */
export class FixedEgress extends Construct {
  readonly outbound: Outbound;
  readonly address: string;

  constructor(scope: Construct, id: string) {
    super(scope, id);
    const address = new CfnEIP(this, "Address", { domain: "vpc" });
    address.applyRemovalPolicy(RemovalPolicy.RETAIN);
    this.address = address.attrPublicIp;
    const vpc = new Vpc(this, "Network", {
      maxAzs: 2,
      natGateways: 1,
      natGatewayProvider: NatProvider.gateway({ eipAllocationIds: [address.attrAllocationId] }),
      subnetConfiguration: [
        { name: "door", subnetType: SubnetType.PUBLIC, cidrMask: 28, mapPublicIpOnLaunch: false },
        { name: "functions", subnetType: SubnetType.PRIVATE_WITH_EGRESS, cidrMask: 20 },
      ],
      restrictDefaultSecurityGroup: false,
      // Free ways to the table and the buckets, past the NAT gateway and its price per gigabyte.
      gatewayEndpoints: {
        Table: { service: GatewayVpcEndpointAwsService.DYNAMODB },
        Buckets: { service: GatewayVpcEndpointAwsService.S3 },
      },
    });
    vpc.addFlowLog("Flow", {
      destination: FlowLogDestination.toCloudWatchLogs(
        new LogGroup(this, "FlowLog", { retention: RetentionDays.ONE_MONTH, removalPolicy: RemovalPolicy.DESTROY }),
      ),
    });
    const securityGroup = new SecurityGroup(this, "Callers", {
      vpc,
      description: "Functions that call channels: out over TLS, nothing in",
      allowAllOutbound: false,
    });
    securityGroup.addEgressRule(Peer.anyIpv4(), Port.tcp(443), "Channels and AWS, over TLS");
    this.outbound = { vpc, securityGroup };
  }
}
