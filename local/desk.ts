import { DynamoDBClient, paginateScan } from "@aws-sdk/client-dynamodb";
import type { Case } from "#shared/case/case.ts";
import { channelSchema } from "#shared/case/channel.ts";
import { type CaseId, caseIdOf, channelCaseIdSchema, shopIdSchema, type TenantId } from "#shared/case/ids.ts";
import { createStore, type Store } from "#shared/store/index.ts";
import { caseOfItem } from "#shared/store/item.ts";
import type { LocalClock } from "./clock.ts";

/** A look into the running stack's table, for the board, the demo staff and the referee. */
export interface Desk {
  store: Store;
  /** Every case there is. Only for a machine's worth of cases. */
  allCases(): Promise<Case[]>;
  caseOf(tenantId: TenantId, of: { channel: string; shopId: string; channelCaseId: string }): Promise<Case | undefined>;
}

export function openDesk({
  gatewayUrl,
  tableName,
  clock,
}: {
  gatewayUrl: string;
  tableName: string;
  clock: Pick<LocalClock, "now">;
}): Desk {
  const client = new DynamoDBClient({
    endpoint: gatewayUrl,
    region: "us-east-1",
    credentials: { accessKeyId: "desk", secretAccessKey: "local" },
  });
  const store = createStore({ client, tableName, clock });
  return {
    store,
    async allCases() {
      const cases: Case[] = [];
      const scan = {
        TableName: tableName,
        FilterExpression: "entity = :case",
        ExpressionAttributeValues: { ":case": { S: "case" } },
      };
      for await (const { Items } of paginateScan({ client }, scan)) {
        cases.push(...(Items ?? []).map(caseOfItem).filter((each) => each !== undefined));
      }
      return cases;
    },
    caseOf: (tenantId, of) => store.cases.get(tenantId, caseIdIn(of)),
  };
}

export function caseIdIn(of: { channel: string; shopId: string; channelCaseId: string }): CaseId {
  return caseIdOf(
    channelSchema.parse(of.channel),
    shopIdSchema.parse(of.shopId),
    channelCaseIdSchema.parse(of.channelCaseId),
  );
}
