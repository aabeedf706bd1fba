import { createHash } from "node:crypto";
import type { Json, JsonObject } from "./json.ts";

export const account = "000000000000";

export interface Place {
  stack: string;
  logicalId: string;
  region: string;
  gatewayUrl: string;
  /** Base URL of the HTTP API at `<stack>/<logical id>`. */
  apiUrl(path: string): string;
}

/** What `Ref` and `Fn::GetAtt` answer for one resource. */
export interface Identity {
  ref: string;
  attributes: Record<string, string>;
}

type Identify = (place: Place, properties: JsonObject) => Identity;

const nameOf = ({ stack, logicalId }: Place, given: Json | undefined) =>
  typeof given === "string" ? given : `${stack}-${logicalId}`.slice(0, 75);

const shortHash = (text: string) => createHash("sha256").update(text).digest("hex").slice(0, 10);

const named =
  (
    nameKey: string,
    arn: (place: Place, name: string) => string,
    extra: (place: Place, name: string) => Record<string, string> = () => ({}),
  ): Identify =>
  (place, properties) => {
    const name = nameOf(place, properties[nameKey]);
    return { ref: name, attributes: { Arn: arn(place, name), ...extra(place, name) } };
  };

const arnOf =
  (service: string, resource = "") =>
  (place: Place, name: string) =>
    `arn:aws:${service}:${place.region}:${account}:${resource}${name}`;

const table = named("TableName", arnOf("dynamodb", "table/"), (place, name) => ({
  StreamArn: `${arnOf("dynamodb", "table/")(place, name)}/stream/local`,
}));

const unnamed: Identify = (place) => ({ ref: `${place.stack}-${place.logicalId}`, attributes: {} });

/** Types this runtime runs, and how CloudFormation would name one. */
const run: Record<string, Identify> = {
  "AWS::DynamoDB::Table": table,
  "AWS::DynamoDB::GlobalTable": table,
  "AWS::SQS::Queue": (place, properties) => {
    const plain = nameOf(place, properties.QueueName);
    const name = properties.FifoQueue === true && !plain.endsWith(".fifo") ? `${plain}.fifo` : plain;
    const QueueUrl = `${place.gatewayUrl}/${account}/${name}`;
    return { ref: QueueUrl, attributes: { Arn: arnOf("sqs")(place, name), QueueName: name, QueueUrl } };
  },
  "AWS::S3::Bucket": (place, properties) => {
    const name = nameOf(place, properties.BucketName).toLowerCase().slice(0, 63);
    return { ref: name, attributes: { Arn: `arn:aws:s3:::${name}`, DomainName: `${name}.s3.amazonaws.com` } };
  },
  "AWS::Lambda::Function": named("FunctionName", arnOf("lambda", "function:")),
  "AWS::Lambda::Alias": (place, { FunctionName, Name }) => {
    const ref = `${arnOf("lambda", "function:")(place, String(FunctionName).split(":").at(-1) ?? "")}:${Name}`;
    return { ref, attributes: { AliasArn: ref } };
  },
  "AWS::Lambda::Version": (place, { FunctionName }) => {
    const ref = `${arnOf("lambda", "function:")(place, String(FunctionName).split(":").at(-1) ?? "")}:1`;
    return { ref, attributes: { FunctionArn: ref, Version: "1" } };
  },
  "AWS::Lambda::EventSourceMapping": unnamed,
  "AWS::Lambda::EventInvokeConfig": unnamed,
  "AWS::Events::EventBus": (place, properties) => {
    const name = nameOf(place, properties.Name);
    return { ref: name, attributes: { Arn: arnOf("events", "event-bus/")(place, name), Name: name } };
  },
  "AWS::Events::Rule": named("Name", arnOf("events", "rule/")),
  "AWS::Scheduler::Schedule": named("Name", arnOf("scheduler", "schedule/default/")),
  "AWS::ApiGatewayV2::Api": (place) => ({
    ref: shortHash(`${place.stack}/${place.logicalId}`),
    attributes: {
      ApiEndpoint: place.apiUrl(`${place.stack}/${place.logicalId}`),
      ApiId: shortHash(`${place.stack}/${place.logicalId}`),
    },
  }),
  "AWS::ApiGatewayV2::Integration": (place) => ({
    ref: shortHash(`${place.stack}/${place.logicalId}`),
    attributes: {},
  }),
  "AWS::ApiGatewayV2::Route": (place) => ({ ref: shortHash(`${place.stack}/${place.logicalId}`), attributes: {} }),
  "AWS::ApiGatewayV2::Stage": (_, { StageName }) => ({ ref: String(StageName), attributes: {} }),
  "AWS::ApiGatewayV2::Authorizer": (place) => ({ ref: shortHash(`${place.stack}/${place.logicalId}`), attributes: {} }),
  "AWS::KMS::Key": (place) => {
    const KeyId = shortHash(`${place.stack}/${place.logicalId}`);
    return { ref: KeyId, attributes: { KeyId, Arn: arnOf("kms", "key/")(place, KeyId) } };
  },
  "AWS::KMS::Alias": (_, { AliasName }) => ({ ref: String(AliasName), attributes: {} }),
  "AWS::SecretsManager::Secret": (place, properties) => {
    const name = nameOf(place, properties.Name);
    const Id = arnOf("secretsmanager", "secret:")(place, `${name}-${shortHash(name).slice(0, 6)}`);
    return { ref: Id, attributes: { Id, Arn: Id } };
  },
  "AWS::SNS::Topic": (place, properties) => {
    const name = nameOf(place, properties.TopicName);
    const TopicArn = arnOf("sns")(place, name);
    return { ref: TopicArn, attributes: { TopicArn, TopicName: name } };
  },
  "AWS::Logs::LogGroup": named("LogGroupName", (place, name) => `${arnOf("logs", "log-group:")(place, name)}:*`),
  // What is allowed is read as well, so that it can be refused here as it would be there.
  "AWS::IAM::Role": named("RoleName", (_, name) => `arn:aws:iam::${account}:role/${name}`),
  "AWS::IAM::Policy": unnamed,
  "AWS::SQS::QueuePolicy": unnamed,
  "AWS::S3::BucketPolicy": unnamed,
  "AWS::SNS::TopicPolicy": unnamed,
  "AWS::Events::EventBusPolicy": unnamed,
  "AWS::CloudWatch::Alarm": named("AlarmName", arnOf("cloudwatch", "alarm:")),
  "AWS::CloudWatch::CompositeAlarm": named("AlarmName", arnOf("cloudwatch", "alarm:")),
};

/** Types with nothing to run on one machine: networks, dashboards, retention, the CDK's own bookkeeping. */
const knownNotRun = [
  /^AWS::(IAM|Logs|CDK|Backup|EC2|WAFv2|CloudTrail|XRay|Budgets|Oam|RUM|Synthetics|Config|GuardDuty|Cognito|CloudFront)::/,
  /^AWS::CloudWatch::(Dashboard|InsightRule|AnomalyDetector)$/,
  /^AWS::SNS::Subscription$/,
  /^AWS::Lambda::(Permission|LayerVersion|CodeSigningConfig)$/,
  /^AWS::Events::Archive$/,
  /^AWS::Scheduler::ScheduleGroup$/,
  /^AWS::SecretsManager::(ResourcePolicy|RotationSchedule|SecretTargetAttachment)$/,
  /^AWS::ApiGatewayV2::(DomainName|ApiMapping)$/,
  /^AWS::(SSM::Parameter|ApplicationAutoScaling::.*|Chatbot::.*|ResourceGroups::.*|ServiceCatalogAppRegistry::.*)$/,
  /^(Custom::(S3AutoDeleteObjects|LogRetention|CrossRegionExport.*|AWSCDK.*)|AWS::CloudFormation::CustomResource)$/,
];

export const runs = (type: string) => type in run;

/**
 * How the resource is named on this machine. A type with nothing to run gets a plausible identity, because roles and
 * policies are referred to all over a template. An unknown type is refused, so that nothing is left out silently.
 */
export function identify(type: string, place: Place, properties: JsonObject): Identity {
  const known = run[type];
  if (known) return known(place, properties);
  if (!knownNotRun.some((pattern) => pattern.test(type))) {
    throw new Error(
      `${place.stack}/${place.logicalId} is a ${type}, which the local runtime neither runs nor knows to be harmless. ` +
        "Teach it in local/runtime/assembly/identity.ts.",
    );
  }
  const name = nameOf(place, properties.RoleName ?? properties.Name);
  const service = type.split("::")[1]?.toLowerCase() ?? "local";
  return { ref: name, attributes: { Arn: `arn:aws:${service}:${place.region}:${account}:${name}` } };
}
