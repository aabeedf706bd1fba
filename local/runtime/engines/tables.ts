import * as z from "zod";
import { flag, json, ofType, readProperties } from "../assembly/read-properties.ts";
import type { Resource } from "../assembly/resolve-template.ts";
import type { DynamoClient } from "./dynamo-client.ts";

const index = z.object({ IndexName: z.string(), KeySchema: json, Projection: json });
const table = z.object({
  AttributeDefinitions: json,
  KeySchema: z.array(z.object({ AttributeName: z.string(), KeyType: z.string() })),
  GlobalSecondaryIndexes: z.array(index).optional(),
  LocalSecondaryIndexes: z.array(index).optional(),
  StreamSpecification: z.object({ StreamViewType: z.string() }).optional(),
  TimeToLiveSpecification: z.object({ AttributeName: z.string().optional(), Enabled: flag }).optional(),
});

export interface LocalTable {
  name: string;
  arn: string;
  streamed: boolean;
  keys: readonly string[];
  /** Holds an item's end in epoch seconds, where the table has ends. */
  expiryAttribute: string | undefined;
}

/**
 * Creates the template's tables, each on demand. A table kept from an earlier run stays as it is. The engine is told of no
 * ends: it would live on the machine's time, and expiry.ts deletes by the local clock.
 */
export async function createTables(resources: readonly Resource[], dynamo: DynamoClient): Promise<LocalTable[]> {
  const tables: LocalTable[] = [];
  for (const resource of ofType(resources, "AWS::DynamoDB::Table", "AWS::DynamoDB::GlobalTable")) {
    const { TimeToLiveSpecification, StreamSpecification, ...properties } = readProperties(resource, table);
    tables.push({
      ...{ name: resource.ref, arn: resource.arn, streamed: StreamSpecification !== undefined },
      keys: properties.KeySchema.map(({ AttributeName }) => AttributeName),
      expiryAttribute: TimeToLiveSpecification?.Enabled ? TimeToLiveSpecification.AttributeName : undefined,
    });
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
  }
  return tables;
}
