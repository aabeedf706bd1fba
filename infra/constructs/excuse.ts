import { Stack, Validations } from "aws-cdk-lib";
import type { IBucket } from "aws-cdk-lib/aws-s3";
import type { IConstruct } from "constructs";

/** Excuses one cdk-nag finding on `part` and what is below it. Stands beside the thing it excuses, with the reason. */
export function excuse(part: IConstruct, finding: `AwsSolutions-${string}`, reason: string): void {
  Validations.of(part).acknowledge({ id: finding, reason });
}

/** As `excuse`, for rights on the objects of a bucket in another stack, which cdk-nag calls by the name of its export. */
export function excuseObjects(part: IConstruct, bucket: IBucket, objects: string, reason: string): void {
  const home = Stack.of(bucket);
  const { "Fn::ImportValue": name } = home.resolve(home.exportValue(bucket.bucketArn));
  excuse(part, `AwsSolutions-IAM5[Resource::${name}/${objects}]`, reason);
}
