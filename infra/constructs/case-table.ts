import { RemovalPolicy } from "aws-cdk-lib";
import {
  AttributeType,
  BillingMode,
  ProjectionType,
  StreamViewType,
  Table,
  TableEncryption,
} from "aws-cdk-lib/aws-dynamodb";
import type { IKey } from "aws-cdk-lib/aws-kms";
import { Construct } from "constructs";
import type { SuiteFunction } from "./suite-function.ts";
import { SuiteStack } from "./suite-stack.ts";

export type Index = "due" | "worklist" | "risk";
export type ItemAction = "GetItem" | "BatchGetItem" | "BatchWriteItem" | "PutItem" | "UpdateItem" | "Query";

/** Partition keys as policies see them; test/infra compares them with those the store writes. */
export const keyPatterns = {
  cases: "T#*#C#*",
  references: "T#*#R#*",
  /** Everything of tenants: their shops and feeds, and the two above. */
  tenants: "T#*",
  /** Which tenant a channel's shop belongs to. Whoever could write it could redirect a shop's cases. */
  shopBindings: "SHOP#*",
  /** Feeds of our app, which bring news of all its shops. */
  appFeeds: "APP#*",
  /** Keys of tenants' own warehouses, and the marks of what they have sent. */
  inbound: "INBOUND#*",
} as const;
export type Keys = keyof typeof keyPatterns;

const text = (name: string) => ({ name, type: AttributeType.STRING });

const leading = (keys: readonly Keys[]) => ({
  "ForAllValues:StringLike": { "dynamodb:LeadingKeys": keys.map((name) => keyPatterns[name]) },
});

/**
 * The one table. Its indexes hold keys alone: a case is saved far more often than it is listed, and an index that
 * copied it would bill every save again by the kilobyte. Who lists cases reads those of the page it shows.
 */
export class CaseTable extends Construct {
  readonly #table: Table;

  constructor(scope: Construct, id: string, { key }: { key: IKey }) {
    super(scope, id);
    this.#table = new Table(this, "Table", {
      partitionKey: text("pk"),
      sortKey: text("sk"),
      billingMode: BillingMode.PAY_PER_REQUEST,
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      stream: StreamViewType.NEW_AND_OLD_IMAGES,
      timeToLiveAttribute: "expiresAtSeconds",
      encryption: TableEncryption.CUSTOMER_MANAGED,
      encryptionKey: key,
      deletionProtection: SuiteStack.of(this).settings.deletionProtection,
      removalPolicy: RemovalPolicy.RETAIN,
    });
    for (const index of ["due", "worklist", "risk"] satisfies Index[]) {
      this.#table.addGlobalSecondaryIndex({
        indexName: index,
        partitionKey: text(`${index}Partition`),
        sortKey: text(`${index}At`),
        projectionType: ProjectionType.KEYS_ONLY,
      });
    }
  }

  get name(): string {
    return this.#table.tableName;
  }

  /** Never Scan: no function reads what it did not ask for by key. */
  usedBy(user: SuiteFunction, actions: ItemAction[], { keys }: { keys: Keys[] }): void {
    user.may(
      actions.map((action) => `dynamodb:${action}`),
      [this.#table.tableArn],
      leading(keys),
    );
  }

  queriedBy(user: SuiteFunction, index: Index, { keys }: { keys?: Keys[] } = {}): void {
    user.may(["dynamodb:Query"], [`${this.#table.tableArn}/index/${index}`], keys ? leading(keys) : {});
  }

  /** Lets `reader` follow the stream, and answers the stream's ARN. */
  followedBy(reader: SuiteFunction): string {
    const stream = this.#table.tableStreamArn;
    if (!stream) throw new Error("The table has no stream.");
    reader.may(["dynamodb:DescribeStream", "dynamodb:GetRecords", "dynamodb:GetShardIterator"], [stream]);
    // Lambda asks for this when it sets up the mapping; DynamoDB knows no resource to limit it to.
    reader.may(["dynamodb:ListStreams"], ["*"]);
    return stream;
  }
}
