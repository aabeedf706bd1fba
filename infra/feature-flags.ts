/**
 * How the CDK should behave where it keeps an older way by default. In code and not in cdk.json, so that the command
 * line, the tests and the local runtime get the same templates. Partitions stay references (`AWS::Partition`), and
 * references between stacks stay exports.
 */
export const featureFlags: Readonly<Record<string, unknown>> = {
  "@aws-cdk/core:validateAgainstDefaultRules": true,
  "@aws-cdk/core:defaultCrossStackReferences": "strong",
  "@aws-cdk/core:target-partitions": ["aws", "aws-cn"],
  "@aws-cdk/core:checkSecretUsage": true,
  "@aws-cdk/core:validateSnapshotRemovalPolicy": true,
  "@aws-cdk/core:aspectPrioritiesMutating": true,
  "@aws-cdk/aws-iam:minimizePolicies": true,
  "@aws-cdk/aws-kms:aliasNameRef": true,
  "@aws-cdk/aws-events:eventsTargetQueueSameAccount": true,
  "@aws-cdk/aws-events:requireEventBusPolicySid": true,
  "@aws-cdk/aws-s3:createDefaultLoggingPolicy": true,
  "@aws-cdk/aws-s3:serverAccessLogsUseBucketPolicy": true,
  "@aws-cdk/aws-s3:publicAccessBlockedByDefault": true,
  "@aws-cdk/aws-lambda:useCdkManagedLogGroup": true,
  "@aws-cdk/aws-apigateway:logGroupDestinationArnWithoutWildcard": true,
  "@aws-cdk/aws-apigateway:disableCloudWatchRole": true,
};
