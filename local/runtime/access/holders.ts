import * as z from "zod";
import { ofType, readProperties } from "../assembly/read-properties.ts";
import type { Resource } from "../assembly/resolve-template.ts";

const lambda = z.object({ Role: z.string().optional() });

/** The template's functions, each with the role in whose name it runs. */
export function functionsOf(resources: readonly Resource[]) {
  return ofType(resources, "AWS::Lambda::Function").map((resource) => ({
    ref: resource.ref,
    arn: resource.arn,
    roleArn: readProperties(resource, lambda).Role,
  }));
}

/** The function that has a role, by the role's ARN; undefined when none has it. */
export function holderNames(resources: readonly Resource[]): (roleArn: string) => string | undefined {
  const functions = functionsOf(resources);
  return (roleArn) => functions.find((each) => each.roleArn === roleArn)?.ref;
}
