import middy from "@middy/core";
import type { DynamoDBBatchResponse, DynamoDBRecord, DynamoDBStreamEvent } from "aws-lambda";
import { faultFields, log } from "../log.ts";
import { logFaults } from "./middleware.ts";

/** The way in from the table's stream, in order. The first record that fails is named; Lambda comes back from there. */
export function onStream(name: string, work: (record: DynamoDBRecord) => Promise<void>, failed: () => void) {
  return middy<DynamoDBStreamEvent, DynamoDBBatchResponse>()
    .use(logFaults(name))
    .handler(async (event: DynamoDBStreamEvent): Promise<DynamoDBBatchResponse> => {
      for (const record of event.Records) {
        try {
          await work(record);
        } catch (fault) {
          failed();
          const sequenceNumber = record.dynamodb?.SequenceNumber;
          log.error(`${name} failed on a record`, { sequenceNumber, ...faultFields(fault) });
          return { batchItemFailures: [{ itemIdentifier: sequenceNumber ?? "" }] };
        }
      }
      return { batchItemFailures: [] };
    });
}
