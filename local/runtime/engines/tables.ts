import * as z from "zod";
import { flag, json, ofType, readProperties } from "../assembly/read-properties.ts";
import type { Resource } from "../assembly/resolve-template.ts";
import type { DynamoClient } from "./dynamo-client.ts";

const index = z.object({ IndexName: z.string(), KeySchema: json, Projection: json });
const table = z.object({
  AttributeDefinitions: json,
  KeySchema: json,
  GlobalSecondaryIndexes: z.array(index).optional(),
  LocalSecondaryIndexes: z.array(index).optional(),
  StreamSpecification: z.object({ StreamViewType: z.string() }).optional(),
  TimeToLiveSpecification: z.object({ AttributeName: z.string().optional(), Enabled: flag }).optional(),
});

export interface LocalTable {
  name: string;
  arn: string;
  streamed: boolean;
}

/** Creates the template's tables, each on demand. A table kept from an earlier run stays as it is. */
export async function createTables(resources: readonly Resource[], dynamo: DynamoClient): Promise<LocalTable[]> {
  const tables: LocalTable[] = [];
  for (const resource of ofType(resources, "AWS::DynamoDB::Table", "AWS::DynamoDB::GlobalTable")) {
    const { TimeToLiveSpecification, StreamSpecification, ...properties } = readProperties(resource, table);
    tables.push({ name: resource.ref, arn: resource.arn, streamed: StreamSpecification !== undefined });
    try {
      await dynamo.call("DynamoDB_20120810.CreateTable", {
        ...properties,
        TableName: resource.ref,
        BillingMode: "PAY_PER_REQUEST",
        ...(StreamSpecification && {
          StreamSpecification: { StreamEnabled: true, StreamViewType: StreamSpecification.StreamViewType },
        }),
      });
    } catch (error) {
      if (error instanceof Error && error.message.startsWith("ResourceInUseException")) continue;
      throw new Error(`${resource.stack}/${resource.logicalId} cannot be created locally`, { cause: error });
    }
    if (TimeToLiveSpecification?.Enabled) {
      await dynamo.call("DynamoDB_20120810.UpdateTimeToLive", { TableName: resource.ref, TimeToLiveSpecification });
    }
  }
  return tables;
}
